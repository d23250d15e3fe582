/** Reading a request's body under a limit and a deadline, whoever was there before. */

import type { IncomingMessage } from "node:http";
import type { Body } from "@answerback/core";
import { getRawBody, type RawBodyError } from "raw-body";
import { hasArrived } from "./has-arrived.ts";
import { wasReset } from "./http2.ts";

/** What an upstream parser may have left on the request: Express and plain Node on `req`, Koa on `ctx.request`. */
export interface Leftovers {
  /** The bytes or the text as they travelled; taken before `body`. */
  readonly rawBody?: unknown;
  /** What the parser made of them: a value, a text or bytes. An empty object says that the parser passed it by. */
  readonly body?: unknown;
}

/** How much is read, and for how long. */
export interface Limits {
  /** The largest body: bytes. */
  readonly limit: number;
  /** How long the body may take to arrive: ms. */
  readonly withinMs: number;
}

const microtask = Promise.resolve();
const alreadyRead: Body = { kind: "already_read" };

/**
 * Reads the body, or takes it from what the stream's reader left behind. Never rejects, never hangs.
 *
 * @param left Where an upstream parser leaves its work. Looked at only when the stream was read.
 * @example
 * const body = await readBody(req, { limit: 1_048_576, withinMs: 10_000 }, req);
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.3 any.3} for the limits
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4} for a body that was read before
 */
export async function readBody(req: IncomingMessage, limits: Limits, left: Leftovers): Promise<Body> {
  if (Number(req.headers["content-length"]) > limits.limit) return { kind: "too_large" };
  // a body that came in one packet with its head is in the stream one microtask later
  if (req.readableFlowing === null) await microtask;
  if (wasReset(req)) return { kind: "aborted" };
  if (wasTaken(req)) return withinLimit(leftBehind(req, left), limits.limit);
  return hasArrived(req) ? takeAll(req) : readStream(req, limits);
}

/** The stream decides, not `req.body`: Express 4 sets `{}` for forms that nobody read (any.4). */
function wasTaken(req: IncomingMessage): boolean {
  return req.readableDidRead || req.readableEnded;
}

function leftBehind(req: IncomingMessage, left: Leftovers): Body {
  if (req.readableEnded && !req.readableDidRead) return { kind: "bytes", bytes: new Uint8Array() };
  try {
    return toBody(left.rawBody) ?? toBody(left.body) ?? alreadyRead;
  } catch {
    return alreadyRead; // some platforms parse in a getter that throws
  }
}

/** `undefined` for what says nothing of a body that had bytes; an empty `{}` is how parsers say "not mine". */
function toBody(value: unknown): Body | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string")
    return { kind: "bytes", bytes: Buffer.from(value), inflated: true, text: true };
  if (value instanceof Uint8Array)
    return value.length > 0 ? { kind: "bytes", bytes: value, inflated: true } : undefined;
  return isEmptyObject(value) ? undefined : { kind: "parsed", value };
}

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

function withinLimit(body: Body, limit: number): Body {
  return body.kind === "bytes" && body.bytes.length > limit ? { kind: "too_large" } : body;
}

/** It resumes the stream to let it end, as every stream does that was read. */
function takeAll(req: IncomingMessage): Body {
  const bytes: Buffer | null = req.read();
  req.resume();
  return { kind: "bytes", bytes: bytes ?? new Uint8Array() };
}

function readStream(req: IncomingMessage, { limit, withinMs }: Limits): Promise<Body> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: "timeout" }), withinMs).unref();
    getRawBody(req, { limit }, (error: RawBodyError | null, bytes) => {
      clearTimeout(timer);
      resolve(error ? { kind: whatWentWrong(error) } : { kind: "bytes", bytes });
    });
    req.resume(); // raw-body would wait for ever for a stream that somebody paused
  });
}

function whatWentWrong(error: RawBodyError): "too_large" | "already_read" | "aborted" {
  if (error.type === "entity.too.large") return "too_large";
  return error.type === "stream.encoding.set" ? "already_read" : "aborted";
}
