/** What SECURITY.md says of access logs: a logger behind the receiver's mount sees no delivery, and so no secret in a URL. */
import type { RequestListener } from "node:http";
import { createReceiver, memory, uphance, urlSecret } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import { createFastifyPlugin } from "@answerback/fastify";
import { createKoaMiddleware } from "@answerback/koa";
import express from "express";
import fastify from "fastify";
import Koa from "koa";
import { expect, it, onTestFinished } from "vitest";
import { sample } from "../support/deliveries.ts";
import { serve } from "../support/serve.ts";

const ticket = sample("uphance/pick-ticket-update");
const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";

type App = (log: (url: string) => void) => RequestListener;

const apps: readonly (readonly [string, App])[] = [
  [
    "Express",
    (log) =>
      express()
        .use("/hooks/uphance", createExpressMiddleware(receiver()))
        .use((req, _res, next) => (log(req.originalUrl), next())),
  ],
  [
    "Koa",
    (log) => {
      const app = new Koa()
        .use(createKoaMiddleware(receiver(), { path: "/hooks/uphance" }))
        .use((ctx, next) => (log(ctx.url), next()));
      const listener = app.callback();
      return (req, res) => void listener(req, res);
    },
  ],
  [
    "Fastify",
    (log) => {
      const write = (line: string) => {
        const { req } = JSON.parse(line);
        if (req) log(req.url);
      };
      const app = fastify({ logger: { stream: { write } }, pluginTimeout: 0 });
      app.register(createFastifyPlugin(receiver()), { prefix: "/hooks/uphance", logLevel: "silent" });
      const ready = app.ready();
      return (req, res) => void ready.then(() => app.routing(req, res));
    },
  ],
];

it.each(apps)("any.14 on %s a logger beside the mount sees no delivery, let in or not", async (_, create) => {
  const logged: string[] = [];
  const { url } = await serve(create((line) => logged.push(line)));
  const send = async (path: string) =>
    (await fetch(url + path, { method: "POST", headers: ticket.headers, body: ticket.body })).status;
  expect(await send(ticket.path)).toBe(200);
  expect(await send(ticket.path.replace(secret, `${secret.slice(1)}0`))).toBe(404);
  expect(await send("/elsewhere")).toBe(404);
  expect(logged).toEqual(["/elsewhere"]);
});

function receiver() {
  const made = createReceiver(uphance(), {
    authenticate: urlSecret(secret),
    backend: memory(),
    handle: () => {},
    warn: () => {},
    onError: () => {},
  });
  onTestFinished(() => made.close({ within: 0 }));
  return made;
}
