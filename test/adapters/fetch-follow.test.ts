/** any.52: a host that knows how far a reply went says so, and callbacks go inline: Hono on a server of Node's. */

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { MiddlewareHandler } from "hono";
import { compress } from "hono/compress";
import { describe, expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { fakeReceiver } from "../support/fake-receiver.ts";
import { frameworkNamed, type Before, type Framework } from "../support/frameworks.ts";
import { mountHono } from "../support/hono.ts";
import { openHouse } from "../support/house.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { serve } from "../support/serve.ts";

const framework: Framework = {
  ...frameworkNamed("fetch"),
  tellsSent: true,
  mount: (receiver, options) => mountHono(receiver, { ...options, following: true }),
};
const { mount } = framework;
const hello = { callback: { notify: "Hello!" } };

describe("any.52 followed", () => {
  it("a callback goes inline, and nothing is posted", async () => {
    const house = await openHouse(framework, "upsales", { handle: () => hello });
    const answer = await house.deliver(sample("upsales/order-insert"));
    expect([answer.status, answer.json]).toEqual([200, hello]);
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
  });

  it("a reply went fully when it finished with our status and our body", async () => {
    for (const reply of [{}, { status: 204, headers: {}, body: "" }, { headers: {}, body: "" }]) {
      const receiver = fakeReceiver({ reply });
      const { url } = await serve(mount(receiver));
      await fetch(url, { method: "POST" });
      expect(await receiver.told()).toEqual(["fully"]);
      expect(receiver.deliveries[0]!.tellsSent).toBe(true);
    }
  });

  it("a reply that middleware compressed went perhaps", async () => {
    const receiver = fakeReceiver({ reply: { body: `"${"x".repeat(5_000)}"` } });
    const { url } = await serve(mountHono(receiver, { following: true, around: compress() }));
    const response = await fetch(url, { method: "POST", headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(await receiver.told()).toEqual(["perhaps"]);
  });

  it("a reply that middleware replaced went not", async () => {
    const around: MiddlewareHandler = async (c, next) => {
      await next();
      c.res = new Response("no", { status: 502 });
    };
    const receiver = fakeReceiver();
    const { url } = await serve(mountHono(receiver, { following: true, around }));
    expect((await fetch(url, { method: "POST" })).status).toBe(502);
    expect(await receiver.told()).toEqual(["not"]);
  });

  it("a reply to a client that went away before it went not", async () => {
    const receiver = fakeReceiver();
    const before: Before = async (_req, res) => void (await once(res, "close"));
    const { port } = await serve(mount(receiver, { before }));
    const client = rawClient(port, post("/", "Content-Length: 0"));
    client.socket.once("connect", () => setImmediate(() => client.socket.destroy()));
    expect(await receiver.told()).toEqual(["not"]);
  });

  it("a reply that was cut half-way went perhaps", async () => {
    const receiver = fakeReceiver({ reply: { body: "x".repeat(32 * 1024 * 1024) } });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, post("/", "Content-Length: 0"));
    await client.until("HTTP/1.1 200");
    client.socket.destroy();
    expect(await receiver.told()).toEqual(["perhaps"]);
  });

  it("upsales.8 a reply that a client does not take in time is destroyed", async () => {
    const receiver = fakeReceiver({ reply: { body: "x".repeat(32 * 1024 * 1024), finishWithinMs: 50 } });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, post("/", "Content-Length: 0"));
    client.socket.pause();
    expect(await receiver.told()).toEqual(["perhaps"]);
  });

  it("a refusal ends the upload, and the connection", async () => {
    const receiver = fakeReceiver({ reply: { status: 401, body: "no", close: true } });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, post("/", "Content-Length: 1000000000"));
    expect(await client.closed).toMatch(/^HTTP\/1.1 401 .*\r\nconnection: close\r\n/is);
    expect(await receiver.told()).toEqual(["fully"]);
  });

  it("no header of ours is left behind by following", async () => {
    const seen = Promise.withResolvers<string[]>();
    const before: Before = (_req, res: ServerResponse) =>
      void res.once("close", () => seen.resolve(res.getHeaderNames()));
    const { url } = await serve(mount(fakeReceiver(), { before }));
    const { headers } = await fetch(url, { method: "POST" });
    expect(headers.get("x-remember")).toBeNull();
    expect((await seen.promise).toSorted()).toEqual(["content-length", "content-type"]);
  });
});
