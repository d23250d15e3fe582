/** any.20 on Koa, where upstream middleware works on after us, and Koa itself writes the response. */

import { once } from "node:events";
import { createKoaMiddleware } from "@answerback/koa";
import Koa3, { type Context, type Middleware } from "koa";
import Koa2 from "koa-2";
import { describe, expect, it } from "vitest";
import { fakeReceiver } from "../support/fake-receiver.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { serve } from "../support/serve.ts";

describe.each([
  ["Koa 2", Koa2],
  ["Koa 3", Koa3],
])("%s", (_name, Koa) => {
  async function sentUnder(upstream: Middleware) {
    const receiver = fakeReceiver();
    const app = new Koa();
    app.silent = true;
    const listener = app.use(upstream).use(createKoaMiddleware(receiver)).callback();
    const { url } = await serve((req, res) => void listener(req, res));
    await fetch(url, { method: "POST" });
    return receiver.told();
  }

  it("any.20 says not when an upstream middleware throws after us", async () => {
    const failing = after(() => {
      throw new Error("after us");
    });
    expect(await sentUnder(failing)).toEqual(["not"]);
  });

  it("any.20 says perhaps when an upstream middleware replaces the body by one of the same length", async () => {
    expect(await sentUnder(after((ctx) => (ctx.body = '{"no":true}')))).toEqual(["perhaps"]);
  });

  it("any.20 says not when an upstream middleware replaces the status", async () => {
    expect(await sentUnder(after((ctx) => (ctx.status = 202)))).toEqual(["not"]);
  });

  it("any.20 says not when the client leaves while an upstream middleware still works after us", async () => {
    const receiver = fakeReceiver();
    const app = new Koa();
    const upstream: Middleware = async (ctx, next) => {
      await next();
      client.socket.destroy();
      await once(ctx.res, "close");
    };
    const listener = app.use(upstream).use(createKoaMiddleware(receiver)).callback();
    const { port } = await serve((req, res) => void listener(req, res));
    const client = rawClient(port, post("/", "Content-Length: 0"));
    expect(await receiver.told()).toEqual(["not"]);
  });

  it("any.18 lets upstream middleware see what is answered", async () => {
    let seen: unknown;
    const looking = after((ctx) => (seen = [ctx.status, ctx.body, ctx.type]));
    expect(await sentUnder(looking)).toEqual(["fully"]);
    expect(seen).toEqual([200, '{"ok":true}', "application/json"]);
  });
});

/** An upstream middleware that does something once we are done. */
function after(step: (ctx: Context) => unknown): Middleware {
  return async (ctx, next) => {
    await next();
    step(ctx);
  };
}
