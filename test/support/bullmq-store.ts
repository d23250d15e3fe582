/** Stores in Redis whose work BullMQ hands out, in queues under a prefix that nobody else has. */
import { randomUUID } from "node:crypto";
import type { Backend } from "@answerback/core/backend";
import type { Subject } from "@answerback/conformance";
import { bullmq, type BullmqOptions } from "@answerback/bullmq";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { removeAll, storeIn } from "./redis-store.ts";

/** A store, and the way to its queues. */
export interface CarriedStore extends Subject {
  readonly prefix: string;
  /** Of the records. */
  readonly recordsPrefix: string;
  /** A client with the records and the queues on it, as another process would have one. */
  readonly open: (options?: Partial<BullmqOptions>) => Backend;
  /** BullMQ's own hands on the only queue that there is. */
  readonly queue: () => Promise<Queue>;
}

/** An empty store in one Redis, carried by BullMQ in another or the same. */
export function carriedStore(url: string, engine: string = url): CarriedStore {
  const records = storeIn(url);
  const prefix = `test-${randomUUID()}`;
  const open = (options: Partial<BullmqOptions> = {}) =>
    bullmq(records.open(), { connection: engine, prefix, ...options });
  const clients: Redis[] = [];
  return {
    prefix,
    recordsPrefix: records.prefix,
    open,
    backend: open(),
    advance: records.advance,
    async queue() {
      const connection = new Redis(engine);
      clients.push(connection);
      return new Queue(await nameOfQueue(connection, prefix), { prefix, connection });
    },
    async destroy() {
      for (const client of clients) client.disconnect();
      await records.destroy?.();
      // a server of the test's own is gone with the test
      if (engine === url) await removeAll(engine, prefix);
    },
  };
}

/** Once it is there. */
async function nameOfQueue(client: Redis, prefix: string): Promise<string> {
  for (;;) {
    const metas = await client.keys(`${prefix}:*:meta`);
    // that of the runs
    const meta = metas.find((key) => !key.includes("-posts-"));
    if (meta) return meta.split(":")[1]!;
  }
}
