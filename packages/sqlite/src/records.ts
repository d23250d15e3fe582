/** The verbs of one receiver: what reads looks at once, what writes joins the next commit. */
import {
  createLinger,
  createPoller,
  isPromise,
  type LeaseToken,
  type Records,
  type TakeOptions,
  type Taken,
  type WorkKind,
} from "@answerback/core/backend";
import { arriving, changing, claimed, entry, instant, leasing, refused, taken, type Row } from "./row.ts";
import type { Session } from "./session.ts";

/** How long a worker sleeps at most, for what another process made due: ms. */
const longestSleepMs = 1_000;

/** The records of a receiver; they call `release` when they close. */
export function openRecords(session: Session, release: () => void): Records {
  const { statements, lists, queue, clock, receiver } = session;
  const poller = createPoller(take, { clock, sleepMs });
  const linger = createLinger(session.lingerMs, (ms) =>
    queue.add(() => statements.linger.run({ receiver, ms })),
  );

  function look(key: string, now: number): Row | undefined {
    return statements.get.get({ receiver, key, now }) as Row | undefined;
  }

  async function take(lease: LeaseToken, which: TakeOptions = {}): Promise<Taken | undefined> {
    const { key, early, kind } = which;
    if (key === undefined && untilDueMs(kind) > 0) {
      session.sweepIfTime();
      return undefined;
    }
    return queue.add(() => {
      const now = clock.now();
      const holder = { receiver, now, ...leasing(lease, now) };
      const row =
        key === undefined
          ? statements.take.get({ ...holder, kind: kind ?? null })
          : statements.takeOne.get({ ...holder, key, early: early === true ? "any" : early || null });
      return row === undefined ? undefined : taken(row as unknown as Row);
    });
  }

  /** Until the next work, of this kind or any, is due, 0 if some is: ms. */
  function untilDueMs(kind?: WorkKind): number {
    return Math.max(0, nextDue(kind) - clock.now());
  }

  /** When the next work is due, of this kind or any: ms since the epoch. */
  function nextDue(kind?: WorkKind): number {
    if (!kind) return Math.min(nextDue("run"), nextDue("post"));
    const { until } = statements.nextDue.get({ receiver, kind }) as { until: number | null };
    return until ?? Infinity;
  }

  function sleepMs(kind: WorkKind | undefined): number {
    try {
      const ms = untilDueMs(kind);
      // what is due and was not taken could not be: the file is busy, or full
      return ms > 0 ? Math.min(ms, longestSleepMs) : longestSleepMs;
    } catch {
      // a file that cannot be read now may be readable later
      return longestSleepMs;
    }
  }

  return {
    take,

    async claim(key, lease, about) {
      // most of what is not to be had is told so without a transaction
      const seen = refused(look(key, clock.now()), lease, clock.now());
      if (seen) return seen;
      return queue.add(() => {
        const now = clock.now();
        const fields = { receiver, key, now, ...leasing(lease, now), ...arriving(about, now) };
        const row = statements.claim.get(fields);
        return row ? claimed(row as unknown as Row) : refused(look(key, now), lease, now)!;
      });
    },

    async save(key, { token, sequence }, change) {
      const covering = linger.cover(change);
      if (isPromise(covering)) await covering;
      const saved = await queue.add(() => {
        const now = clock.now();
        const fields = { receiver, key, token, sequence, now, ...changing(change, now) };
        return statements.save.get(fields) ?? look(key, now);
      });
      const row = saved as Row | undefined;
      if (row?.token !== token || row.step !== sequence) return false;
      if (row.work !== null && isWork(row.kind)) poller.wakeFor(row.until - clock.now(), row.kind);
      return true;
    },

    get(key) {
      const now = clock.now();
      const row = look(key, now);
      return row && entry(row, now);
    },

    list(page) {
      const now = clock.now();
      const { rows, next } = lists.list({ receiver, now }, page);
      return { entries: rows.map((row) => entry(row, now)), next };
    },

    stats(upTo) {
      const counts = lists.counts({ receiver, now: clock.now() }, upTo);
      return { counts, dueForMs: Math.max(0, clock.now() - nextDue()) };
    },

    causes: (limit) => lists.causes({ receiver, now: clock.now() }, limit),

    async erase(key, { answer, forMs }) {
      const covering = linger.cover({ forMs });
      if (isPromise(covering)) await covering;
      return queue.add(() => {
        const now = clock.now();
        const erased = statements.erase.get({ receiver, key, now, answer, until: instant(now, forMs) });
        return erased !== undefined || look(key, now) === undefined;
      });
    },

    work: (worker) => poller.start(worker),

    async close() {
      poller.stop();
      release();
    },
  };
}

function isWork(kind: Row["kind"]): kind is WorkKind {
  return kind === "run" || kind === "post";
}
