/** Answerback without a framework: a handler for `http.createServer`. */

import type { IncomingMessage, ServerResponse } from "node:http";
import {
  aPrefix,
  aReceiver,
  pathUnder,
  splitTarget,
  type DeliveryReceiver,
  type Reply,
} from "@answerback/core/adapter";
import { aFunction, readOptions, withDefault } from "@answerback/core/provider";
import { followResponse } from "./follow-response.ts";
import { receive } from "./receive.ts";
import { writeReply } from "./write-reply.ts";

/** What {@link createNodeHandler} takes beside the receiver. */
export interface NodeHandlerOptions {
  /** The prefix it answers under: `"/hooks/x"` has `/hooks/x` and `/hooks/x/…`. Default: everything. */
  readonly path?: string | undefined;
  /** Did the request arrive over TLS? Default: whether its socket is encrypted. Must not throw. */
  readonly secure?: ((req: IncomingMessage) => boolean) | undefined;
}

/** Answers every request, and never rejects. */
export type NodeHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/**
 * A handler for `http.createServer`. What is not the provider's is answered 405 when it is not a POST, else 404.
 *
 * @throws OptionError `missing` or `invalid` for what is no receiver; `unknown` for an option that there is not; `invalid`
 *   for options of another kind, and for a `path` without its leading slash.
 * @example
 * createServer(createNodeHandler(receiver, { path: "/hooks/postback" })).listen(3000);
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.15 any.15}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.18 any.18}
 */
export function createNodeHandler(receiver: DeliveryReceiver, options: NodeHandlerOptions = {}): NodeHandler {
  aReceiver("createNodeHandler: receiver", receiver);
  const { path: prefix, secure } = readOptions("createNodeHandler", options, {
    path: aPrefix,
    secure: withDefault(aFunction, overTls),
  });
  return async (req, res) => {
    const { path, query } = splitTarget(req.url ?? "/");
    const rest = pathUnder(prefix, path);
    const head = rest !== undefined && { path: rest, query, secure: secure(req) };
    const reply = (head && (await receive(receiver, req, head))) || notOurs(req);
    if (followResponse(res, reply)) writeReply(res, reply);
  };
}

function overTls(req: IncomingMessage): boolean {
  return "encrypted" in req.socket && req.socket.encrypted === true;
}

function notOurs(req: IncomingMessage): Reply {
  const close = !req.complete;
  if (req.method === "POST") return { status: 404, headers: {}, body: "", close };
  return { status: 405, headers: { allow: "POST" }, body: "", close };
}
