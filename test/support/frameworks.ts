/** Every framework that Answerback runs on, behind one way to mount a receiver: the table of the suites. */

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import formbody from "@fastify/formbody";
import { bodyParser } from "@koa/bodyparser";
import { Router } from "@koa/router";
import type { DeliveryReceiver } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import { createFastifyPlugin } from "@answerback/fastify";
import { createKoaMiddleware } from "@answerback/koa";
import { createNodeHandler, type NodeHandler } from "@answerback/node";
import express5, { type Express } from "express";
import express4 from "express-4";
import fastify from "fastify";
import Koa3 from "koa";
import Koa2 from "koa-2";
import mount from "koa-mount";
import { mountHono } from "./hono.ts";
import { hasGateway, overHttp2 } from "./over-http2.ts";

/** How a receiver is mounted, and what the app does around it. */
export interface MountOptions {
  /** Where the framework mounts it: `app.use(at, …)`, koa-mount, Fastify's `prefix`; for node:http its own `path`. */
  readonly at?: string;
  /** Mounted by a route for POST instead: `app.post(at, …)`, `router.post(at, …)`. */
  readonly by?: "route";
  /** The adapter's own `path` option. */
  readonly path?: string;
  /** The framework's usual body parser comes first. */
  readonly parser?: boolean;
  /** A step of the app before the adapter. `left` is where the framework's parsers leave their work. */
  readonly before?: Before;
  /** The app believes `X-Forwarded-Proto`. */
  readonly trustProxy?: boolean;
}

/** A step of an app, without its framework. */
export type Before = (req: IncomingMessage, res: ServerResponse, left: Left) => Promise<void> | void;

/** The object that body parsers write to: `req`, Koa's `ctx.request`, or Fastify's `request`. */
export interface Left {
  body?: unknown;
  rawBody?: unknown;
}

/** One row of the table. */
export interface Framework {
  readonly name:
    "Express 4" | "Express 5" | "Koa 2" | "Koa 3" | "Fastify 5" | "node:http" | "Koa 3, HTTP/2" | "fetch";
  /** Does it know how far its replies go? (any.52) */
  readonly tellsSent: boolean;
  /** What is answered to what is not the provider's: the app's 404, or 405 where there is no app. */
  readonly notOurs: 404 | 405;
  /**
   * Does it get a `Request`? Then what is asked for here is not to be had: Node's stream and what parsers leave beside it, headers
   * and targets as they were sent, a route as the mount, the end of an upload, a word of when a reply has gone. The README says so.
   */
  readonly takesRequest?: true;
  /** An app with the receiver in it, for `http.createServer`. */
  readonly mount: (receiver: DeliveryReceiver, options?: MountOptions) => RequestListener;
}

const usual = { tellsSent: true, notOurs: 404 } as const;

const http2: Framework = {
  ...usual,
  name: "Koa 3, HTTP/2",
  tellsSent: false,
  mount: (...given) => overHttp2(mountKoa(Koa3, ...given)),
};

/** The table, for `describe.each`. */
export const frameworks: readonly Framework[] = [
  { ...usual, name: "Express 4", mount: (...given) => mountExpress(express4, ...given) },
  { ...usual, name: "Express 5", mount: (...given) => mountExpress(express5, ...given) },
  { ...usual, name: "Koa 2", mount: (...given) => mountKoa(Koa2, ...given) },
  { ...usual, name: "Koa 3", mount: (...given) => mountKoa(Koa3, ...given) },
  { ...usual, name: "Fastify 5", mount: mountFastify },
  { ...usual, name: "node:http", notOurs: 405, mount: mountNode },
  ...(hasGateway ? [http2] : []),
  { ...usual, name: "fetch", tellsSent: false, takesRequest: true, mount: mountHono },
];

/** Those that have the connection in hand: they know how far their replies go, so that a callback goes inline, and end uploads. */
export const following = frameworks.filter(({ tellsSent }) => tellsSent);

