/** redis over bad wires: what was rejected does not come late, and a dead connection is left for a new one. */
import { redis } from "@answerback/redis";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { describeWith } from "../support/engines.ts";
import { startRedis } from "../support/redis-server.ts";
import { untilItCan } from "../support/redis-store.ts";
import { wireTo } from "../support/wire.ts";

const lease = (token: string, sequence = 0) => ({ token, sequence, leaseMs: 60_000 });

describeWith("redis-server")("redis over a bad wire", () => {
  async function openedOverWire() {
    const server = await startRedis();
    const wire = await wireTo(server.url);
    const backend = redis(wire.url);
    onTestFinished(async () => {
      await backend.close();
      await wire.destroy();
      await server.destroy();
    });
    return { server, wire, records: await backend.open("receiver") };
  }

  test("a connection that went dead is left, and a new one serves", async () => {
    const { wire, records } = await openedOverWire();
    await records.claim("key", lease("one"));
    wire.deaden();
    await expect(records.claim("other", lease("two"))).rejects.toThrow(/within 1500 ms/);
    await untilItCan(() => records.claim("other", lease("two")));
    expect(await records.save("key", lease("one", 1), { forMs: 0 })).toBe(true);
  });

  test("a master that became a replica is left for the new one", async () => {
    const { server, wire, records } = await openedOverWire();
    const next = await startRedis();
    onTestFinished(() => next.destroy());
    await records.claim("key", lease("one"));
    wire.leadTo(next.port);
    const old = new Redis(server.url);
    onTestFinished(() => old.disconnect());
    await old.replicaof("127.0.0.1", next.port);
    await expect(records.claim("other", lease("two"))).rejects.toThrow(/READONLY/);
    await untilItCan(() => records.claim("other", lease("two")));
    expect(await next.count("*:record:*")).toBe(1);
  });

  test("what was on its way when the connection broke is rejected, and not sent again", async () => {
    const { server, wire, records } = await openedOverWire();
    server.freeze();
    const claim = records.claim("key", lease("one"));
    wire.cut();
    await expect(claim).rejects.toThrow(/closed|retries/);
    server.thaw();
    await untilItCan(() => records.claim("other", lease("two")));
  });

  test("over their client, what was rejected while Redis was away does not come late", async () => {
    const server = await startRedis();
    const client = new Redis(server.url, { maxRetriesPerRequest: null });
    client.on("error", () => {});
    onTestFinished(async () => {
      client.disconnect();
      await server.destroy();
    });
    const records = await redis({ client }).open("receiver");
    await server.kill();
    await untilItCan(() => expect(client.status).not.toBe("ready"));
    await expect(records.claim("key", lease("one"))).rejects.toThrow(/not connected/);
    await server.start();
    await untilItCan(() => records.claim("other", lease("two")));
    expect(await records.get("key")).toBe(undefined);
  });
});
