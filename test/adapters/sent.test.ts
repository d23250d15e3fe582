/** any.20: how far a reply went, told once, whatever happens between the receiver and the client. */

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { atHead } from "../support/at-head.ts";
import { fakeReceiver } from "../support/fake-receiver.ts";
import { type Before, following } from "../support/frameworks.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { serve } from "../support/serve.ts";

const large = { body: "x".repeat(32 * 1024 * 1024) };

describe.each(following)("$name", ({ mount }) => {
  it("any.20 says fully when the response finished with our status and our body", async () => {
    const receiver = fakeReceiver();
    const { url } = await serve(mount(receiver));
    await fetch(url, { method: "POST" });
    expect(await receiver.told()).toEqual(["fully"]);
  });

  it("any.20 says not when the client went away before the reply", async () => {
    const gone = Promise.withResolvers<void>();
    const receiver = fakeReceiver({ until: () => gone.promise });
    const { port, server } = await serve(mount(receiver));
    server.once("connection", (socket) => socket.once("close", () => gone.resolve()));
    const client = rawClient(port, post("/", "Content-Length: 0"));
    await receiver.asked();
    client.socket.destroy();
    expect(await receiver.told()).toEqual(["not"]);
  });

  it("any.20 says not when the client went away before the middleware was asked", async () => {
    const receiver = fakeReceiver();
    const { port } = await serve(mount(receiver, { before: waitsForClose }));
    const client = rawClient(port, post("/", "Content-Length: 0"));
    client.socket.once("connect", () => setImmediate(() => client.socket.destroy()));
    expect(await receiver.told()).toEqual(["not"]);
  });

  it("any.20 says not when somebody else has answered", async () => {
    const receiver = fakeReceiver();
    const { url } = await serve(mount(receiver, { before: answersItself }));
    const response = await fetch(url, { method: "POST" });
    expect(await response.text()).not.toContain("ok");
    expect(await receiver.told()).toEqual(["not"]);
  });

  it("any.20 says not when the app sent another status", async () => {
    const receiver = fakeReceiver();
    const before = rewritten((res) => (res.statusCode = 502));
    const { url } = await serve(mount(receiver, { before }));
    expect((await fetch(url, { method: "POST" })).status).toBe(502);
    expect(await receiver.told()).toEqual(["not"]);
  });

  it("any.20 says perhaps when the app compressed the body", async () => {
    const receiver = fakeReceiver();
    const before = rewritten((res) => res.setHeader("content-encoding", "identity"));
    const { url } = await serve(mount(receiver, { before }));
    await fetch(url, { method: "POST" });
    expect(await receiver.told()).toEqual(["perhaps"]);
  });

  it("any.20 says perhaps when the app wrote a body of another length", async () => {
    const receiver = fakeReceiver();
    const before = rewritten((res) => void res.setHeader("content-length", 5), "other");
    const { url } = await serve(mount(receiver, { before }));
    expect(await (await fetch(url, { method: "POST" })).text()).toBe("other");
    expect(await receiver.told()).toEqual(["perhaps"]);
  });

  it("any.20 says perhaps when the app took the length away", async () => {
    const receiver = fakeReceiver();
    const before = rewritten((res) => res.removeHeader("content-length"));
    const { url } = await serve(mount(receiver, { before }));
    await fetch(url, { method: "POST" });
    expect(await receiver.told()).toEqual(["perhaps"]);
  });

  it("any.20 says perhaps when the connection was cut half-way", async () => {
    const receiver = fakeReceiver({ reply: large });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, post("/", "Content-Length: 0"));
    await client.until("HTTP/1.1 200");
    client.socket.destroy();
    expect(await receiver.told()).toEqual(["perhaps"]);
  });

  it("upsales.8 destroys a response that a client does not take in time", async () => {
    const receiver = fakeReceiver({ reply: { ...large, finishWithinMs: 50 } });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, post("/", "Content-Length: 0"));
    client.socket.pause();
    expect(await receiver.told()).toEqual(["perhaps"]);
  });

  it("upsales.8 leaves the connection alone once the response has finished in time", async () => {
    const receiver = fakeReceiver({ reply: { finishWithinMs: 20 } });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, post("/", "Content-Length: 0"));
    await receiver.told();
    await new Promise((resolve) => setTimeout(resolve, 40)); // what must not happen takes its 20 ms
    client.socket.write(post("/", "Content-Length: 0"));
    expect(await receiver.told(2)).toEqual(["fully", "fully"]);
  });

  it("any.20 tells of a pipelined reply that was never its turn", async () => {
    const first = Promise.withResolvers<void>();
    const receiver = fakeReceiver({
      until: () => (receiver.deliveries.length > 1 ? Promise.resolve() : first.promise),
    });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, post("/", "Content-Length: 0") + post("/second", "Content-Length: 0"));
    await receiver.asked(2);
    setImmediate(() => client.socket.destroy());
    expect(await receiver.told()).not.toContain("fully");
    first.resolve();
    await receiver.told(2);
    await new Promise((resolve) => void setImmediate(resolve));
    expect(receiver.sent).toHaveLength(2);
  });

  it("any.20 tells once", async () => {
    const receiver = fakeReceiver({ reply: { close: true, finishWithinMs: 20 } });
    // the connection outlives the response by the second that Node adds
    const { port } = await serve(mount(receiver), { keepAliveTimeout: 1 });
    await rawClient(port, post("/", "Content-Length: 0")).closed;
    expect(await receiver.told()).toEqual(["fully"]);
  });
});

/** An app that changes the response when it goes out, as compressing middleware does. */
function rewritten(change: (res: ServerResponse) => unknown, body?: string): Before {
  return (_req, res) => {
    const end = res.end.bind(res);
    res.end = (chunk?: unknown) => end(body ?? chunk);
    atHead(res, () => change(res));
  };
}

const waitsForClose: Before = async (_req, res) => {
  await once(res, "close");
};

const answersItself: Before = (_req, res) => {
  res.writeHead(200).write("too late");
  setImmediate(() => res.end());
};
