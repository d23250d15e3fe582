/** What only Fastify has: encapsulated parsers, prefixes with parameters, hooks around a reply, plugins for every route. */

import { gzipSync } from "node:zlib";
import compress from "@fastify/compress";
import type { DeliveryReceiver } from "@answerback/core";
import { createFastifyPlugin } from "@answerback/fastify";
import fastify, { type FastifyInstance } from "fastify";
import rawBody from "fastify-raw-body";
import { describe, expect, it, onTestFinished } from "vitest";
import { fakeReceiver, type Script } from "../support/fake-receiver.ts";

const json = { "content-type": "application/json" };

/** An app with a receiver under /hooks, which listens until the test is finished. */
async function open(script: Script, setUp: (app: FastifyInstance) => unknown = () => {}) {
  const receiver = fakeReceiver(script);
  // one that asks for the body a while later, as authentication may have it
  const slow: DeliveryReceiver = { receive: (delivery) => soon().then(() => receiver.receive(delivery)) };
  const app = fastify();
  onTestFinished(() => app.close());
  await setUp(app);
  app.register(createFastifyPlugin(slow), { prefix: "/hooks" });
  const url = await app.listen();
  const send = (init: RequestInit = {}) => fetch(`${url}/hooks`, { method: "POST", ...init });
  return { receiver, app, url, send };
}

describe("where it is", () => {
  it.each([
    ["/hooks/:tenant", "/hooks/acme/order%20insert/1", "/order%20insert/1"],
    ["/hooks/:tenant/x", "/hooks/a%2Fb/x//1", "//1"],
    ["/hooks/:tenant", "/hooks/acme", "/"],
    ["/hooks/", "/hooks/a", "/a"],
  ])("any.18 registered at %s, of %s is left %s", async (prefix, target, left) => {
    const receiver = fakeReceiver();
    const app = fastify();
    app.register((inner) => void inner.register(createFastifyPlugin(receiver), { prefix }), {
      prefix: "/api",
    });
    await app.inject({ method: "POST", url: `/api${target}` });
    expect(receiver.deliveries.map(({ path }) => path)).toEqual([left]);
  });

  it("any.14 finds what is below where the router ignores case and doubled slashes", async () => {
    const receiver = fakeReceiver();
    const app = fastify({ routerOptions: { caseSensitive: false, ignoreDuplicateSlashes: true } });
    app.register(createFastifyPlugin(receiver), { prefix: "/hooks/x" });
    await app.inject({ method: "POST", url: "/Hooks//X/Order" });
    expect(receiver.deliveries.map(({ path }) => path)).toEqual(["/Order"]);
  });

  it("any.18 stands several times in one app", async () => {
    const receivers = { a: fakeReceiver(), b: fakeReceiver() };
    const app = fastify();
    for (const [name, receiver] of Object.entries(receivers))
      app.register(createFastifyPlugin(receiver), { prefix: `/${name}` });
    await app.inject({ method: "POST", url: "/b/1" });
    expect([receivers.a.deliveries.length, receivers.b.deliveries.length]).toEqual([0, 1]);
  });

  it("any.18 leaves what is not the provider's to the app's own not-found handler", async () => {
    const { send } = await open({ ours: () => false }, (app) => {
      app.setNotFoundHandler((request, reply) => reply.code(418).send(request.url));
    });
    const response = await send({ headers: json, body: "{}" });
    expect([response.status, await response.text()]).toEqual([418, "/hooks"]);
  });

  it("any.18 says when it cannot be registered", async () => {
    const app = fastify().register(createFastifyPlugin(fakeReceiver(), { path: "/a/*/b" }));
    await expect(app.ready()).rejects.toThrow("Wildcard must be the last character in the route");
  });
});

describe("the body", () => {
  it("any.4 is left to the receiver here, and to the app's parsers elsewhere", async () => {
    const { receiver, url, send } = await open({ read: {} }, (app) => {
      for (const type of ["text/csv", "application/octet-stream", "*"])
        app.addContentTypeParser(type, { parseAs: "string" }, (_request, body, done) => done(null, [body]));
      app.post("/echo", ({ body }) => body);
    });
    for (const [type, body, parsed] of [
      ["application/json", '{"a":1}', { a: 1 }],
      ["text/csv", "a,1", ["a,1"]],
    ] as const) {
      const init = { method: "POST", headers: { "content-type": type }, body };
      expect(await (await fetch(`${url}/echo`, init)).json()).toEqual(parsed);
      expect((await send(init)).status).toBe(200);
      expect(receiver.bodies.at(-1)).toEqual({ kind: "bytes", bytes: Buffer.from(body) });
    }
  });

  it("any.3 is held to the receiver's limit, whatever the app's is", async () => {
    const receiver = fakeReceiver({ read: { limit: 10 } });
    const app = fastify({ bodyLimit: 5 });
    app.register(createFastifyPlugin(receiver));
    for (const body of ["1234567890", "12345678901"])
      await app.inject({ method: "POST", url: "/", headers: json, body });
    expect(receiver.bodies.map(({ kind }) => kind)).toEqual(["bytes", "too_large"]);
  });

  it.each<[string, (app: FastifyInstance) => unknown]>([
    ["fastify-raw-body reads the body of every route", (app) => app.register(rawBody)],
    [
      "fastify-raw-body reads it as bytes",
      (app) => app.register(rawBody, { encoding: false, runFirst: true }),
    ],
    ["@fastify/compress inflates the body of every route", (app) => app.register(compress)],
  ])("any.4 comes as it was sent where %s", async (_how, setUp) => {
    const { receiver, send } = await open({ read: {} }, setUp);
    const body = gzipSync('{"a":1}');
    await send({ headers: { ...json, "content-encoding": "gzip" }, body });
    expect(receiver.bodies).toEqual([{ kind: "bytes", bytes: body }]);
    expect(receiver.deliveries[0]!.headers["content-encoding"]).toEqual(["gzip"]);
  });

  it("any.4 is told of as read where a hook has put another stream in its place", async () => {
    const { receiver, send } = await open({ read: {} }, (app) => {
      app.addHook("preParsing", async (_request, _reply, payload) => {
        for await (const _ of payload);
        return payload;
      });
    });
    await send({ headers: json, body: "{}" });
    expect(receiver.bodies).toEqual([{ kind: "already_read" }]);
  });
});

