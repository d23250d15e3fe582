/** Writing a reply by Fastify's own, so that the app's hooks see it. */

import type { Reply } from "@answerback/core";
import { followResponse, writeReply } from "@answerback/node";
import type { FastifyReply, FastifyRequest } from "fastify";

/** The body that was handed to Fastify, and what the app's hooks made of it. */
interface Leaving {
  readonly body: Buffer;
  passed?: unknown;
}

type OnSend = (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
) => void;

/** `respond`, and the hook of its routes, which runs after the app's. */
export function createRespond(): { respond: (reply: FastifyReply, answer: Reply) => void; onSend: OnSend } {
  const leaving = new WeakMap<FastifyReply, Leaving>();
  return {
    respond: (reply, answer) => {
      // whoever has taken it over may not have written yet
      if (reply.sent) return answer.sent?.("not");
      const one: Leaving = { body: toBuffer(answer.body) };
      leaving.set(reply, one);
      if (followResponse(reply.raw, answer, () => one.passed === one.body)) send(reply, answer, one.body);
    },
    onSend: (_request, reply, payload, done) => {
      const one = leaving.get(reply);
      if (one) one.passed = payload;
      // Fastify has given a type to bytes that have none
      if (one?.body === payload && !reply.raw.hasHeader("content-type")) reply.removeHeader("content-type");
      done(null, payload);
    },
  };
}

/** Where Fastify cannot write it, say for a line break in a header, what can be written is. */
function send(reply: FastifyReply, answer: Reply, body: Buffer): void {
  try {
    setHead(reply, answer);
    reply.send(body);
  } catch {
    writeReply(reply.raw, answer);
  }
}

/**
 * On Node's response: it refuses at once what HTTP cannot carry, where Fastify would find out behind its hooks. And of
 * what Fastify writes, it remembers the length only where a header was set before.
 */
function setHead(reply: FastifyReply, { status, headers }: Reply): void {
  reply.code(status).removeHeader("content-type");
  reply.raw.setHeader("content-length", 0).removeHeader("content-length");
  for (const [name, value] of Object.entries(headers)) {
    reply.removeHeader(name); // one of the app's would win
    reply.raw.setHeader(name, value);
  }
}

/** Bytes, since Fastify adds a charset to the type of a text. */
function toBuffer(body: Reply["body"]): Buffer {
  return typeof body === "string"
    ? Buffer.from(body)
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
