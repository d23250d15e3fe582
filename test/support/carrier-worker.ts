/** A process that works what a carrier brings: says that it works, then of each record from when to when it had it. */
import { setTimeout } from "node:timers/promises";
import { bullmq, type BullmqOptions } from "@answerback/bullmq";
import type { Backend, Taken } from "@answerback/core/backend";
import { pgBoss, type PgBossOptions } from "@answerback/pg-boss";
import { postgres, type PostgresOptions } from "@answerback/postgres";
import { redis, type RedisOptions } from "@answerback/redis";

/** What it is told, as JSON. */
export type Orders = {
  readonly receiver: string;
  readonly slots: number;
  readonly leaseMs: number;
  /** How long it takes for one; never ends without. */
  readonly takesMs?: number;
} & (
  | { readonly redis: RedisOptions; readonly bullmq: BullmqOptions }
  | { readonly postgres: PostgresOptions; readonly pgBoss: PgBossOptions }
);

/** What it says of each: ms since the epoch. */
export interface Spell {
  readonly key: string;
  readonly attempts: number;
  readonly from: number;
  /** Absent: it has just begun. */
  readonly to?: number;
}

const orders: Orders = JSON.parse(process.argv[2] ?? "{}");
const backend: Backend<any> =
  "redis" in orders
    ? bullmq(redis(orders.redis), orders.bullmq)
    : pgBoss(postgres(orders.postgres), orders.pgBoss);
const { receiver, slots, leaseMs, takesMs } = orders;
const records = await backend.open(receiver);
const stop = records.work({ slots: { run: slots, post: slots }, leaseMs, each });
process.once("message", () => void end());
process.send?.("works");

async function each({ key, attempts }: Taken, token: string): Promise<void> {
  const from = now();
  say({ key, attempts, from });
  if (takesMs === undefined) return new Promise(() => {});
  await setTimeout(takesMs);
  // before the save: whoever works the next may begin with it
  const to = now();
  await records.save(key, { token, sequence: 1, leaseMs }, { work: null, forMs: 60_000 });
  say({ key, attempts, from, to });
}

/** One clock for all processes on the machine, finer than a ms. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function say(spell: Spell): void {
  process.send?.(spell);
}

async function end(): Promise<void> {
  await stop();
  await backend.close();
  await backend.close();
  process.disconnect?.();
}
