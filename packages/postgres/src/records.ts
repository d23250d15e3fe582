/** The verbs of one receiver. */
import { openPumps, systemClock, type HoldToken, type Records, type Taken } from "@answerback/core";
import type { PostgresDb } from "./db.ts";
import { claimed, entry, holding, saving, taken } from "./row.ts";
import { runTransaction } from "./run.ts";
import type { Session } from "./session.ts";

/** How long a worker sleeps at most, for what another process made due: ms. */
const longestSleepMs = 1_000;

/** How often a claim looks again at a record that others claim and release meanwhile. */
const claimTries = 20;

/** A retention of a century is as good as for ever: ms. */
const longestLingerMs = 100 * 365.25 * 86_400_000;

/** The records of a receiver; `letGo` is called when they close. */
export function openRecords(session: Session, letGo: () => void): Records<PostgresDb> {
  const { ask, askTogether, receiver } = session;
  const pumps = openPumps(take, { clock: systemClock, sleepMs });
  let { lingerMs } = session;
  /** When the next work that we know of is due. */
  let nextDue = Infinity;

  async function take(hold: HoldToken, from?: { key: string; early?: boolean }): Promise<Taken | undefined> {
    const { key, early = false } = from ?? {};
    const { rows } =
      key === undefined
        ? await ask("take", { receiver, ...holding(hold) })
        : await ask("takeOne", { receiver, key, early, ...holding(hold) });
    const [row] = rows;
    if (key === undefined) nextDue = systemClock.now() + (row.dueMs ?? Infinity);
    return row?.key === undefined || row.key === null ? undefined : taken(row);
  }

  function sleepMs(): number {
    const now = systemClock.now();
    // what is due and was not taken is in somebody's hands, or the engine is away
    return nextDue > now ? Math.min(nextDue - now, longestSleepMs) : longestSleepMs;
  }

  function wakeFor(dueMs: number | null): void {
    if (dueMs !== null) pumps.wakeFor(dueMs);
  }

  /** Before the save: what is free must not be swept before what is settled. */
  async function linger(forMs: number | null | undefined): Promise<void> {
    const ms = Math.min(Math.ceil(forMs ?? 0), longestLingerMs);
    if (ms <= lingerMs) return;
    await ask("linger", { receiver, ms });
    lingerMs = ms;
  }

  return {
    take,

    async claim(key, hold) {
      const item = { receiver, key, ...holding(hold) };
      for (let left = claimTries; left > 0; left -= 1) {
        const row = await askTogether("claim", item);
        if (row && !row.claimable) return claimed(row);
        const [won] = row ? (await ask("reclaim", item)).rows : [];
        if (won) return claimed(won);
      }
      return { state: "held", forMs: 0 };
    },

    async save(key, hold, change) {
      await linger(change.forMs);
      const row = await askTogether("save", { receiver, ...saving({ key, hold, change }) });
      if (!row) return isSaved(key, hold);
      wakeFor(row.dueMs);
      return true;
    },

    async run(handle) {
      const made = await runTransaction(session, async (db) => {
        const savings = await handle(db);
        for (const { change } of savings) await linger(change.forMs);
        return savings;
      });
      if (made) wakeFor(made.dueMs);
      return made !== undefined;
    },

    async get(key) {
      const { rows } = await ask("get", { receiver, key });
      return rows[0] && entry(rows[0]);
    },

    async dead({ limit, after = "" }) {
      const { rows } = await ask("dead", { receiver, limit, after });
      return rows.map(entry);
    },

    async due(limit) {
      const { rows } = await ask("due", { receiver, limit });
      return rows.map(({ key, since }) => ({ key, since }));
    },

    work: (worker) => pumps.start(worker),

    async close() {
      pumps.stop();
      letGo();
    },
  };

  /** The same step again is a repeat. Asked by itself: a statement sees nothing of one that ran beside it. */
  async function isSaved(key: string, { token, step }: HoldToken): Promise<boolean> {
    const { rows } = await ask("saved", { receiver, key, token, sequence: step });
    return rows.length > 0;
  }
}
