/** redis on a Cluster of three: the contract, the shards on all nodes, and a node that is away. */
import { backendConformance } from "@answerback/conformance";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { describeWith } from "../support/engines.ts";
import { startCluster, type RedisCluster } from "../support/redis-cluster.ts";
import { common, storeIn, untilItCan, type RedisStore } from "../support/redis-store.ts";

describeWith("redis-server")("redis on a Cluster of three", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.destroy());

  function storeInCluster(): RedisStore {
    const client = cluster.connect();
    client.on("error", () => {});
    const store = storeIn("", { client, shards: 7 });
    return { ...store, destroy: async () => client.disconnect() };
  }

  backendConformance<RedisStore>(
    { ...common, name: "redis", create: async () => storeInCluster() },
    { describe, test, expect },
  );

  async function opened() {
    const store = storeInCluster();
    onTestFinished(async () => {
      await store.backend.close();
      await store.destroy?.();
    });
    return { ...store, records: await store.backend.open("receiver") };
  }

  const lease = (token: string) => ({ token, sequence: 0, leaseMs: 60_000 });
  const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);

  test("the records of one receiver are on all nodes", async () => {
    const { records, prefix } = await opened();
    await Promise.all(keys.map(async (key) => records.claim(key, lease(key))));
    const counts = await Promise.all(cluster.servers.map((server) => server.count(`${prefix}:*:record:*`)));
    expect(counts.every((count) => count > 0)).toBe(true);
    expect(counts.reduce((sum, count) => sum + count)).toBe(60);
  });

  test.each(["}", "{", "{}", "", "a}b"])("a receiver named %j has its names on one node", async (name) => {
    const { backend } = await opened();
    const records = await backend.open(name);
    await records.claim("key", lease("one"));
    expect(await records.save("key", { ...lease("one"), sequence: 1 }, { work: '"event"', forMs: 0 })).toBe(
      true,
    );
    expect((await records.take(lease("two")))?.key).toBe("key");
  });

  test("while a node is away, the records of the others are claimed, saved and worked", async () => {
    const { records } = await opened();
    const due = { answer: '"yes"', work: '"event"', forMs: 0 };
    for (const key of keys) {
      await records.claim(key, lease(key));
      await records.save(key, { ...lease(key), sequence: 1 }, due);
    }
    cluster.servers[0]!.freeze();
    onTestFinished(() => cluster.servers[0]!.thaw());
    const claims = await Promise.allSettled(
      keys.map(async (key) => records.claim(key, lease(`${key} again`))),
    );
    const there = claims.filter(({ status }) => status === "fulfilled").length;
    expect([there > 0, there < keys.length]).toEqual([true, true]);
    expect((await records.take(lease("worker")))?.work).toBe('"event"');
    await expect(records.list({ limit: 10 })).rejects.toThrow(/within 1500 ms/);

    cluster.servers[0]!.thaw();
    for (const key of keys) {
      const claim = () => records.claim(key, lease(`${key} once more`));
      await untilItCan(claim);
      expect(await claim()).toEqual({ state: "settled", answer: '"yes"' });
    }
  });
});
