/** any.3: a client that is refused unread reads its answer, and does not get to upload what has not arrived. */

import { once } from "node:events";
import type { Socket } from "node:net";
import type { DeliveryReceiver } from "@answerback/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fakeReceiver, type Script } from "../support/fake-receiver.ts";
import { frameworkNamed, following, type Before, type MountOptions } from "../support/frameworks.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { serve, type Serving } from "../support/serve.ts";

const refusal = { status: 401, headers: {}, body: '{"code":"unauthenticated"}', close: true };
const megabyte = Buffer.alloc(1024 * 1024);

describe.each(following)("$name", ({ mount }) => {
  /** Refuses what is sent to /refused unread, and reads the body of anything else. */
  async function guarded(options?: MountOptions) {
    const receiver = fakeReceiver({ read: {} });
    const receive: DeliveryReceiver["receive"] = (delivery) =>
      delivery.path === "/refused" ? Promise.resolve(refusal) : receiver.receive(delivery);
    return { receiver, ...(await serve(mount({ receive }, options))) };
  }

  async function refusing(script: Script = {}) {
    const receiver = fakeReceiver({ reply: refusal, ...script });
    const serving = await serve(mount(receiver));
    return { receiver, ...serving, socket: nextSocket(serving) };
  }

  it("any.3 lets a client that never stops uploading read its answer, and closes", async () => {
    const { receiver, port, socket } = await refusing();
    const client = rawClient(port, post("/", "Content-Length: 1000000000"));
    upload(client.socket);
    expect(await client.until(refusal.body)).toMatch(/^HTTP\/1.1 401 .*\r\nconnection: close\r\n/is);
    expect(await receiver.told()).toEqual(["fully"]);
    await client.closed;
    // Node reads up to 64 KiB twice before it feels that nobody takes them: once before the answer, once after
    expect((await socket).bytesRead).toBeLessThan(5 * 64 * 1024);
  });

  it("any.3 closes at once when the client has sent the rest of a small upload", async () => {
    withoutTimers();
    const { port, socket } = await refusing();
    const client = rawClient(port, `${post("/", "Content-Length: 2000")}${"x".repeat(1000)}`);
    client.socket.allowHalfOpen = true;
    await client.until(refusal.body);
    client.socket.write("x".repeat(1000));
    await once(await socket, "close");
    expect(client.received()).toContain(refusal.body);
  });

  it("any.3 does not wait for ever for a client that stopped sending", async () => {
    const { port, socket } = await refusing();
    const client = rawClient(port, post("/", "Content-Length: 2000"));
    client.socket.allowHalfOpen = true;
    await once(await socket, "close");
    expect(client.received()).toContain(refusal.body);
  });

  it.each<[string, string, Script]>([
    ["in chunks", `${post("/", "Transfer-Encoding: chunked")}2\r\n{}\r\n0\r\n\r\n`, {}],
    ["that was read", `${post("/", "Content-Length: 2")}{}`, { read: {} }],
  ])("any.3 closes at once after a complete request %s", async (_how, request, script) => {
    withoutTimers();
    const { port, socket } = await refusing(script);
    const client = rawClient(port, request);
    client.socket.allowHalfOpen = true;
    await once(await socket, "close");
    expect(await client.until(refusal.body)).toMatch(/^HTTP\/1.1 401 /);
  });

  it.each([0, 2, 30_000, 65_536])(
    "any.3 stays connected to a client whose body of %i bytes has arrived, and answers its next request",
    async (length) => {
      const { port, receiver } = await guarded({ before: hasAll(length) });
      const client = rawClient(port, request("/refused", "x".repeat(length)));
      expect(await client.until(refusal.body)).not.toMatch(/connection: close/i);
      client.socket.write(request("/", "next"));
      expect(await client.until('{"ok":true}')).toMatch(/^HTTP\/1.1 401 [^]*HTTP\/1.1 200 /);
      expect(receiver.bodies).toEqual([{ kind: "bytes", bytes: Buffer.from("next") }]);
    },
  );

  it("any.3 closes the connection of a client whose body of 64 KiB and one byte has arrived", async () => {
    const { port } = await guarded({ before: hasAll(65_537) });
    const client = rawClient(port, request("/refused", "x".repeat(65_537)));
    expect(await client.closed).toMatch(/^HTTP\/1.1 401 .*\r\nconnection: close\r\n/is);
  });

  it("any.3 gives each request of a pipeline its own answer, and none to one inside a refused body", async () => {
    const { port, receiver } = await guarded();
    const inner = request("/", "inner");
    const requests = ["first", "second"].map((body) => request("/refused", inner) + request("/", body));
    const client = rawClient(port, requests.join("") + post("/", "Content-Length: 0", "Connection: close"));
    const answers = (await client.closed).matchAll(/HTTP\/1.1 (\d+) /g);
    expect(Array.from(answers, ([, status]) => status)).toEqual(["401", "200", "401", "200", "200"]);
    expect(receiver.bodies.map((body) => body.kind === "bytes" && String(body.bytes))).toEqual([
      "first",
      "second",
      "",
    ]);
  });

  it("any.3 answers a body that is too large so that it can be read, whoever writes all of it first", async () => {
    const receiver = fakeReceiver({ read: { limit: 1024 }, reply: { status: 413, close: true } });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, post("/", "Transfer-Encoding: chunked"));
    client.socket.write(`8000\r\n${"x".repeat(0x8000)}\r\n0\r\n\r\n`);
    expect(await client.closed).toMatch(/^HTTP\/1.1 413 /);
    expect(receiver.bodies).toEqual([{ kind: "too_large" }]);
  });

  it("any.3 answers a body that did not come in time, and closes", async () => {
    const receiver = fakeReceiver({ read: { withinMs: 20 }, reply: { status: 408, close: true } });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, `${post("/", "Content-Length: 10")}12345`);
    expect(await client.closed).toMatch(/^HTTP\/1.1 408 /);
    expect(await receiver.told()).toEqual(["fully"]);
  });

  it("any.3 takes the next connection while one lingers", async () => {
    const { port } = await refusing();
    const lingering = rawClient(port, post("/", "Content-Length: 2000"));
    await lingering.until(refusal.body);
    const client = rawClient(port, `${post("/", "Content-Length: 2")}{}`);
    expect(await client.until(refusal.body)).toContain("401");
  });
});

it("any.18 closes the connection of an upload that is not the provider's", async () => {
  const nodeHttp = frameworkNamed("node:http");
  const serving = await serve(nodeHttp.mount(fakeReceiver(), { at: "/hooks" }));
  const socket = nextSocket(serving);
  const client = rawClient(serving.port, post("/other", "Content-Length: 1000000000"));
  upload(client.socket);
  expect(await client.closed).toMatch(/^HTTP\/1.1 404 /);
  expect((await socket).bytesRead).toBeLessThan(5 * 64 * 1024);
});

function request(path: string, body: string): string {
  return post(path, `Content-Length: ${body.length}`) + body;
}

/** An app that goes on once so many bytes of a body that will be refused are there. */
function hasAll(length: number): Before {
  return async (req) => {
    while (req.url === "/refused" && req.readableLength < length)
      await new Promise((resolve) => setImmediate(resolve));
  };
}

function nextSocket({ server }: Serving): Promise<Socket> {
  return new Promise((resolve) => void server.once("connection", resolve));
}

/** From here on no timer of ours fires, so what happens did not wait for one. */
function withoutTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Writes as fast as the connection takes it, until it is closed. */
function upload(socket: Socket): void {
  const write = (): void => {
    while (socket.writable && socket.write(megabyte));
  };
  socket.on("drain", write);
  write();
}
