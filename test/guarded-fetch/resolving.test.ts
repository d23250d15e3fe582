/** From a name to a socket: all of its addresses are checked, once, and no other is connected to. */
import { createGuardedFetch, type Lookup } from "@answerback/node";
import { describe, expect, it } from "vitest";
import { serveCallbacks } from "./callback-server.ts";
import { errorOf, localFetch, postTo, scriptedLookup } from "./guarded-post.ts";

const somewhere = "198.51.100.7";

describe("upsales.17 no socket is opened", () => {
  it.each([
    ["to loopback", ["127.0.0.1"]],
    ["to a private address", ["10.0.0.1"]],
    ["to metadata", ["169.254.169.254"]],
    ["to metadata over IPv6", ["fd00:ec2::254"]],
    ["to Azure's own services", ["168.63.129.16"]],
    ["to carrier-grade NAT", ["100.64.0.1"]],
    ["through NAT64", ["64:ff9b::7f00:1"]],
    ["through 6to4", ["2002:7f00:1::1"]],
    ["to an IPv4-mapped address", ["::ffff:127.0.0.1"]],
    ["when a public address comes with a private one", ["8.8.8.8", "127.0.0.1"]],
    ["when a private address comes before public ones", ["127.0.0.1", "8.8.8.8", "2606:4700::1111"]],
    ["to what is no address", ["localhost"]],
  ])("%s", async (_, addresses) => {
    const server = await serveCallbacks();
    const { lookup, asked } = scriptedLookup(addresses);
    const error = await errorOf(postTo(server.port, localFetch({ lookup, allow: [] })));
    expect([error.code, asked]).toEqual(["ERR_BLOCKED_ADDRESS", ["callback.example"]]);
    // a connection that was on its way would be there before this one
    await postTo(server.port, localFetch());
    expect(server.connections).toHaveLength(1);
  });

  it.each<[string, Lookup]>([
    ["a name without an address", async () => []],
    ["a name that does not exist", () => Promise.reject(Object.assign(new Error(), { code: "ENOTFOUND" }))],
    ["a lookup that throws", () => JSON.parse("")],
    ["a lookup that answers with no list", async () => JSON.parse("null")],
  ])("for %s", async (_, lookup) => {
    const server = await serveCallbacks();
    const error = await errorOf(postTo(server.port, localFetch({ lookup })));
    expect(error.code).toBe("ERR_NOT_CONNECTED");
    await postTo(server.port, localFetch());
    expect(server.connections).toHaveLength(1);
  });

  it("without a lookup of one's own: the system's says what localhost is", async () => {
    const server = await serveCallbacks();
    const error = await errorOf(
      postTo(server.port, createGuardedFetch({ ports: [server.port] }), { host: "localhost" }),
    );
    expect(error.code).toBe("ERR_BLOCKED_ADDRESS");
    await postTo(server.port, localFetch());
    expect(server.connections).toHaveLength(1);
  });
});

describe("upsales.17 what was checked is what is connected to", () => {
  it("a name that answers differently the second time is not asked a second time", async () => {
    const server = await serveCallbacks();
    const { lookup, asked } = scriptedLookup(["127.0.0.1"], [somewhere]);
    const response = await postTo(server.port, localFetch({ lookup }));
    expect([response.status, asked, server.requests.length]).toEqual([200, ["callback.example"], 1]);
  });

  it("each post asks anew, and an answer that has become private is refused", async () => {
    const server = await serveCallbacks();
    const { lookup, asked } = scriptedLookup(["127.0.0.1"], ["127.0.0.2"]);
    const transport = localFetch({ lookup });
    await (await postTo(server.port, transport)).text();
    const error = await errorOf(postTo(server.port, transport));
    expect([error.code, asked.length, server.connections.length]).toEqual(["ERR_BLOCKED_ADDRESS", 2, 1]);
  });

  it("no connection is kept for the next post", async () => {
    const server = await serveCallbacks();
    const transport = localFetch();
    await (await postTo(server.port, transport)).text();
    await (await postTo(server.port, transport)).text();
    expect([server.requests.length, server.connections.length]).toEqual([2, 2]);
    expect(server.requests[0]?.headers.connection).toBe("close");
  });

  it("an address that does not answer gives way to the next that was checked", async () => {
    const server = await serveCallbacks();
    const { lookup } = scriptedLookup(["::1", "127.0.0.1"]);
    const transport = localFetch({ lookup, allow: ["::1", "127.0.0.1"] });
    expect((await postTo(server.port, transport)).status).toBe(200);
  });
});
