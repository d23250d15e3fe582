/** The pg-boss carrier: the keys of due records travel in a queue of pg-boss, which may lose them all. */
import { carried, OptionError, pump, systemClock } from "@answerback/core";
import type { Backend, Carriage, Carrier, FeedOptions, Pump } from "@answerback/core";
import { bossAt, heartbeatMs, type Boss } from "./boss.ts";

/** Where pg-boss is, and how much it hands out. */
export interface PgBossOptions extends FeedOptions {
  /** `postgres://…`. It need not be the database of the records. */
  readonly connectionString: string | undefined;
  /** The schema that holds pg-boss's tables; made where it is not there. Default `answerback_pgboss`. */
  readonly schema?: string | undefined;
  /** How many records this process works at a time. Default and at most what the receiver has slots for: 32. */
  readonly concurrency?: number | undefined;
  /** How many records all processes together work at a time, a receiver. Default: no limit. */
  readonly globalConcurrency?: number | undefined;
}

/**
 * The backend with its work handed out by pg-boss: a queue a receiver, named after it, with the keys of what is due and
 * nothing else. It may be wiped or away: nothing is lost, only later.
 *
 * @throws OptionError for a mistake in the options, and from `open` for a backend that cannot say what is due.
 * @example
 * const backend = pgBoss(postgres(process.env.DATABASE_URL), { connectionString: process.env.DATABASE_URL });
 */
export function pgBoss<Db>(backend: Backend<Db>, options: PgBossOptions): Backend<Db> {
  const { connectionString, schema = "answerback_pgboss", ...rest } = options;
  const { concurrency = Infinity, globalConcurrency, ...feeding } = rest;
  if (!connectionString)
    throw new OptionError("connectionString", "missing", "give postgres://user@host:5432/database");
  mustBeWhole({ concurrency, globalConcurrency });
  const boss = bossAt(connectionString, schema);
  const carrier: Carrier = {
    open: async (queue) => openQueue(boss, { queue, concurrency, globalConcurrency }),
    close: () => boss.close(),
  };
  return carried(backend, carrier, feeding);
}

interface Terms {
  readonly queue: string;
  readonly concurrency: number;
  readonly globalConcurrency: number | undefined;
}

/** How often a worker looks for what another process put in: ms. */
const pollMs = 500;

/** How long it may take until a job that was fetched is begun: ms. */
const beginWithinMs = 10_000;

function openQueue(boss: Boss, { queue, concurrency, globalConcurrency }: Terms): Carriage {
  const pumps = new Set<Pump>();

  // as the pump knows work: only the key matters, and the job's id to be rid of it
  async function take() {
    const job = await boss.fetch(queue, globalConcurrency);
    return job && { key: job.data.key, work: job.id, attempts: 1, answer: null, note: null };
  }

  return {
    async put(parcels) {
      await boss.put(queue, parcels);
      for (const { wake } of pumps) wake();
    },
    work(slots, each) {
      const inHand = new Set<string>();
      const stopBeating = beat(() => boss.touch(queue, inHand));
      const worker = {
        slots: Math.min(slots, concurrency),
        leaseMs: 2 * beginWithinMs,
        async each({ key, work: id }: { readonly key: string; readonly work: string }) {
          inHand.add(id);
          await each(key).finally(() => inHand.delete(id));
          // gone without a trace; one that stays is given up when its heart stops
          await boss.remove(queue, id).catch(() => {});
        },
      };
      const working = pump({ take }, worker, systemClock, { pollMs });
      pumps.add(working);
      return async () => {
        pumps.delete(working);
        await working.stop();
        stopBeating();
      };
    },
    close: async () => {},
  };
}

/** Calls it every third of the time after which a job without a heartbeat is given up. */
function beat(touch: () => Promise<void>): () => void {
  let callOff = () => {};
  const next = () => {
    callOff = systemClock.after(heartbeatMs / 3, () => {
      touch().catch(() => {});
      next();
    });
  };
  next();
  return () => callOff();
}

function mustBeWhole(limits: Record<string, number | undefined>): void {
  for (const [name, value] of Object.entries(limits))
    if (value !== undefined && value !== Infinity && (!Number.isInteger(value) || value < 1))
      throw new OptionError(name, "out_of_range", `${value} is not a whole number above 0`);
}
