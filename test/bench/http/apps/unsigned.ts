/** The servers that check Basic credentials: ours, what people write, and the floor. */
import type { IncomingMessage, RequestListener } from "node:http";
import { bodyParser } from "@koa/bodyparser";
import { createExpressMiddleware } from "@answerback/express";
import { createKoaMiddleware } from "@answerback/koa";
import { createNodeHandler } from "@answerback/node";
import express from "express";
import fastify from "fastify";
import Koa from "koa";
import { answerTo, answerToLater, bytesOf, isAuthorized, type Answer } from "../../work/by-hand.ts";
import { path, type Format } from "../../work/deliveries.ts";
import { createFloor, type Said } from "../../work/floor.ts";
import { receiverOf } from "../../work/ours.ts";
import type { App } from "../app.ts";
import { hook, serve, write } from "./hook.ts";

const bare: App = (format) => serve((req) => hook(format, req));

/** `bare again` is `bare`: how far the two are apart is how fine the measurement is. */
export const apps = {
  bare,
  "bare again": bare,
  "floor on node:http": (format) => serve(floorOf(format)),
  "answerback on node:http": (format) => {
    const handler = createNodeHandler(receiverOf(format), { path });
    return (req, res) => void handler(req, res);
  },
  "fastify 5": onFastify,
  "hook on express 5": (format) =>
    express().use(path, async (req, res) => write(res, await hook(format, req))),
  "floor on express 5": (format) => {
    const floor = floorOf(format);
    return express().use(path, async (req, res) => write(res, await floor(req)));
  },
  "answerback on express 5": (format) => express().use(path, createExpressMiddleware(receiverOf(format))),
  "express 5 with its parser": onParsedExpress,
  "answerback on express 5, async handler": (format) =>
    express().use(path, createExpressMiddleware(receiverOf(format, { awaits: true }))),
  "express 5 with its parser, async handler": onParsedExpressLater,
  "hook on koa 3": (format) =>
    onKoa(async (ctx, next) => {
      if (ctx.method !== "POST" || ctx.path !== path) return next();
      const { status, text } = await hook(format, ctx.req);
      ctx.status = status;
      ctx.type = "json";
      ctx.body = text;
    }),
  "answerback on koa 3": (format) => onKoa(createKoaMiddleware(receiverOf(format), { path })),
  "koa 3 with its parser": onParsedKoa,
} satisfies Record<string, App>;

function floorOf(format: Format): (req: IncomingMessage) => Promise<Said> {
  let observed = 0;
  const floor = createFloor(format, () => (observed += 1));
  return (req) => floor(req.headers.authorization, () => bodyOf(req));
}

/** A small body comes with its head, and is there as soon as whoever handed the head over is done. */
async function bodyOf(req: IncomingMessage): Promise<Uint8Array> {
  await Promise.resolve();
  return req.readableLength === Number(req.headers["content-length"]) ? req.read() : bytesOf(req);
}

function onParsedExpress(format: Format): RequestListener {
  return express().post(path, parserOf(format), (req, res) => {
    if (!isAuthorized(req.headers.authorization)) return void res.status(401).json({ code: "unauthorized" });
    respond(res, answerTo(format, req.body));
  });
}

function onParsedExpressLater(format: Format): RequestListener {
  return express().post(path, parserOf(format), async (req, res) => {
    if (!isAuthorized(req.headers.authorization)) return void res.status(401).json({ code: "unauthorized" });
    respond(res, await answerToLater(format, req.body));
  });
}

function parserOf(format: Format): express.RequestHandler {
  return format === "json" ? express.json() : express.urlencoded();
}

function respond(res: express.Response, answer: Answer | undefined): void {
  res.status(answer ? 200 : 400).json(answer ?? { code: "malformed" });
}

function onParsedKoa(format: Format): RequestListener {
  return onKoa(bodyParser(), async (ctx, next) => {
    if (ctx.method !== "POST" || ctx.path !== path) return next();
    if (!isAuthorized(ctx.get("authorization")))
      return void Object.assign(ctx, { status: 401, body: { code: "unauthorized" } });
    const answer = answerTo(format, ctx.request.body);
    ctx.status = answer ? 200 : 400;
    ctx.body = answer ?? { code: "malformed" };
  });
}

function onKoa(...middleware: Koa.Middleware[]): RequestListener {
  const app = new Koa();
  for (const one of middleware) app.use(one);
  const listener = app.callback();
  return (req, res) => void listener(req, res);
}

async function onFastify(format: Format): Promise<RequestListener> {
  const app = fastify();
  const form = "application/x-www-form-urlencoded";
  app.addContentTypeParser(form, { parseAs: "string" }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.post(path, async (request, reply) => {
    if (!isAuthorized(request.headers.authorization)) return reply.code(401).send({ code: "unauthorized" });
    const answer = answerTo(format, request.body);
    return answer ?? reply.code(400).send({ code: "malformed" });
  });
  await app.ready();
  return (req, res) => app.routing(req, res);
}
