/** Reading a request's body under a limit and a deadline, whoever was there before. */

import type { Body } from "@answerback/core/adapter";
import { rawOf, type FetchRequest } from "./request.ts";

/** How much is read, and for how long. */
export interface Limits {
  /** The largest body: bytes. */
  readonly limit: number;
  /** How long the body may take to arrive: ms. */
  readonly withinMs: number;
}

/**
 * Reads the body, or asks who has read it for the bytes. Never rejects, never hangs.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.3 any.3} for the limits
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4} for a body that was read before
 */
export async function readBody(given: FetchRequest, limits: Limits): Promise<Body> {
  const request = rawOf(given);
  const declared = Number(request.headers.get("content-length"));
  if (declared > limits.limit) return { kind: "too_large" };
  if (request.bodyUsed || request.body?.locked) return reread(given, limits, declared);
  const body: Body = request.body ? await readStream(request.body, limits) : nothing;
  // somebody has read it where no Request shows it: below one that a Node server made
  return declared > 0 && body.kind === "bytes" && body.bytes.length === 0 ? { kind: "already_read" } : body;
}

const nothing: Body = { kind: "bytes", bytes: new Uint8Array() };

/** Longer than it was declared is none that travelled: Hono makes multipart of a form that was read by `formData()`. */
async function reread(given: FetchRequest, { limit, withinMs }: Limits, declared: number): Promise<Body> {
  const deadline = startDeadline(withinMs);
  try {
    const kept = await Promise.race([given.arrayBuffer(), deadline.passed]);
    if (kept === undefined) return { kind: "timeout" };
    if (declared > 0 && kept.byteLength > declared) return { kind: "already_read" };
    return kept.byteLength > limit ? { kind: "too_large" } : { kind: "bytes", bytes: new Uint8Array(kept) };
  } catch {
    return { kind: "already_read" };
  } finally {
    deadline.end();
  }
}

/** Whatever ends it early gives the rest of the stream up. */
async function readStream(stream: ReadableStream<Uint8Array>, { limit, withinMs }: Limits): Promise<Body> {
  const reader = stream.getReader();
  const deadline = startDeadline(withinMs);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), deadline.passed]);
      if (next === undefined) return { kind: "timeout" };
      if (next.done) return { kind: "bytes", bytes: Buffer.concat(chunks, length) };
      chunks.push(next.value);
      length += next.value.length;
      if (length > limit) return { kind: "too_large" };
    }
  } catch {
    return { kind: "aborted" };
  } finally {
    deadline.end();
    reader.cancel().catch(() => {});
  }
}

function startDeadline(ms: number): { readonly passed: Promise<undefined>; readonly end: () => void } {
  const { promise: passed, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  return { passed, end: () => clearTimeout(timer) };
}
