/** any.52 and any.3 over HTTP/2, as its own clients see it: on one connection with many requests. */

import { once } from "node:events";
import { connect, createServer, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { createReceiver, memory, upsales } from "@answerback/core";
import { createFastifyPlugin } from "@answerback/fastify";
import { createKoaMiddleware } from "@answerback/koa";
import { createNodeHandler } from "@answerback/node";
import fastify from "fastify";
import Koa from "koa";
import { describe, expect, it, onTestFinished } from "vitest";
import { sample } from "../support/deliveries.ts";
import { fakeReceiver } from "../support/fake-receiver.ts";

const apps = [
  ["node:http2", (receiver: any) => createNodeHandler(receiver)],
  ["Koa", (receiver: any) => new Koa().use(createKoaMiddleware(receiver)).callback()],
  ["Fastify", onFastify],
] as const;

function onFastify(receiver: any) {
  const app = fastify({ http2: true, pluginTimeout: 0 }).register(createFastifyPlugin(receiver));
  const ready = app.ready();
  return (req: any, res: any) => void ready.then(() => app.routing(req, res));
}

describe.each(apps)("%s", (_, mount) => {
  async function open(receiver: unknown): Promise<ClientHttp2Session> {
    const server = createServer(mount(receiver) as never);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => (session.destroy(), void server.close()));
    return session;
  }

  it("any.52 says that nobody knows how far the reply goes", async () => {
    const receiver = fakeReceiver();
    const stream = (await open(receiver)).request({ ":method": "POST", ":path": "/" });
    stream.end();
    expect(await answerOf(stream)).toEqual([200, '{"ok":true}']);
    expect(receiver.deliveries[0]).toMatchObject({ tellsSent: false });
  });

  it("any.1 hands over the host, and no method or path as a header", async () => {
    const receiver = fakeReceiver();
    const stream = (await open(receiver)).request({ ":method": "POST", ":path": "/a", "x-b": "c" });
    stream.end();
    await answerOf(stream);
    expect(Object.keys(receiver.deliveries[0]!.headers).toSorted()).toEqual(["host", "x-b"]);
  });

  it("any.52 the callback of an answer in time is posted, and what stands beside it goes inline", async () => {
    const posts: unknown[] = [];
    const receiver = createReceiver(upsales(), {
      authenticate: false,
      backend: memory(),
      handle: () => ({ callback: { notify: "Hello!" }, more: 1 }),
      transport: async (_url, { body }) => (posts.push(JSON.parse(body!)), new Response()),
      warn: () => {},
    });
    onTestFinished(() => receiver.close());
    const { path, headers, body } = sample("upsales/order-insert");
    const stream = (await open(receiver)).request({
      ...headers,
      ...{ ":method": "POST", ":path": path.replace("/upsales", "") },
    });
    stream.end(body);
    expect(await answerOf(stream)).toEqual([200, '{"more":1}']);
    await receiver.idle();
    expect(posts).toEqual([{ notify: "Hello!" }]);
  });

  it.each([
    ["before its body is read", {}],
    ["in the middle of its body", { read: { limit: 1_000 } }],
  ])(
    "any.3 a client that is refused %s hears so, stops, and has its other requests answered",
    async (_when, script) => {
      const refusal = { status: 413, headers: {}, body: "too large", close: true };
      const session = await open(fakeReceiver({ ...script, reply: refusal }));
      const stream = session.request({ ":method": "POST", ":path": "/" });
      stream.on("error", () => {});
      const closed = once(stream, "close");
      upload(stream);
      expect(await answerOf(stream)).toEqual([413, "too large"]);
      await closed;
      expect(stream.rstCode).toBe(0);
      const next = session.request({ ":method": "POST", ":path": "/" });
      next.end("{}");
      expect(await answerOf(next)).toEqual([413, "too large"]);
    },
  );

  it("any.3 tells of a client that broke off", async () => {
    const receiver = fakeReceiver({ read: {} });
    const session = await open(receiver);
    session
      .request({ ":method": "POST", ":path": "/" })
      .on("error", () => {})
      .write("12345");
    await receiver.asked();
    session.destroy();
    await receiver.told();
    expect(receiver.bodies).toEqual([{ kind: "aborted" }]);
  });
});

async function answerOf(stream: ClientHttp2Stream): Promise<[number, string]> {
  const [headers] = await once(stream, "response");
  let body = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
  await once(stream, "end");
  return [headers[":status"], body];
}

/** Writes as fast as it may, until the stream is closed. */
function upload(stream: ClientHttp2Stream): void {
  const megabyte = Buffer.alloc(1024 * 1024);
  const write = (): void => {
    while (stream.writable && stream.write(megabyte));
  };
  stream.on("drain", write);
  write();
}
