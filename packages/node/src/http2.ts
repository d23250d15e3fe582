/** What requests of node:http2 do in another way, behind the face that node:http has. */

import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest, ServerHttp2Stream } from "node:http2";

/** Did the request come by HTTP/2? Then others share its socket, and nobody learns how much of its response was sent. */
export function isHttp2(req: IncomingMessage): boolean {
  return req.httpVersionMajor > 1;
}

/** The stream of a request that came by HTTP/2. */
export function streamOf(req: IncomingMessage): ServerHttp2Stream {
  return (req as unknown as Http2ServerRequest).stream;
}

/** Did the client break the request off? Its body ends then as a whole body does. */
export function wasReset(req: IncomingMessage): boolean {
  return isHttp2(req) && streamOf(req).rstCode !== 0;
}
