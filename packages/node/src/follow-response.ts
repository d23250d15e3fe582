/** Following a response to its end, to say how far a reply went. */

import type { ServerResponse } from "node:http";
import type { Reply, Sent } from "@answerback/core";
import { endUpload } from "./end-upload.ts";

/**
 * Does all that a reply asks for besides being written; call it right before that. It tells `reply.sent` once, destroys
 * what is not finished within `reply.finishWithinMs`, and for `reply.close` ends the upload, and with it the connection,
 * unless the whole body has arrived (any.3). `false`: the client is gone or somebody else has answered, so write nothing.
 *
 * @param ours For frameworks that write later: is the body about to go out, or gone, still the reply's?
 * @example
 * const reply = await receive(receiver, req, head);
 * if (reply && followResponse(res, reply)) writeReply(res, reply);
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.3 any.3}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.20 any.20}
 */
export function followResponse(res: ServerResponse, reply: Reply, ours: () => boolean = always): boolean {
  if (res.closed || res.req.socket.destroyed || res.headersSent) {
    reply.sent?.("not");
    return false;
  }
  if (reply.sent || reply.finishWithinMs !== undefined) {
    rememberHeaders(res);
    watch(res, reply, ours);
  }
  if (reply.close) endUpload(res);
  return true;
}

const always = (): boolean => true;

function watch(res: ServerResponse, reply: Reply, ours: () => boolean): void {
  const { socket } = res.req;
  const timer = destroyAfter(res, reply.finishWithinMs);
  let finished = false;
  let isTold = false;
  const onClose = (): void => {
    if (isTold) return;
    isTold = true;
    socket.off("close", onClose);
    clearTimeout(timer);
    reply.sent?.(howFar(res, reply, finished && ours()));
  };
  // Node 22 says finish, and `writableFinished`, of a response that its dying socket dropped
  res.once("finish", () => (finished = !socket.destroyed));
  res.once("close", onClose);
  // on Node 22 a pipelined response that waits for its turn does not close when the connection does
  if (!res.socket) socket.once("close", onClose);
}

/** Node forgets what `writeHead` was given where no header was set before, as frameworks do that write all at once. */
function rememberHeaders(res: ServerResponse): void {
  if (res.getHeaderNames().length > 0) return;
  try {
    res.setHeader("x-remember", "");
    res.removeHeader("x-remember");
  } catch {
    // somebody in between lets nothing through: writeReply will see
  }
}

function destroyAfter(res: ServerResponse, ms: number | undefined): NodeJS.Timeout | undefined {
  if (ms === undefined) return undefined;
  return setTimeout(() => res.req.socket.destroy(), ms).unref();
}

function howFar(res: ServerResponse, reply: Reply, complete: boolean): Sent {
  if (!res.headersSent || res.statusCode !== reply.status) return "not";
  return complete && asLongAsOurs(res, reply) ? "fully" : "perhaps";
}

/** A body that was compressed or rewritten on its way has another encoding, or another length, or none. */
function asLongAsOurs(res: ServerResponse, reply: Reply): boolean {
  if (res.getHeader("content-encoding") !== reply.headers["content-encoding"]) return false;
  const length = contentLength(reply);
  return length === undefined || Number(res.getHeader("content-length")) === length;
}

/** The bytes of a reply's body on the wire; `undefined` for a status that has none. */
export function contentLength({ status, body }: Reply): number | undefined {
  return status === 204 || status === 304 ? undefined : Buffer.byteLength(body);
}
