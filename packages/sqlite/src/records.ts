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
import { changing, claimed, entry, leasing, refused, taken, type Row } from "./row.ts";
import type { Session } from "./session.ts";

/** How long a worker sleeps at most, for what another process made due: ms. */
const longestSleepMs = 1_000;

/** Later than any death. */
const beforeAll = { diedAt: Number.MAX_SAFE_INTEGER, key: "" };

/** The records of a receiver; they call `release` when they close. */
export function openRecords(session: Session, release: () => void): Records {
  const { statements, queue, clock, receiver } = session;
  const poller = createPoller(take, { clock, sleepMs });
  const linger = createLinger(session.lingerMs, (ms) =>
    queue.add(() => statements.linger.run({ receiver, ms })),
  );

  function look(key: string, now: number): Row | undefined {
    return statements.get.get({ receiver, key, now }) as Row | undefined;
  }

  async function take(lease: LeaseToken, which: TakeOptions = {}): Promise<Taken | undefined> {
    const { key, early, kind } = which;
    if (key === undefined && untilDueMs(kind) > 0) return undefined;
    return queue.add(() => {
      const now = clock.now();
      const holder = { receiver, now, ...leasing(lease, now) };
      const row =
        key === undefined
          ? statements.take.get({ ...holder, kind: kind ?? null })
          : statements.takeOne.get({ ...holder, key, early: early ? 1 : 0 });
      return row && taken(row as unknown as Row);
    });
  }

  /** Until the next work, of this kind or any, is due, 0 if some is: ms. */
  function untilDueMs(kind: WorkKind | undefined): number {
    if (!kind) return Math.min(untilDueMs("run"), untilDueMs("post"));
    const { until } = statements.nextDue.get({ receiver, kind }) as { until: number | null };
    return until === null ? Infinity : Math.max(0, until - clock.now());
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

    async claim(key, lease) {
      // most of what is not to be had is told so without a transaction
      const seen = refused(look(key, clock.now()), lease, clock.now());
      if (seen) return seen;
      return queue.add(() => {
        const now = clock.now();
        const row = statements.claim.get({ receiver, key, now, ...leasing(lease, now) });
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
      if (row.work !== null && row.kind !== "dead") poller.wakeFor(row.until - clock.now(), row.kind);
      return true;
    },

    get(key) {
      const now = clock.now();
      const row = look(key, now);
      return row && entry(row, now);
    },

    dead({ limit, after: { diedAt, key } = beforeAll }) {
      const now = clock.now();
      const rows = statements.dead.all({ receiver, now, limit, diedAt, key }) as unknown as Row[];
      return rows.map((row) => entry(row, now));
    },

    work: (worker) => poller.start(worker),

    async close() {
      poller.stop();
      release();
    },
  };
}
