/** A process on a store in Redis: says that it is open, then claims the keys that it is sent and says which it won. */
import { randomUUID } from "node:crypto";
import type { Records } from "@answerback/core/backend";
import { redis } from "@answerback/redis";

const [url = "", prefix = ""] = process.argv.slice(2);
const records = await redis({ url, prefix }).open("receiver");
process.on("message", (keys: string[]) => void claim(records, keys));
process.send?.("open");

/** Fifty at once for each, each under a token of its own. */
async function claim(records: Records, keys: readonly string[]): Promise<void> {
  const won: string[] = [];
  for (const key of keys) {
    const claims = Array.from({ length: 50 }, async () =>
      records.claim(key, { token: randomUUID(), sequence: 0, leaseMs: 60_000 }),
    );
    for (const { state } of await Promise.all(claims)) if (state === "claimed") won.push(key);
  }
  process.send?.(won);
}
