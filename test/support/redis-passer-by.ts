/** A process that claims, saves and works in Redis, closes twice, and has nothing left to stay for. */
import { redis } from "@answerback/redis";

const [url = "", prefix = ""] = process.argv.slice(2);
const backend = redis({ url, prefix });
const records = await backend.open("receiver");
const lease = { token: "passer-by", sequence: 0, leaseMs: 60_000 };
await records.claim("key", lease);
await records.save("key", { ...lease, sequence: 1 }, { work: '"event"', forMs: 0 });
await new Promise<void>((worked) => {
  records.work({ leaseMs: 60_000, slots: { run: 2, post: 2 }, each: async () => worked() });
});
await Promise.all([backend.close(), backend.close()]);
await backend.close();