describe("the reply", () => {
  it("any.7 goes through the app's hooks, with our type and our headers", async () => {
    const seen: unknown[] = [];
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    const { receiver, send } = await open({ reply: { headers } }, (app) => {
      app.addHook("onRequest", async (_request, reply) => {
        reply.headers({ "content-type": "text/html", "cache-control": "public", "x-app": "1" });
      });
      app.addHook("preHandler", async ({ url }) => void seen.push(url));
      app.addHook("onSend", async (_request, reply, payload) => {
        seen.push(String(payload), reply.getHeader("content-type"));
      });
    });
    const response = await send();
    expect(Object.fromEntries(response.headers)).toMatchObject({ ...headers, "x-app": "1" });
    expect(seen).toEqual(["/hooks", '{"ok":true}', "application/json"]);
    expect(await receiver.told()).toEqual(["fully"]);
  });

  it.each(["<p/>", ""])("any.7 goes without a type where it has none, with a body of %j", async (body) => {
    const { receiver, send } = await open({ reply: { headers: {}, body } }, (app) => {
      app.addHook("onRequest", async (_request, reply) => {
        reply.type("text/html").raw.setHeader("content-type", "text/html");
      });
    });
    const response = await send();
    expect([response.headers.get("content-type"), await response.text()]).toEqual([null, body]);
    expect(await receiver.told()).toEqual(["fully"]);
  });

  it("any.7 takes bytes", async () => {
    const body = new Uint8Array([0, 1, 255, 2]).subarray(1, 3);
    const { receiver, send } = await open({ reply: { body } });
    expect(await (await send()).bytes()).toEqual(new Uint8Array([1, 255]));
    expect(await receiver.told()).toEqual(["fully"]);
  });

  it.each<[string, string, (app: FastifyInstance) => unknown]>([
    [
      "perhaps",
      "replaces the body by one of the same length",
      (app) => app.addHook("onSend", async () => '{"no":true}'),
    ],
    ["perhaps", "@fastify/compress packs it", (app) => app.register(compress, { threshold: 0 })],
    ["not", "sets another status", (app) => app.addHook("onSend", async (_, reply) => void reply.code(202))],
    [
      "not",
      "throws",
      (app) =>
        app.addHook("onSend", async () => {
          throw new Error("after us");
        }),
    ],
  ])("any.20 says %s when a hook of the app %s", async (how, _what, setUp) => {
    const { receiver, send } = await open({}, setUp);
    await (await send()).text();
    expect(await receiver.told()).toEqual([how]);
  });

  it("any.20 is fully sent where @fastify/compress has nothing to pack", async () => {
    const { receiver, send } = await open({}, (app) => app.register(compress));
    await send();
    expect(await receiver.told()).toEqual(["fully"]);
  });

  it("any.20 says not when somebody took the response over meanwhile", async () => {
    const { receiver, send } = await open({}, (app) => {
      app.addHook("preHandler", async (_request, reply) => {
        setImmediate(() => {
          reply.hijack();
          setImmediate(() => setImmediate(() => setImmediate(() => reply.raw.end("taken"))));
        });
      });
    });
    expect(await (await send()).text()).toBe("taken");
    expect(await receiver.told()).toEqual(["not"]);
  });

  it("any.20 answers 500 for a header that HTTP cannot carry, also behind a hook that waits", async () => {
    const { receiver, send } = await open({ reply: { headers: { "x-broken": "a\r\nb: c" } } }, (app) => {
      app.addHook("onSend", soon);
    });
    const response = await send();
    expect([response.status, await response.text()]).toEqual([500, '{"code":"failed"}']);
    expect(await receiver.told()).toEqual(["not"]);
  });

  it.each([undefined, "x".repeat(100_000)])(
    "any.3 refuses app.inject(), which has no connection",
    async (payload) => {
      const app = fastify();
      app.register(createFastifyPlugin(fakeReceiver({ reply: { status: 415, close: true } })));
      const response = await app.inject({ method: "POST", url: "/", ...(payload && { payload }) });
      expect([response.statusCode, response.body]).toEqual([415, '{"ok":true}']);
    },
  );

  it("any.20 answers app.inject()", async () => {
    const receiver = fakeReceiver({ read: {} });
    const app = fastify().register(createFastifyPlugin(receiver), { prefix: "/hooks" });
    const response = await app.inject({ method: "POST", url: "/hooks/1", body: { a: 1 } });
    expect([response.statusCode, response.json()]).toEqual([200, { ok: true }]);
    expect(receiver.bodies).toEqual([{ kind: "bytes", bytes: Buffer.from('{"a":1}') }]);
    expect(await receiver.told()).toEqual(["fully"]);
  });
});

function soon(): Promise<void> {
  return new Promise((resolve) => void setImmediate(() => setImmediate(resolve)));
}
