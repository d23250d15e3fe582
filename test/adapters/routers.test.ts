/** The ways to mount that only one framework has: nested routers, several handlers, a route gone by. */

import type { RequestListener } from "node:http";
import { Router } from "@koa/router";
import { createExpressMiddleware } from "@answerback/express";
import { createKoaMiddleware } from "@answerback/koa";
import express5, { type RequestHandler } from "express";
import express4 from "express-4";
import Koa3 from "koa";
import Koa2 from "koa-2";
import mount from "koa-mount";
import { describe, expect, it } from "vitest";
import { fakeReceiver, type FakeReceiver } from "../support/fake-receiver.ts";
import { serve } from "../support/serve.ts";

async function pathAt(listener: RequestListener, receiver: FakeReceiver, target: string) {
  const { url } = await serve(listener);
  const { status } = await fetch(url + target, { method: "POST" });
  return receiver.deliveries[0]?.path ?? status;
}

describe.each([
  ["Express 4", express4],
  ["Express 5", express5],
])("%s", (_name, express) => {
  function setUp() {
    const receiver = fakeReceiver();
    return {
      receiver,
      app: express(),
      router: express.Router(),
      middleware: createExpressMiddleware(receiver),
    };
  }

  it("any.18 leaves the path below nested routers", async () => {
    const { receiver, app, router, middleware } = setUp();
    app.use("/api/:version", express.Router().use("/hooks", router.use("/x", middleware)));
    expect(await pathAt(app, receiver, "/api/2/hooks/x/order%20insert/1")).toBe("/order%20insert/1");
  });

  it("any.18 leaves nothing below a route in a nested router", async () => {
    const { receiver, app, router, middleware } = setUp();
    app.use("/api", router.all("/x", middleware));
    expect(await pathAt(app, receiver, "/api/x")).toBe("/");
  });

  it("any.18 leaves nothing below a route with several handlers", async () => {
    const { receiver, app, middleware } = setUp();
    app.route("/x").post([passOn], middleware);
    expect(await pathAt(app, receiver, "/x")).toBe("/");
  });

  it("any.18 is not misled by a route that the request went through before", async () => {
    const { receiver, app, middleware } = setUp();
    app.post("/hooks/*rest", passOn);
    app.post(/.*/, passOn);
    app.use("/hooks", middleware);
    expect(await pathAt(app, receiver, "/hooks/a/1")).toBe("/a/1");
  });

  it("any.18 goes on to the app's next middleware, once", async () => {
    const receiver = fakeReceiver({ ours: () => false });
    const app = express();
    app.use("/x", createExpressMiddleware(receiver));
    app.use((req, res) => void res.status(418).send(req.url));
    const { url } = await serve(app);
    const response = await fetch(`${url}/x/y`, { method: "POST" });
    expect([response.status, await response.text()]).toEqual([418, "/x/y"]);
  });
});

describe.each([
  ["Koa 2", Koa2],
  ["Koa 3", Koa3],
])("%s", (_name, Koa) => {
  function setUp() {
    const receiver = fakeReceiver();
    return {
      receiver,
      app: new Koa<Koa3.DefaultState, Koa3.DefaultContext>(),
      middleware: createKoaMiddleware(receiver),
    };
  }

  it("any.18 leaves nothing below a route of a nested router with a prefix", async () => {
    const { receiver, app, middleware } = setUp();
    const inner = new Router({ prefix: "/hooks" }).post("/x", async (_ctx, next) => next(), middleware);
    app.use(new Router({ prefix: "/api" }).use("/v2", inner.routes()).routes());
    expect(await pathAt(listen(app), receiver, "/api/v2/hooks/x")).toBe("/");
  });

  it.each([
    ["with a path", "/api", "/hooks"],
    ["with a prefix", "/api/hooks", undefined],
  ])("any.18 leaves the path below router.use %s", async (_how, prefix, at) => {
    const { receiver, app, middleware } = setUp();
    const router = new Router({ prefix });
    if (at) router.use(at, middleware);
    else router.use(middleware);
    app.use(router.post("/{*rest}", () => {}).routes());
    expect(await pathAt(listen(app), receiver, "/api/hooks/order%20insert/1")).toBe("/order%20insert/1");
  });

  it("any.18 leaves all of the path below router.use without a path", async () => {
    const { receiver, app, middleware } = setUp();
    app.use(
      new Router()
        .use(middleware)
        .post("/{*rest}", () => {})
        .routes(),
    );
    expect(await pathAt(listen(app), receiver, "/a/1")).toBe("/a/1");
  });

  it("any.18 goes on to the app's next middleware with the path as it was", async () => {
    const { app } = setUp();
    app.use(mount("/x", createKoaMiddleware(fakeReceiver({ ours: () => false }))));
    app.use((ctx) => void Object.assign(ctx, { status: 418, body: ctx.url }));
    const { url } = await serve(listen(app));
    const response = await fetch(`${url}/x/y`, { method: "POST" });
    expect([response.status, await response.text()]).toEqual([418, "/x/y"]);
  });

  it("any.18 leaves nothing below a route under koa-mount", async () => {
    const { receiver, app, middleware } = setUp();
    app.use(mount("/api", new Router().post("/x", middleware).routes()));
    expect(await pathAt(listen(app), receiver, "/api/x")).toBe("/");
  });

  it("any.18 is not misled by a route that the request went through before", async () => {
    const { receiver, app, middleware } = setUp();
    app.use(new Router().post("/hooks/{*rest}", async (_ctx, next) => next()).routes());
    app.use(mount("/hooks", middleware));
    expect(await pathAt(listen(app), receiver, "/hooks/a/1")).toBe("/a/1");
  });
});

const passOn: RequestHandler = (_req, _res, next) => next();

function listen(app: Koa3): RequestListener {
  const listener = app.callback();
  return (req, res) => void listener(req, res);
}
