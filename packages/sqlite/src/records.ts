/** The verbs of one receiver: what reads looks at once, what writes joins the next commit. */
import { openPumps, type Clock, type HoldToken, type Records, type Taken } from "@answerback/core";
import type { Queue } from "./queue.ts";
import { changing, claimed, entry, holding, refused, taken, wholeMs, type Row } from "./row.ts";
import type { Statements } from "./statements.ts";

/** What the verbs work on. */
export interface Desk {
  /** The prepared statements of the file. */
  readonly statements: Statements;
  /** What is written goes through it, into the next commit. */
  readonly queue: Queue;
  /** The clock that `until` is on. */
  readonly clock: Clock;
  /** The receiver's number in the file. */
  readonly receiver: number;
}

/** How long a worker sleeps at most, for what another process made due: ms. */
const longestSleepMs = 1_000;

/** The records of a receiver; `letGo` is called when they close. */
export function openRecords({ statements, queue, clock, receiver }: Desk, letGo: () => void): Records {
  const pumps = openPumps(take, { clock, sleepMs });

  function look(key: string, now: number): Row | undefined {
    return statements.get.get({ receiver, key, now }) as Row | undefined;
  }

  async function take(hold: HoldToken, from?: { key: string; early?: boolean }): Promise<Taken | undefined> {
    if (!from && untilDue() > 0) return undefined;
    return queue.add(() => {
      const now = clock.now();
      const holder = { receiver, now, ...holding(hold, now) };
      const row = from
        ? statements.takeOne.get({ ...holder, key: from.key, early: from.early ? 1 : 0 })
        : statements.take.get(holder);
      return row && taken(row as unknown as Row);
    });
  }

  /** Until the next work is due, 0 if some is: ms. */
  function untilDue(): number {
    const { until } = statements.nextDue.get({ receiver }) as { until: number | null };
    return until === null ? Infinity : Math.max(0, until - clock.now());
  }

  function sleepMs(): number {
    try {
      const ms = untilDue();
      // what is due and was not taken could not be: the file is busy, or full
      return ms > 0 ? Math.min(ms, longestSleepMs) : longestSleepMs;
    } catch {
      // a file that cannot be read now may be readable later
      return longestSleepMs;
    }
  }

  return {
    take,

    async claim(key, hold) {
      // most of what is not to be had is told so without a transaction
      const seen = refused(look(key, clock.now()), hold, clock.now());
      if (seen) return seen;
      return queue.add(() => {
        const now = clock.now();
        const row = statements.claim.get({ receiver, key, now, ...holding(hold, now) });
        return row ? claimed(row as unknown as Row) : refused(look(key, now), hold, now)!;
      });
    },

    async save(key, hold, change) {
      const { token, step } = hold;
      const saved = await queue.add(() => {
        const now = clock.now();
        const after = statements.save.get({ receiver, key, token, step, now, ...changing(change, now) });
        if (!after) return look(key, now);
        if (after.work === null && change.forMs)
          statements.linger.run({ receiver, ms: wholeMs(change.forMs) });
        return after;
      });
      const row = saved as Row | undefined;
      if (row?.token !== token || row.step !== step) return false;
      if (row.work !== null && row.until !== null) pumps.wakeFor(row.until - clock.now());
      return true;
    },

    async get(key) {
      const now = clock.now();
      const row = look(key, now);
      return row && entry(row, now);
    },

    async dead({ limit, after = "" }) {
      const now = clock.now();
      const rows = statements.dead.all({ receiver, limit, after }) as unknown as Row[];
      return rows.map((row) => entry(row, now));
    },

    work: (worker) => pumps.start(worker),

    async close() {
      pumps.stop();
      letGo();
    },
  };
}
