/** Ending the upload of a client that was refused before its body was read. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { constants } from "node:http2";
import { hasArrived } from "./has-arrived.ts";
import { isHttp2, streamOf } from "./http2.ts";

/** How much of a body that nobody wants is taken off the wire all the same: bytes. */
const discardedBytes = 64 * 1024;
const lingerMs = 1_000;

/**
 * Has the connection close after this response, so that the client stops uploading. The connection stays open where the
 * whole body that the request declared has arrived, at most 64 KiB: the client has nothing left to upload.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.3 any.3}
 */
export function endUpload(res: ServerResponse): void {
  const { req } = res;
  if (isHttp2(req)) return resetAfter(res);
  if (!hasConnection(req)) return;
  if (req.readableLength <= discardedBytes && hasArrived(req)) return; // Node discards what nobody read
  try {
    res.setHeader("connection", "close");
  } catch {
    // somebody in between lets nothing through: writeReply will see
  }
  lingerAfter(res);
}

/** Fastify's `inject`, in tests and on AWS Lambda, makes requests without a connection. */
function hasConnection({ socket }: IncomingMessage): boolean {
  return typeof socket.destroySoon === "function";
}

/**
 * Over HTTP/2 only this one request ends: behind the answer a frame tells the client to stop (RFC 9113, section 8.1). Node
 * sends it where nobody has read; else the client has used up its window meanwhile, and waits. Sent sooner it gets lost.
 */
function resetAfter(res: ServerResponse): void {
  if (!res.req.readableDidRead) return;
  const stream = streamOf(res.req);
  stream.once("finish", () => {
    setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), lingerMs).unref();
  });
}

/**
 * Discards at most 64 KiB more of the upload, says goodbye after the answer, and destroys the socket once the client
 * is through, at the latest a second later. A plain `Connection: close` would reset the connection under a client that
 * is still sending, and with it the answer.
 */
function lingerAfter(res: ServerResponse): void {
  const { req } = res;
  const { socket } = req;
  const destroySoon = socket.destroySoon.bind(socket);
  // what Node calls after the last response of a connection; this one half-closes and goes on reading
  socket.destroySoon = () => void socket.end();
  discard(req);
  res.once("close", () => {
    if (req.complete) return destroySoon();
    const timer = setTimeout(() => socket.destroy(), lingerMs).unref();
    req.once("close", () => {
      clearTimeout(timer);
      destroySoon();
    });
  });
}

/** Above the budget it stops reading rather than closing: a reset would overtake the answer. */
function discard(req: IncomingMessage): void {
  let budget = discardedBytes;
  req.on("data", (chunk: Uint8Array) => {
    budget -= chunk.length;
    if (budget <= 0) req.pause();
  });
  req.resume();
}
