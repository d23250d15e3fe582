/** Answerback as Express middleware: translation, and no decision. */

import type { DeliveryReceiver } from "@answerback/core";
import { followResponse, pathUnder, receive, splitTarget, toPrefix, writeReply } from "@answerback/node";
import type { Request, RequestHandler } from "express";

/** What {@link createExpressMiddleware} takes beside the receiver. */
export interface ExpressMiddlewareOptions {
  /** A prefix below where it is mounted: `"/hooks/x"` has `/hooks/x` and `/hooks/x/…`. Default: everything. */
  readonly path?: string | undefined;
}

/**
 * Middleware for Express 4.21 and 5. Mounted with `app.use` it has all that is below; mounted by a route, what the
 * route matched is the mount. Put it before body parsers. What is not the provider's goes to the next middleware.
 *
 * @throws OptionError `missing` or `invalid` for what is no receiver; `unknown` for an option that there is not; `invalid`
 *   for options of another kind, and for a `path` without its leading slash.
 * @example
 * app.use("/upsales", createExpressMiddleware(receiver));
 * app.post("/hooks/postback", createExpressMiddleware(receiver));
 * app.use(createExpressMiddleware(receiver, { path: "/hooks/inbox" }));
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.15 any.15}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.18 any.18}
 */
export function createExpressMiddleware(
  receiver: DeliveryReceiver,
  options: ExpressMiddlewareOptions = {},
): RequestHandler {
  const prefix = toPrefix("createExpressMiddleware", receiver, options);
  const middleware: RequestHandler = async (req, res, next) => {
    const { path, query } = splitTarget(urlUnderMount(req));
    const rest = prefix === "" && isInRoute(req, middleware) ? "/" : pathUnder(prefix, path);
    const head = rest !== undefined && { path: rest, query, secure: req.secure };
    const reply = head && (await receive(receiver, req, head));
    if (!reply) next();
    else if (followResponse(res, reply)) writeReply(res, reply);
  };
  return middleware;
}

/** Express 4 swallows a slash that is doubled at the mount, and a URL secret is compared as sent (any.14). */
function urlUnderMount({ url, baseUrl, originalUrl }: Request): string {
  return originalUrl === `${baseUrl}/${url}` ? `/${url}` : url;
}

/** Express leaves `req.route` behind when it goes on to an `app.use`, so that alone says nothing. */
function isInRoute(req: Request, middleware: RequestHandler): boolean {
  const stack: { handle: unknown }[] | undefined = req.route?.stack;
  return stack?.some((layer) => layer.handle === middleware) ?? false;
}
