/** Reading a request's body under a limit and a deadline, whoever was there before. */

import type { Body } from "@answerback/core/adapter";
import { rawOf, type FetchRequest } from "./request.ts";

const nothing: Body = { kind: "bytes", bytes: new Uint8Array() };
const alreadyRead: Body = { kind: "already_read" };

/**
 * Reads the body, or asks who has read it for the bytes. Never rejects, never hangs.
 *
 * @param limit The largest body: bytes.
 * @param withinMs How long the body may take to arrive: ms.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.3 any.3} for the limits
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4} for a body that was read before
 */
export async function readBody(given: FetchRequest, limit: number, withinMs: number): Promise<Body> {
  const { promise: deadline, resolve } = Promise.withResolvers<"timeout">();
  const timer = setTimeout(() => resolve("timeout"), withinMs);
  try {
    return await read(given, limit, deadline);
  } catch {
    return alreadyRead;
  } finally {
    clearTimeout(timer);
  }
}

/** A body is not longer than it was declared, nor shorter, where nobody has been there before. */
async function read(given: FetchRequest, limit: number, deadline: Promise<"timeout">): Promise<Body> {
  const request = rawOf(given);
  const declared = Number(request.headers.get("content-length"));
  if (declared > limit) return { kind: "too_large" };
  if (request.bodyUsed || request.body?.locked) {
    const kept = await Promise.race([given.arrayBuffer(), deadline]);
    if (kept === "timeout") return { kind: kept };
    // Hono makes multipart of a form that somebody has read by formData()
    if (declared > 0 && kept.byteLength > declared) return alreadyRead;
    return kept.byteLength > limit ? { kind: "too_large" } : { kind: "bytes", bytes: new Uint8Array(kept) };
  }
  const body = request.body ? await readStream(request.body, limit, deadline) : nothing;
  // below a Request that a Node server made, somebody may have read a part of the body, which the Request does not show
  return body.kind === "bytes" && body.bytes.length < declared ? alreadyRead : body;
}

/** Whatever ends it early gives the rest of the stream up. Rejects where its chunks are no bytes. */
async function readStream(
  stream: ReadableStream<Uint8Array>,
  limit: number,
  deadline: Promise<"timeout">,
): Promise<Body> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read().catch(() => "aborted" as const), deadline]);
      if (typeof next === "string") return { kind: next };
      if (next.done) return { kind: "bytes", bytes: Buffer.concat(chunks) };
      chunks.push(next.value);
      length += next.value.length;
      if (length > limit) return { kind: "too_large" };
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
