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
  response: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
) => void;

/** `respond`, and the hook of its routes, which runs after the app's. */
export function createRespond(): { respond: (response: FastifyReply, reply: Reply) => void; onSend: OnSend } {
  const leaving = new WeakMap<FastifyReply, Leaving>();
  return {
    respond: (response, reply) => {
      // a hook that has taken the response over may not have written it yet
      if (response.sent) return reply.sent?.("not");
      const one: Leaving = { body: toBuffer(reply.body) };
      leaving.set(response, one);
      if (followResponse(response.raw, reply, () => one.passed === one.body)) send(response, reply, one.body);
    },
    onSend: (_request, response, payload, done) => {
      const one = leaving.get(response);
      if (one) one.passed = payload;
      // Fastify has given a type to bytes that have none
      if (one?.body === payload && !response.raw.hasHeader("content-type"))
        response.removeHeader("content-type");
      done(null, payload);
    },
  };
}

/** Where Fastify cannot write the reply, say for a line break in a header, `writeReply` writes what can be written. */
function send(response: FastifyReply, reply: Reply, body: Buffer): void {
  try {
    setHead(response, reply);
    response.send(body);
  } catch {
    writeReply(response.raw, reply);
  }
}

/**
 * The headers are set on Node's response, which refuses at once what HTTP cannot carry; Fastify would find out after its
 * hooks. One header is set before Fastify writes, since else Node would forget the length that Fastify gives.
 */
function setHead(response: FastifyReply, { status, headers }: Reply): void {
  response.code(status).removeHeader("content-type");
  response.raw.setHeader("content-length", 0).removeHeader("content-length");
  for (const [name, value] of Object.entries(headers)) {
    response.removeHeader(name); // one of the app's would win
    response.raw.setHeader(name, value);
  }
}

/** Bytes, since Fastify adds a charset to the type of a text. */
function toBuffer(body: Reply["body"]): Buffer {
  return typeof body === "string"
    ? Buffer.from(body)
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
