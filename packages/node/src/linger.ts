/** Closing a connection so that a client that is still uploading can read why. */

import type { ServerResponse } from "node:http";

const lingerBytes = 64 * 1024;
const lingerMs = 1_000;

/**
 * Has the connection close after this response: discards at most 64 KiB more of the upload, says goodbye after the
 * answer, and destroys the socket once the client is through, at the latest a second later. A plain
 * `Connection: close` would reset the connection under a client that is still sending, and with it the answer.
 *
 * @see any.3
 */
export function lingerAfter(res: ServerResponse): void {
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
function discard(req: ServerResponse["req"]): void {
  let budget = lingerBytes;
  req.on("data", (chunk: Uint8Array) => {
    budget -= chunk.length;
    if (budget <= 0) req.pause();
  });
  req.resume();
}
