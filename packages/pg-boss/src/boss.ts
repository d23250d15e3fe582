/** pg-boss itself: started by who needs it first, anew after a failure, and told to keep nothing of its own. */
import type { Job } from "@answerback/core/backend";
import { PgBoss, type ConstructorOptions, type Job as BossJob, type Queue } from "pg-boss";

/** What is asked of pg-boss. All but `close` reject while its database is away. */
export interface Boss {
  /** Adds jobs; of those with one id the queue takes one. */
  add(queue: string, jobs: readonly Job[]): Promise<void>;
  /** The oldest job, if there is one and no more than `limit` are in anybody's hands. */
  fetch(queue: string, limit: number | undefined): Promise<BossJob<Data> | undefined>;
  /** They are in good hands still. */
  touch(queue: string, ids: ReadonlySet<string>): Promise<void>;
  /** Deletes a job. */
  remove(queue: string, id: string): Promise<void>;
  /** May be called twice; who needs it afterwards starts it again. */
  close(): Promise<void>;
}

interface Data {
  readonly key: string;
}

/** How long a job may go without a touch before it is given up: ms. */
export const heartbeatMs = 30_000;

/** A pg-boss in this database. Nothing is connected yet. */
export function bossAt(connectionString: string, schema: string): Boss {
  const queues = new Set<string>();
  let running: Promise<PgBoss> | undefined;

  async function withQueue(queue: string): Promise<PgBoss> {
    running ??= start({ ...quick, connectionString, schema }).catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    const boss = await running;
    if (!queues.has(queue)) await boss.createQueue(queue, terms);
    queues.add(queue);
    return boss;
  }

  async function close(): Promise<void> {
    const closed = running;
    running = undefined;
    queues.clear();
    const boss = await closed?.catch(() => undefined);
    await boss?.stop({ graceful: false }).catch(() => {});
  }

  return {
    async add(queue, jobs) {
      try {
        const boss = await withQueue(queue);
        await boss.insert(queue, jobs.map(jobOf));
      } catch (error) {
        // not started yet, or somebody dropped the queue, or all of pg-boss: the next one finds it made again
        void close();
        throw error;
      }
    },
    async fetch(queue, limit) {
      const boss = await withQueue(queue);
      const [job] = await (limit === undefined ? boss.fetch<Data>(queue) : fetchWithin(boss, queue, limit));
      return job;
    },
    async touch(queue, ids) {
      if (ids.size > 0) await (await withQueue(queue)).touch(queue, [...ids]);
    },
    async remove(queue, id) {
      await (await withQueue(queue)).deleteJob(queue, id);
    },
    close,
  };
}

async function start(options: ConstructorOptions): Promise<PgBoss> {
  const boss = new PgBoss(options);
  // what fails is added again, and who hears of it is told by `queued`; an error nobody listens to would end the process
  boss.on("error", () => {});
  try {
    return await boss.start();
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {});
    throw error;
  }
}

/** One after the other in all processes: what pg-boss counts by itself two may count at once. */
async function fetchWithin(boss: PgBoss, queue: string, limit: number): Promise<BossJob<Data>[]> {
  const transaction = await boss.getDb().beginTransaction!();
  try {
    const { db } = transaction;
    await db.executeSql("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`answerback ${queue}`]);
    const jobs = await boss.fetch<Data>(queue, { db, groupConcurrency: limit });
    await transaction.commit();
    return jobs;
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

/** By its key, not its id: a job that is over, however that came, stands in nobody's way. */
function jobOf({ id, key }: Job): { data: Data; singletonKey: string; group: { id: string } } {
  return { data: { key }, singletonKey: id, group: { id: "all" } };
}

/** Nothing of pg-boss's own: what has to be done again is due again, and only a heart that stops ends a job. */
const terms: Omit<Queue, "name"> = {
  policy: "exclusive",
  retryLimit: 0,
  heartbeatSeconds: heartbeatMs / 1_000,
  expireInSeconds: 86_400,
  deleteAfterSeconds: 3_600,
};

/** Few connections, bounded waits, no schedules; a job without a heartbeat for too long is noticed within 10 s. */
const quick: ConstructorOptions & { query_timeout: number } = {
  application_name: "answerback",
  max: 4,
  connectionTimeoutMillis: 5_000,
  query_timeout: 10_000,
  superviseIntervalSeconds: 10,
  monitorIntervalSeconds: 10,
  queueCacheIntervalSeconds: 10,
  flowIntervalSeconds: 600,
  schedule: false,
};
