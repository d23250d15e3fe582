/** Writing a reply on a Node response. */

import { validateHeaderValue, type ServerResponse } from "node:http";
import { failed, type Reply } from "@answerback/core/adapter";
import { contentLength } from "./follow-response.ts";

/**
 * Writes a reply; Node leaves the body out for HEAD and 204. A reply that HTTP cannot carry, say with a line break in
 * a header, becomes a 500; where somebody upstream throws at that too, the connection ends. Never throws.
 *
 * @example
 * if (followResponse(res, reply)) writeReply(res, reply);
 */
export function writeReply(res: ServerResponse, reply: Reply): void {
  for (const one of [reply, failed]) {
    try {
      return write(res, one);
    } catch {
      // the next one may pass
    }
  }
  res.destroy(); // somebody in between lets nothing through
}

function write(res: ServerResponse, reply: Reply): void {
  const length = contentLength(reply);
  res.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers)) {
    validateHeaderValue(name, value); // HTTP/2 would leave out what it cannot carry, without a word
    res.setHeader(name, value);
  }
  if (length !== undefined) res.setHeader("content-length", length);
  res.end(reply.body);
}