/** A row of the table, for suites in which one framework is enough. */
export function frameworkNamed(name: Framework["name"]): Framework {
  return frameworks.find((one) => one.name === name)!;
}

/** Does a path come to the adapter? Fastify's router answers 400 by itself where one is not percent-encoded UTF-8. */
export function takesPath({ name }: Pick<Framework, "name">, path: string): boolean {
  try {
    return name !== "Fastify 5" || decodeURI(path) !== "";
  } catch {
    return false;
  }
}

/** Does it come as it was sent? A `Request` has the dot segments of its path taken out, and what no URL has encoded. */
export function keepsPath({ takesRequest }: Framework, path: string): boolean {
  return !takesRequest || new URL(`http://test/x${path}`).href === `http://test/x${path}`;
}

function mountExpress(
  express: typeof express5,
  receiver: DeliveryReceiver,
  options: MountOptions = {},
): Express {
  const { at = "/", by, parser, before, trustProxy = false } = options;
  const app = express();
  app.set("trust proxy", trustProxy);
  if (parser) app.use(express.json(), express.urlencoded({ extended: false }));
  if (before) {
    app.use(async (req, res, next) => {
      await before(req, res, req);
      next();
    });
  }
  const middleware = createExpressMiddleware(receiver, adapterOptions(options));
  if (by === "route") app.post(at, middleware);
  else app.use(at, middleware);
  return app;
}

function mountKoa(Koa: typeof Koa3, receiver: DeliveryReceiver, options: MountOptions = {}): RequestListener {
  const { at = "/", by, parser, before, trustProxy = false } = options;
  const app = new Koa();
  app.silent = true;
  app.proxy = trustProxy;
  if (parser) app.use(bodyParser());
  if (before) {
    app.use(async (ctx, next) => {
      await before(ctx.req, ctx.res, ctx.request);
      await next();
    });
  }
  const middleware = createKoaMiddleware(receiver, adapterOptions(options));
  if (by === "route") app.use(new Router().post(at, middleware).routes());
  else app.use(mount(at, middleware));
  const listener = app.callback();
  return (req, res) => void listener(req, res);
}

/** An app that `http.createServer` stands before, so it makes itself ready at the first request. */
function mountFastify(receiver: DeliveryReceiver, options: MountOptions = {}): RequestListener {
  const { at = "/", parser, before, trustProxy = false } = options;
  const app = fastify({ trustProxy, pluginTimeout: 0 });
  if (parser) app.register(formbody); // it reads JSON by itself
  if (before) app.addHook("onRequest", async (request, reply) => before(request.raw, reply.raw, request));
  app.register(createFastifyPlugin(receiver, adapterOptions(options)), { prefix: at.replace(/\/$/, "") });
  const ready = app.ready();
  return (req, res) => void ready.then(() => app.routing(req, res));
}

function mountNode(receiver: DeliveryReceiver, options: MountOptions = {}): RequestListener {
  const { at = "", path = "", parser, before, trustProxy } = options;
  const handler = createNodeHandler(receiver, {
    path: at.replace(/\/$/, "") + path,
    ...(trustProxy && { secure: (req) => req.headers["x-forwarded-proto"] === "https" }),
  });
  const app: NodeHandler = async (req, res) => {
    if (parser) await parse(req, req);
    await before?.(req, res, req);
    await handler(req, res);
  };
  return (req, res) => void app(req, res);
}

function adapterOptions({ path }: MountOptions): { path?: string } {
  return path === undefined ? {} : { path };
}

/** What platforms on bare node:http do for their users: `req.body`. */
async function parse(req: IncomingMessage, left: Left): Promise<void> {
  let text = "";
  for await (const chunk of req) text += String(chunk);
  if (req.headers["content-type"] === "application/json") left.body = JSON.parse(text);
  else if (text) left.body = Object.fromEntries(new URLSearchParams(text));
}
