/** The verbs of one receiver. */
import {
  createLinger,
  createPoller,
  isPromise,
  systemClock,
  type LeaseToken,
  type Records,
  type TakeOptions,
  type Taken,
  type WorkKind,
} from "@answerback/core/backend";
import type { PostgresDb } from "./db.ts";
import { listOf } from "./looks.ts";
import { bounded, claimed, leasing, listing, saving, taken, telling } from "./row.ts";
import { runTransaction } from "./run.ts";
import type { Session } from "./session.ts";

/** How long a worker sleeps at most, for what another process made due: ms. */
const longestSleepMs = 1_000;

/** How often a claim looks again at a record that others claim and release meanwhile. */
const claimTries = 20;

/** A retention of a century is as good as for ever: ms. */
const longestLingerMs = 100 * 365.25 * 86_400_000;

/** Newer than any record. */
const beforeAll = { at: Number.MAX_SAFE_INTEGER, key: "" };

const none = { held: 0, free: 0, due: 0, waiting: 0, paused: 0, dead: 0, settled: 0 };

/** The records of a receiver; they call `release` when they close. */
export function openRecords(session: Session, release: () => void): Records<PostgresDb> {
  const { ask, askTogether, receiver } = session;
  const poller = createPoller(take, { clock: systemClock, sleepMs });
  const linger = createLinger(session.lingerMs, (ms) =>
    ask("linger", { receiver, ms: Math.min(ms, longestLingerMs) }),
  );
  /** When the next work that we know of is due. */
  let nextDue = Infinity;

  async function take(lease: LeaseToken, which: TakeOptions = {}): Promise<Taken | undefined> {
    const { key, early = false, kind = null } = which;
    const howEarly = early === true ? "any" : early || null;
    const { rows } =
      key === undefined
        ? await ask("take", { receiver, kind, ...leasing(lease) })
        : await ask("takeOne", { receiver, key, early: howEarly, ...leasing(lease) });
    const [row] = rows;
    if (key === undefined) nextDue = systemClock.now() + (row.dueMs ?? Infinity);
    return row?.key === undefined || row.key === null ? undefined : taken(row);
  }

  function sleepMs(): number {
    const now = systemClock.now();
    // what is due and was not taken is in somebody's hands, or the engine is away
    return nextDue > now ? Math.min(nextDue - now, longestSleepMs) : longestSleepMs;
  }

  function wakeFor(dueMs: number | null, kind: WorkKind): void {
    if (dueMs !== null) poller.wakeFor(dueMs, kind);
  }

  return {
    take,

    async claim(key, lease, about) {
      const item = { receiver, key, ...leasing(lease), ...telling(about) };
      for (let left = claimTries; left > 0; left -= 1) {
        const row = await askTogether("claim", item);
        if (row && !row.claimable) return claimed(row);
        const [won] = row ? (await ask("reclaim", item)).rows : [];
        if (won) return claimed(won);
      }
      return { state: "held", forMs: 0 };
    },

    async save(key, lease, change) {
      const covering = linger.cover(change);
      if (isPromise(covering)) await covering;
      const row = await askTogether("save", { receiver, ...saving({ key, lease, change }) });
      if (!row) return isSaved(key, lease);
      wakeFor(row.dueMs, row.kind);
      return true;
    },

    async run(handle) {
      const made = await runTransaction(session, async (db) => {
        const savings = await handle(db);
        for (const { change } of savings) await linger.cover(change);
        return savings;
      });
      if (made) for (const kind of ["run", "post"] as const) wakeFor(made.dueMs, kind);
      return made !== undefined;
    },

    async get(key) {
      const { rows } = await ask("get", { receiver, key });
      return rows[0];
    },

    async list(page) {
      const { limit, after = beforeAll, state = null, name = null, id = null, since = 0 } = page;
      const which = { state, name, id, since: Math.ceil(bounded(Math.max(0, since))), ...after };
      const { rows } = await ask(listOf(page), { receiver, limit: limit + 1, ...which });
      return listing(rows, page);
    },

    async stats(upTo) {
      const { rows } = await ask("stats", { receiver, upTo });
      const { counts, dueForMs } = rows[0];
      return { counts: { ...none, ...counts }, dueForMs: Math.max(0, dueForMs) };
    },

    async causes(limit) {
      const { rows } = await ask("causes", { receiver, limit });
      return rows.map(({ note, name, count }) => ({ note, name, count }));
    },

    async erase(key, { answer, forMs }) {
      const { rows } = await ask("erase", { receiver, key, answer, forMs: bounded(forMs) });
      return rows[0].isGone;
    },

    async due(limit) {
      const { rows } = await ask("due", { receiver, limit });
      return rows.map(({ key, since, kind }) => ({ key, since, kind }));
    },

    work: (worker) => poller.start(worker),

    async close() {
      poller.stop();
      release();
    },
  };

  /** The same step again is a repeat. Asked by itself: a statement sees nothing of one that ran beside it. */
  async function isSaved(key: string, { token, sequence }: LeaseToken): Promise<boolean> {
    const { rows } = await ask("saved", { receiver, key, token, sequence });
    return rows.length > 0;
  }
}
