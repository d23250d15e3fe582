/** Node's request and response, translated: what the inspector is asked, and how its reply is written. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { readBody, splitTarget, type Leftovers } from "@answerback/node";
import type { Asked, Reply } from "./server/plain.ts";

/** Where a request came in. */
export interface Arrived {
  readonly req: IncomingMessage;
  /** Below the mount. */
  readonly path: string;
  /** As it was sent. */
  readonly originalUrl: string;
  /** Where a body parser may have left its work. */
  readonly left: Leftovers;
}

/** The request as plain data. */
export function toAsked({ req, path, originalUrl, left }: Arrived): Asked {
  const { path: wholePath, query } = splitTarget(originalUrl);
  return {
    method: req.method ?? "GET",
    path,
    wholePath,
    query,
    headers: req.headers,
    remoteAddress: req.socket.remoteAddress,
    body: (limits) => readBody(req, limits, left),
  };
}

/** Writes a reply. Never throws: what HTTP cannot carry ends the connection. */
export function write(res: ServerResponse, { status, headers, body }: Reply): void {
  if (res.closed || res.headersSent) return discard(body);
  try {
    res.writeHead(status, headers);
  } catch {
    discard(body);
    return void res.destroy();
  }
  if (body instanceof Readable) pipeline(body, res, () => {});
  else res.end(body);
}

function discard(body: Reply["body"]): void {
  if (body instanceof Readable) body.destroy();
}
