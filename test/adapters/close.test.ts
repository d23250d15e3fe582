/** any.3: a client that is refused while it uploads reads its answer, and does not get to upload the rest. */

import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fakeReceiver, type Script } from "../support/fake-receiver.ts";
import { frameworks } from "../support/frameworks.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { serve, type Serving } from "../support/serve.ts";

const refusal = { status: 401, headers: {}, body: '{"code":"unauthenticated"}', close: true };
const megabyte = Buffer.alloc(1024 * 1024);

describe.each(frameworks)("$name", ({ mount }) => {
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

  it.each<[string, Script]>([
    ["that nobody read", {}],
    ["that was read", { read: {} }],
  ])("any.3 closes at once after a complete request %s", async (_how, script) => {
    withoutTimers();
    const { port, socket } = await refusing(script);
    const client = rawClient(port, `${post("/", "Content-Length: 2")}{}`);
    client.socket.allowHalfOpen = true;
    await once(await socket, "close");
    expect(await client.until(refusal.body)).toMatch(/^HTTP\/1.1 401 /);
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
  const nodeHttp = frameworks.at(-1)!;
  const serving = await serve(nodeHttp.mount(fakeReceiver(), { at: "/hooks" }));
  const socket = nextSocket(serving);
  const client = rawClient(serving.port, post("/other", "Content-Length: 1000000000"));
  upload(client.socket);
  expect(await client.closed).toMatch(/^HTTP\/1.1 404 /);
  expect((await socket).bytesRead).toBeLessThan(5 * 64 * 1024);
});

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
