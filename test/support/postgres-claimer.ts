/** A process with a schema open: says how that went, then claims the keys that it is sent and says which it won. */
import { randomUUID } from "node:crypto";
import { isAnswerbackError } from "@answerback/core";
import { type Records } from "@answerback/core/backend";
import { postgres } from "@answerback/postgres";

const [url, schema] = process.argv.slice(2);

try {
  const backend = postgres({ url, schema });
  const records = await backend.open("receiver");
  process.on("message", (keys: string[] | "close") => {
    if (keys !== "close") return void claim(records, keys);
    // nothing of ours is open from here on, and the process ends by itself
    process.disconnect();
    void backend.close();
  });
  process.send?.("open");
} catch (error) {
  process.send?.(`${isAnswerbackError(error) && error.code} ${String(error)}`);
}

/** All at once, each under a token of its own. */
async function claim(records: Records<any>, keys: readonly string[]): Promise<void> {
  const claims = keys.map(async (key) =>
    records.claim(key, { token: randomUUID(), sequence: 0, leaseMs: 60_000 }),
  );
  const states = (await Promise.all(claims)).map(({ state }) => state);
  process.send?.(keys.filter((_, index) => states[index] === "claimed"));
}
