/** Writing a reply as it is, and standing in for a receiver that fails. */

import type { Sent } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { fakeReceiver, type FakeReceiver } from "../support/fake-receiver.ts";
import { following, frameworks, type Before } from "../support/frameworks.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { serve } from "../support/serve.ts";
import { expectWarning } from "../support/warnings.ts";

const failed = { status: 500, body: '{"code":"failed"}' };

describe.each(frameworks)("$name", ({ tellsSent, mount }) => {
  /** How far the replies went, where the adapter can know. */
  async function went(receiver: FakeReceiver, ...how: Sent[]): Promise<void> {
    expect(tellsSent ? await receiver.told(how.length) : how).toEqual(how);
  }

  it("any.7 writes status, headers and body as they are, with their length in bytes", async () => {
    const headers = {
      "content-type": "application/json",
      "retry-after": "5",
      "cache-control": "no-transform",
    };
    const { url } = await serve(mount(fakeReceiver({ reply: { status: 429, headers, body: '"å"' } })));
    const response = await fetch(url, { method: "POST" });
    expect(response.status).toBe(429);
    expect(Object.fromEntries(response.headers)).toMatchObject({ ...headers, "content-length": "4" });
    expect(await response.text()).toBe('"å"');
  });

  it("any.14 writes an empty body without a type of its own", async () => {
    const { url } = await serve(mount(fakeReceiver({ reply: { status: 404, headers: {}, body: "" } })));
    const response = await fetch(url, { method: "POST" });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBeNull();
    expect(response.headers.get("content-length")).toBe("0");
    expect(await response.text()).toBe("");
  });

  it("any.20 writes 204 without a length, and it went fully", async () => {
    const receiver = fakeReceiver({ reply: { status: 204, headers: {}, body: "" } });
    const { url } = await serve(mount(receiver));
    const response = await fetch(url, { method: "POST" });
    expect(response.status).toBe(204);
    expect(response.headers.get("content-length")).toBeNull();
    await went(receiver, "fully");
  });

  it("inbox.6 answers HEAD without a body, and it went fully", async () => {
    const receiver = fakeReceiver({ reply: { body: "unseen" } });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, "HEAD / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    const answer = await client.closed;
    expect(answer).toMatch(/^HTTP\/1.1 200 .*content-length: 6/is);
    expect(answer).not.toContain("unseen");
    await went(receiver, "fully");
  });

  it("any.18 answers for a receiver that rejects, with 500 and a code alone", async () => {
    const warnings = expectWarning("receiver_rejected");
    const { url } = await serve(mount({ receive: () => Promise.reject(new Error("secret")) }));
    const response = await fetch(url, { method: "POST", body: "{}" });
    expect({ status: response.status, body: await response.text() }).toEqual(failed);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect((await warnings()).map(({ message }) => message)).toEqual([
      "A receiver rejected with Error and was answered for with 500.",
    ]);
  });

  it("any.18 answers for a receiver that throws before it promises anything", async () => {
    expectWarning("receiver_rejected");
    const { url } = await serve(mount({ receive: throwing }));
    const response = await fetch(url, { method: "POST" });
    expect({ status: response.status, body: await response.text() }).toEqual(failed);
  });

  it("any.7 writes a type however its name is spelled", async () => {
    for (const headers of [{ "Content-Type": "text/xml" }, { "content-type": "text/xml" }]) {
      const { url } = await serve(mount(fakeReceiver({ reply: { headers, body: "<ok/>" } })));
      expect((await fetch(url, { method: "POST" })).headers.get("content-type")).toBe("text/xml");
    }
  });

  it("any.7 keeps the connection for the next delivery", async () => {
    const receiver = fakeReceiver({ read: {} });
    const { port } = await serve(mount(receiver));
    const client = rawClient(port, `${post("/", "Content-Length: 2")}{}`);
    await client.until('{"ok":true}');
    client.socket.write(post("/", "Content-Length: 0", "Connection: close"));
    expect((await client.closed).match(/HTTP\/1.1 200/g)).toHaveLength(2);
    await went(receiver, "fully", "fully");
  });
});

// HTTP/2 and Koa together do not look at what they carry
describe.each(following)("$name", ({ name, mount }) => {
  it("any.20 answers 500 for a reply that HTTP cannot carry, which was not sent", async () => {
    const receiver = fakeReceiver({ reply: { headers: { "x-broken": "a\r\nb: c" } } });
    const { url } = await serve(mount(receiver));
    const response = await fetch(url, { method: "POST" });
    expect(response.status).toBe(500);
    // Koa has its own way with errors
    expect(await response.text()).toBe(name.startsWith("Koa") ? "Internal Server Error" : failed.body);
    expect(await receiver.told()).toEqual(["not"]);
  });
});

// Koa, Fastify and Hono answer errors themselves, with headers that they set themselves
describe.each(frameworks.filter(({ name }) => !/^(Koa|Fastify|fetch)/.test(name)))("$name", ({ mount }) => {
  it("any.3 a refusal where somebody upstream lets no header through ends the connection", async () => {
    const before: Before = (_req, res) => void Object.assign(res, { setHeader: throwing });
    const { url } = await serve(mount(fakeReceiver({ reply: { status: 401, close: true } }), { before }));
    await expect(fetch(url, { method: "POST", body: "{}" })).rejects.toThrow("fetch failed");
  });
});

function throwing(): never {
  throw new TypeError("secret");
}
