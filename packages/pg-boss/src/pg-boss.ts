/** The pg-boss carrier: the keys of due records travel in a queue of pg-boss, which may lose them all. */
import {
  aBackend,
  createPoller,
  feedOptions,
  matching,
  optional,
  queued,
  readOptions,
  systemClock,
  takesAtMost,
  text,
  textOr,
  wholeNumber,
  withDefault,
  type Backend,
  type Carrier,
  type FeedOptions,
  type Queue,
} from "@answerback/core/backend";
import { bossAt, heartbeatMs, type Boss } from "./boss.ts";

/** Where pg-boss is, and how much it hands out. */
export interface PgBossOptions extends FeedOptions {
  /** `postgres://…`. It need not be the database of the records. */
  readonly connectionString: string | undefined;
  /** The schema that holds pg-boss's tables; made where it is not there. Default `answerback_pgboss`. */
  readonly schema?: string | undefined;
  /** How many runs, and how many posts, this process works at a time. Default and at most the receiver's `concurrency`. */
  readonly concurrency?: number | undefined;
  /** How many runs, and how many posts, of a receiver all processes together work at a time. Default: no limit. */
  readonly globalConcurrency?: number | undefined;
}

/**
 * The backend with its work handed out by pg-boss: two queues a receiver, named after it, for runs and for posts, with
 * the keys of what is due and nothing else. They may be wiped or away: nothing is lost, only later.
 *
 * @throws OptionError for a mistake in the options, and from `open` for a backend that cannot say what is due.
 * @example
 * const backend = pgBoss(postgres(process.env.DATABASE_URL), { connectionString: process.env.DATABASE_URL });
 */
export function pgBoss<Db>(backend: Backend<Db>, options: PgBossOptions): Backend<Db> {
  takesAtMost(2, "pgBoss", arguments);
  aBackend("pgBoss: backend", backend);
  const { connectionString, schema, ...given } = readOptions("pgBoss", options, known);
  const { concurrency = Infinity, globalConcurrency, ...feeding } = given;
  const boss = bossAt(connectionString, schema);
  const carrier: Carrier = {
    open: async (queue) => openQueue(boss, { queue, concurrency, globalConcurrency }),
    close: () => boss.close(),
  };
  return queued(backend, carrier, feeding);
}

const known = {
  connectionString: matching(
    /^(postgres|postgresql|socket):|^\//,
    "it does not begin with postgres://, socket: or a socket's folder",
    textOr("give postgres://user@host:5432/database; is the environment variable set?"),
  ),
  schema: withDefault(text, "answerback_pgboss"),
  concurrency: optional(wholeNumber),
  globalConcurrency: optional(wholeNumber),
  ...feedOptions,
};

interface Terms {
  readonly queue: string;
  readonly concurrency: number;
  readonly globalConcurrency: number | undefined;
}

/** How often a worker looks for what another process added: ms. */
const pollMs = 500;

/** How long it may take until a job that was fetched is begun: ms. */
const beginWithinMs = 10_000;

const noRecord = { kind: "run", attempts: 1, answer: null, note: null } as const;

function openQueue(boss: Boss, { queue, concurrency, globalConcurrency }: Terms): Queue {
  const poller = createPoller(take, { clock: systemClock, sleepMs: () => pollMs });

  // as the poller knows work: only the key matters, and the job's id to remove the job
  async function take() {
    const job = await boss.fetch(queue, globalConcurrency);
    return job && { ...noRecord, key: job.data.key, work: job.id };
  }

  return {
    async add(jobs) {
      await boss.add(queue, jobs);
      poller.wakeFor(0, noRecord.kind);
    },
    work(slots, each) {
      const inHand = new Set<string>();
      const stopBeating = beat(() => boss.touch(queue, inHand));
      const atOnce = Math.min(slots, concurrency);
      const stopWorking = poller.start({
        slots: { run: atOnce, post: 0 },
        leaseMs: 2 * beginWithinMs,
        async each({ key, work: id }: { readonly key: string; readonly work: string }) {
          inHand.add(id);
          await each(key).finally(() => inHand.delete(id));
          // gone without a trace; one that stays is given up when its heart stops
          await boss.remove(queue, id).catch(() => {});
        },
      });
      return async () => {
        await stopWorking();
        stopBeating();
      };
    },
    close: async () => {},
  };
}

/** Calls it every third of the time after which a job without a heartbeat is given up. */
function beat(touch: () => Promise<void>): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = systemClock.after(heartbeatMs / 3, () => {
      touch().catch(() => {});
      next();
    });
  };
  next();
  return () => cancel();
}
