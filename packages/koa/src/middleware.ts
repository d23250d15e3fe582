/** Answerback as Koa middleware: translation, and no decision. */

import type { DeliveryReceiver, Reply } from "@answerback/core";
import { followResponse, pathUnder, receive, splitTarget, toPrefix } from "@answerback/node";
import type { Context, Middleware } from "koa";
import { pathBelowRouter } from "./router.ts";

/** What {@link createKoaMiddleware} takes beside the receiver. */
export interface KoaMiddlewareOptions {
  /** A prefix below where it is mounted: `"/hooks/x"` has `/hooks/x` and `/hooks/x/…`. Default: everything. */
  readonly path?: string | undefined;
}

/**
 * Middleware for Koa 2.16 and 3, with koa-mount, @koa/router or `path`. Mounted by a route, what the route matched is
 * the mount. Put it before body parsers. What is not the provider's goes to the next middleware.
 *
 * @throws OptionError `missing` or `invalid` for what is no receiver; `unknown` for an option that there is not; `invalid`
 *   for options of another kind, and for a `path` without its leading slash.
 * @example
 * app.use(createKoaMiddleware(receiver, { path: "/hooks/postback" }));
 * app.use(mount("/upsales", createKoaMiddleware(receiver)));
 * router.post("/hooks/inbox", createKoaMiddleware(receiver));
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.15 any.15}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.18 any.18}
 */
export function createKoaMiddleware(
  receiver: DeliveryReceiver,
  options: KoaMiddlewareOptions = {},
): Middleware {
  const prefix = toPrefix("createKoaMiddleware", receiver, options);
  const middleware: Middleware = async (ctx, next) => {
    const { path, query } = splitTarget(ctx.url);
    const rest = pathUnder(prefix, prefix === "" ? pathBelowRouter(ctx, middleware, path) : path);
    const head = rest !== undefined && { path: rest, query, secure: ctx.secure, left: ctx.request };
    const reply = head && (await receive(receiver, ctx.req, head));
    if (!reply) return next();
    const body = asKoaTakesIt(reply.body);
    if (followResponse(ctx.res, reply, () => (ctx.body ?? "") === body)) respond(ctx, reply, body);
  };
  return middleware;
}

/** The headers come before the body: for one without a type Koa would guess, and its guess is taken away again. */
function respond(ctx: Context, reply: Reply, body: string | Buffer): void {
  ctx.status = reply.status;
  ctx.remove("content-type");
  ctx.set(reply.headers);
  const hasType = ctx.res.hasHeader("content-type");
  ctx.body = body;
  if (!hasType) ctx.remove("content-type");
}

/** Koa writes bytes that are no Buffer as JSON. */
function asKoaTakesIt(body: Reply["body"]): string | Buffer {
  return typeof body === "string" ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
