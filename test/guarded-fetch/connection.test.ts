/** The connection and what is said on it: the block list, the certificate, the request's bytes. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createBlockList } from "../../packages/node/src/guarded-fetch/addresses.ts";
import { connect } from "../../packages/node/src/guarded-fetch/connect.ts";
import { ca, closedPort, serveCallbacks, serveSilence } from "./callback-server.ts";
import { errorOf, localFetch, postTo } from "./guarded-post.ts";

describe("upsales.17 the second layer", () => {
  it.each([[["127.0.0.1"]], [["127.0.0.1", "::1"]], [["::ffff:127.0.0.1"]]])(
    "the connection blocks %j even if the check before let it through",
    async (addresses) => {
      const { port, connections } = await serveCallbacks();
      const url = new URL(`https://callback.example:${port}/`);
      const { signal } = new AbortController();
      const to = (allow: string[]) =>
        connect(url, { addresses, ca, blockList: createBlockList(allow) }, signal);
      const error = await errorOf(to([]));
      expect([error.code, inspect(error.cause)]).toEqual([
        "ERR_NOT_CONNECTED",
        expect.stringContaining("ERR_IP_BLOCKED"),
      ]);
      expect((await to(["127.0.0.1"])).authorized).toBe(true);
      expect(connections).toHaveLength(1);
    },
  );
});

describe("upsales.17 the certificate", () => {
  it.each([
    ["of an authority that nobody knows", { options: { ca: undefined } }],
    ["for another name", { said: { host: "other.example" } }],
    [
      "for another name than the URL's, whatever the Host header says",
      {
        said: { host: "other.example", headers: { Host: "callback.example" } },
      },
    ],
  ])("%s: nothing is sent, not even the path", async (_, { options = {}, said = {} }: any) => {
    const server = await serveCallbacks();
    const error = await errorOf(postTo(server.port, localFetch(options), said));
    expect([error.code, server.requests, server.connections.length]).toEqual(["ERR_NOT_CONNECTED", [], 1]);
  });

  it("upsales.9 what goes wrong before it is proved was surely not sent", async () => {
    const plain = await serveSilence();
    plain.server.on("connection", (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n"));
    for (const port of [plain.port, await closedPort()]) {
      expect((await errorOf(postTo(port, localFetch()))).code).toBe("ERR_NOT_CONNECTED");
    }
  });
});

describe("upsales.17 the request", () => {
  it("upsales.9 goes out once, its length in bytes, asking for nothing compressed", async () => {
    const server = await serveCallbacks();
    const body = JSON.stringify({ notify: "Räksmörgås 🦐" });
    const headers = { "content-type": "application/json", "Content-Length": "3", "Accept-Encoding": "gzip" };
    const response = await postTo(server.port, localFetch(), { path: "/callback/1?a=b", headers, body });
    expect([response.status, await response.text()]).toEqual([200, "ok"]);
    expect(server.requests).toMatchObject([
      { method: "POST", servername: "callback.example", path: "/callback/1?a=b", body },
    ]);
    expect(server.requests[0]?.headers).toMatchObject({
      "content-length": String(Buffer.byteLength(body)),
      "content-type": "application/json",
      "accept-encoding": "identity",
      host: `callback.example:${server.port}`,
    });
  });

  it.each(["POST", "PUT", "PATCH"] as const)("a %s goes out as one, with its body", async (method) => {
    const server = await serveCallbacks();
    await postTo(server.port, localFetch(), { method, body: "{}" });
    expect(server.requests).toMatchObject([{ method, body: "{}", headers: { "content-length": "2" } }]);
  });

  it("a GET goes out without a body, and says nothing of one", async () => {
    const server = await serveCallbacks();
    const response = await postTo(server.port, localFetch(), { method: "GET" });
    expect([response.status, await response.text()]).toEqual([200, "ok"]);
    expect(server.requests).toMatchObject([{ method: "GET", body: "" }]);
    expect(Object.keys(server.requests[0]?.headers ?? {}).toSorted()).toEqual([
      "accept-encoding",
      "connection",
      "host",
    ]);
  });

  it("a body of 100 kB arrives whole", async () => {
    const server = await serveCallbacks();
    await postTo(server.port, localFetch(), { body: "å".repeat(51_000) });
    expect(server.requests[0]?.body).toHaveLength(51_000);
  });
});

describe("upsales.17 errors name no secret", () => {
  it.each([
    ["a refused address", () => serveCallbacks(), { allow: [] }],
    ["a wrong certificate", () => serveCallbacks(), { ca: undefined }],
    ["no TLS", () => serveSilence(), { withinMs: 30 }],
    ["no answer", () => serveCallbacks(() => {}), { withinMs: 100 }],
    ["a reset", () => serveCallbacks((_, raw) => raw.resetAndDestroy()), {}],
    ["a status that is none", () => serveCallbacks((res) => res.socket?.end("HTTP/1.1 999 No\r\n\r\n")), {}],
    ["no HTTP", () => serveCallbacks((res) => res.socket?.end("?\r\n\r\n")), {}],
  ])("%s", async (_, makeServer, options) => {
    const { port } = await makeServer();
    const error = await errorOf(postTo(port, localFetch(options)));
    expect(error.name).toBe("GuardedFetchError");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret/);
    expect(`${error.message}`).not.toMatch(/example/);
  });
});
