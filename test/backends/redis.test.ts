/** redis keeps the contract: on one shard and on several, over a client of ours and over the user's. */
import { backendConformance } from "@answerback/conformance";
import { describe, expect, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { common, overTheirClient, storeIn, type RedisStore } from "../support/redis-store.ts";

const at = () => engineOf("redis").at;

describeWith("redis")("redis on a server", () => {
  const creates = {
    redis: () => storeIn(at()),
    "redis on five shards": () => storeIn(at(), { shards: 5 }),
    "redis over their client": () => overTheirClient(at()),
  };
  for (const [name, create] of Object.entries(creates))
    backendConformance<RedisStore>(
      { ...common, name, create: async () => create() },
      { describe, test, expect },
    );
});
