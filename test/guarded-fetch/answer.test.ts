/** Answers of a callback server that means harm, and of one that does not. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { closed, endless, serveCallbacks } from "./callback-server.ts";
import { errorOf, localFetch, postTo } from "./guarded-post.ts";

describe("the answer", () => {
  it("upsales.9 has its status, headers and body", async () => {
    const { port } = await serveCallbacks((res) => {
      res.writeHead(429, "Slow Down", { "retry-after": "7", "set-cookie": ["a=1", "b=2"] }).end("later");
    });
    const response = await postTo(port, localFetch());
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([
      429,
      "7",
      "later",
    ]);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  it.each([204, 205, 304])("upsales.9 a %i has no body, and its connection is closed", async (status) => {
    const server = await serveCallbacks((res) => void res.writeHead(status).end());
    const response = await postTo(server.port, localFetch());
    expect([response.status, response.body]).toEqual([status, null]);
    await Promise.all(server.connections.map(closed));
  });

  it.each([
    ["301 to metadata", 301, "https://169.254.169.254/latest/meta-data/"],
    ["302 to another server", 302, undefined],
    ["307 to the same path", 307, "/callback/secret-path"],
    ["308 without a location", 308, ""],
  ])("upsales.17 a %s is handed back, not followed", async (_, status, location) => {
    const other = await serveCallbacks();
    const to = location ?? `https://callback.example:${other.port}/`;
    const server = await serveCallbacks(
      (res) => void res.writeHead(status, to ? { location: to } : {}).end(),
    );
    const response = await postTo(server.port, localFetch());
    expect([response.status, response.headers.get("location")]).toEqual([status, to || null]);
    await response.text();
    expect([server.requests.length, other.connections.length]).toEqual([1, 0]);
  });

  it.each(["099", "600", "999"])("upsales.9 the status %s is no answer", async (status) => {
    const server = await serveCallbacks((res) => void res.socket?.write(`HTTP/1.1 ${status} X\r\n\r\n`));
    expect((await errorOf(postTo(server.port, localFetch()))).code).toBe("ERR_NO_ANSWER");
    await Promise.all(server.connections.map(closed));
  });

  it.each([
    ["no HTTP", "220 smtp.example ESMTP\r\n"],
    ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"],
    ["a head of 20 kB", `HTTP/1.1 200 OK\r\nx: ${"x".repeat(20_000)}\r\n\r\n`],
    ["half a head", "HTTP/1.1 200 OK\r\nx:"],
  ])("upsales.9 %s is no answer", async (_, bytes) => {
    const { port } = await serveCallbacks((res) => void res.socket?.end(bytes));
    expect((await errorOf(postTo(port, localFetch()))).code).toBe("ERR_NO_ANSWER");
  });

  it("upsales.9 a 103 before it is not it", async () => {
    const { port } = await serveCallbacks((res) => {
      res.writeEarlyHints({ link: "</a>; rel=preload" });
      res.end("ok");
    });
    expect((await postTo(port, localFetch())).status).toBe(200);
  });
});

describe("upsales.17 bytes are bounded", () => {
  it("a body of exactly 64 KiB can be read, one of a byte more cannot", async () => {
    let size = 65_536;
    const { port } = await serveCallbacks((res) => void res.end("x".repeat(size)));
    expect(await (await postTo(port, localFetch())).text()).toHaveLength(65_536);
    size += 1;
    expect((await errorOf((await postTo(port, localFetch())).text())).code).toBe("ERR_ANSWER_TOO_LARGE");
  });

  it("an endless body ends at the limit, and with it the connection", async () => {
    const server = await serveCallbacks(endless);
    const response = await postTo(server.port, localFetch({ limit: 100_000 }));
    const error = await errorOf(drain(response, (read) => expect(read).toBeLessThanOrEqual(100_000)));
    expect([response.status, error.code]).toEqual([200, "ERR_ANSWER_TOO_LARGE"]);
    await Promise.all(server.connections.map(closed));
  });

  it("an endless body that nobody reads is not read, and ends when it is cancelled", async () => {
    const server = await serveCallbacks(endless);
    const response = await postTo(server.port, localFetch());
    expect(response.status).toBe(200);
    await response.body?.cancel();
    await Promise.all(server.connections.map(closed));
  });

  it("a gzip bomb is not inflated", async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000));
    const { port } = await serveCallbacks((res) => {
      res.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    const bytes = await (await postTo(port, localFetch())).arrayBuffer();
    expect(Buffer.from(bytes).equals(bomb)).toBe(true);
  });

  it("a server that claims a terabyte is answered for by what it sends", async () => {
    const { port } = await serveCallbacks((res) => {
      res.writeHead(200, { "content-length": "1000000000000" }).write("x");
    });
    const response = await postTo(port, localFetch({ withinMs: 1_000 }));
    expect([response.status, (await errorOf(response.text())).code]).toEqual([200, "ERR_NO_ANSWER"]);
  });
});

async function drain(response: Response, each: (read: number) => void): Promise<void> {
  let read = 0;
  for await (const chunk of response.body!) each((read += chunk.length));
}
