/** A process with a file open: says how that went, then claims the keys that it is sent and says which it won. */
import { randomUUID } from "node:crypto";
import type { Records } from "@answerback/core/backend";
import { sqlite } from "@answerback/sqlite";

const [file = "", exclusive] = process.argv.slice(2);

try {
  const records = await sqlite({ file, ...(exclusive && { exclusive: true }) }).open("receiver");
  process.on("message", (keys: string[]) => void claim(records, keys));
  process.send?.("open");
} catch (error) {
  process.send?.(String(error));
}

/** All at once, each under a token of its own. */
async function claim(records: Records, keys: readonly string[]): Promise<void> {
  const claims = keys.map(async (key) =>
    records.claim(key, { token: randomUUID(), sequence: 0, leaseMs: 60_000 }),
  );
  const states = (await Promise.all(claims)).map(({ state }) => state);
  process.send?.(keys.filter((_, index) => states[index] === "claimed"));
}
