/** Every server that is measured, by name: ours, and what people write. */
import type { RequestListener } from "node:http";
import { bodyParser } from "@koa/bodyparser";
import { createExpressMiddleware } from "@answerback/express";
import { createKoaMiddleware } from "@answerback/koa";
import { createNodeHandler } from "@answerback/node";
import express from "express";
import fastify from "fastify";
import Koa from "koa";
import { answerTo, isAuthorized } from "../work/by-hand.ts";
import { path, type Format } from "../work/deliveries.ts";
import { receiverOf } from "../work/ours.ts";
import { bare, hook, write } from "./hook.ts";

/** Makes the listener of a server. */
type App = (format: Format) => RequestListener | Promise<RequestListener>;

/** `bare again` is `bare`: how far the two are apart is how fine the measurement is. */
export const apps = {
  bare,
  "bare again": bare,
  "answerback on node:http": (format) => {
    const handler = createNodeHandler(receiverOf(format), { path });
    return (req, res) => void handler(req, res);
  },
  "fastify 5": onFastify,
  "hook on express 5": (format) =>
    express().use(path, async (req, res) => write(res, await hook(format, req))),
  "answerback on express 5": (format) => express().use(path, createExpressMiddleware(receiverOf(format))),
  "express 5 with its parser": onParsedExpress,
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

/** The name of a server. */
export type AppName = keyof typeof apps;

export const appNames = Object.keys(apps) as AppName[];

function onParsedExpress(format: Format): RequestListener {
  const parser = format === "json" ? express.json() : express.urlencoded();
  return express().post(path, parser, (req, res) => {
    if (!isAuthorized(req.headers.authorization)) return void res.status(401).json({ code: "unauthorized" });
    const answer = answerTo(format, req.body);
    res.status(answer ? 200 : 400).json(answer ?? { code: "malformed" });
  });
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
