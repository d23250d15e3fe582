/** The adapter for Request and Response as most people use it: in a Hono app, on Node. */

import type { RequestListener } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { DeliveryReceiver } from "@answerback/core";
import { createFetchHandler, type FetchHost } from "@answerback/fetch";
import { followResponse } from "@answerback/node";
import { Hono, type MiddlewareHandler } from "hono";
import type { MountOptions } from "./frameworks.ts";

type Env = { Bindings: HttpBindings };

/** How the receiver is mounted in Hono, beside what holds for every framework. */
export interface HonoOptions extends MountOptions {
  /** The app follows its replies on the responses of Node that carry them. */
  readonly following?: boolean;
  /** Middleware of Hono's in front. */
  readonly around?: MiddlewareHandler;
}

/** A Hono app with the receiver in it, on a server of Node's. */
export function mountHono(receiver: DeliveryReceiver, options: HonoOptions = {}): RequestListener {
  const { at = "", path = "", parser, before, trustProxy, following, around } = options;
  const app = new Hono<Env>();
  if (around) app.use(around);
  if (parser) {
    app.use(async (c, next) => {
      if (c.req.header("content-type") === "application/json") await c.req.json();
      else await c.req.parseBody();
      await next();
    });
  }
  if (before) {
    app.use(async (c, next) => {
      await before(c.env.incoming, c.env.outgoing as never, c.env.incoming);
      await next();
    });
  }
  const handle = createFetchHandler(receiver, {
    path: at.replace(/\/$/, "") + path,
    ...(trustProxy && { secure: ({ headers }) => headers.get("x-forwarded-proto") === "https" }),
  });
  app.use(async (c, next) => {
    const host: FetchHost = following
      ? { follow: (reply) => followResponse(c.env.outgoing as never, reply) }
      : {};
    return (await handle(c.req, host)) ?? next();
  });
  const listener = getRequestListener(app.fetch);
  return (req, res) => void listener(req, res);
}
