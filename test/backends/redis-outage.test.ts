/** redis through outages: killed and started again, or hanging; over a client of ours and over the user's. */
import { backendConformance } from "@answerback/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeWith } from "../support/engines.ts";
import { startRedis, type RedisServer } from "../support/redis-server.ts";
import { common, overTheirClient, storeIn, type RedisStore } from "../support/redis-store.ts";

describeWith("redis-server")("redis that goes away", () => {
  let server: RedisServer;
  beforeAll(async () => {
    // on the disk before a verb resolves
    server = await startRedis({ appendonly: "yes", appendfsync: "always" });
  });
  afterAll(() => server.destroy());

  async function killed(): Promise<() => Promise<void>> {
    await server.kill();
    return server.start;
  }

  async function frozen(): Promise<() => Promise<void>> {
    server.freeze();
    return async () => server.thaw();
  }

  /** After a law that left it away. */
  async function backAgain<Store extends RedisStore>(store: Store): Promise<Store> {
    const destroy = async () => {
      server.thaw();
      await server.start();
      await store.destroy?.();
    };
    return { ...store, destroy };
  }

  const outages = {
    "redis that is killed": { create: () => storeIn(server.url, { shards: 3 }), outage: killed },
    "redis that hangs": { create: () => storeIn(server.url), outage: frozen },
    "redis that is killed, over their client": { create: () => overTheirClient(server.url), outage: killed },
    "redis that hangs, over their client": { create: () => overTheirClient(server.url), outage: frozen },
  };
  for (const [name, { create, outage }] of Object.entries(outages))
    backendConformance<RedisStore>(
      { ...common, name, create: async () => backAgain(create()), outage },
      { describe, test, expect },
    );
});
