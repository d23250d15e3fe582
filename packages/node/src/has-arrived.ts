/** Whether a request's body is there already, so that nobody has to wait for it. */

import type { IncomingMessage } from "node:http";

/**
 * Has the whole body arrived that the head declared, with nobody reading it yet? Then `req.read()` returns all of it.
 * A body that came in one packet with its head has arrived one microtask after the request was handed out. A body in
 * chunks declares no length, so it has never arrived in this sense.
 */
export function hasArrived(req: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": coding } = req.headers;
  const isUntouched = req.readable && req.readableFlowing === null && req.readableEncoding === null;
  return isUntouched && coding === undefined && req.readableLength === Number(length);
}
