/** The verbs in memory. Each returns its value within the call, which makes it atomic. */
import type {
  Change,
  Claimed,
  Entry,
  LeaseToken,
  Records,
  Taken,
  TakeOptions,
  WorkKind,
} from "../../contract/backend.ts";
import type { Clock } from "../../lib/clock.ts";
import { createPoller } from "../poller.ts";
import type { MemoryStore } from "./memory-store.ts";
import { fingerprint, heldBy, stateOf, type Row } from "./row.ts";

/** Opens the records in a store; they call `release` when they close. */
export function openRecords(store: MemoryStore, clock: Clock, release: () => void): Records {
  const poller = createPoller(take, { clock, sleepMs: untilDueMs });

  function take(lease: LeaseToken, { key, early, kind }: TakeOptions = {}): Taken | undefined {
    const now = clock.now();
    const row = key === undefined ? store.firstWork(kind) : store.find(key);
    if (!row || row.work === null || !isToBeTaken(row, now, early)) return undefined;
    const held = store.put(heldBy(row, lease, now), now);
    return {
      key: row.key,
      attempts: held.attempts,
      work: row.work,
      kind: held.kind,
      answer: row.answer,
      note: row.note,
    };
  }

  /** Until the next work is due: ms. Nothing but a save makes it sooner, and that wakes the poller. */
  function untilDueMs(kind: WorkKind | undefined): number {
    return Math.max(0, (store.firstWork(kind)?.until ?? Infinity) - clock.now());
  }

  return {
    take,

    claim(key, lease): Claimed {
      const now = clock.now();
      const row = store.find(key);
      const state = stateOf(row, now);
      if (!row || state === "forgotten") return claimed(store.put(heldBy({ key }, lease, now), now));
      if (row.token === fingerprint(lease.token)) return claimed(row);
      if (state === "free") return claimed(store.put(heldBy(row, lease, now), now));
      if (row.answer !== null) return { state: "settled", answer: row.answer };
      return { state: "held", forMs: Math.max(0, row.until - now) };
    },

    save(key, { token, sequence }, change): boolean {
      const now = clock.now();
      const row = store.find(key);
      if (!row || stateOf(row, now) === "forgotten" || row.token !== fingerprint(token)) return false;
      if (sequence <= row.sequence) return sequence === row.sequence;
      const after = store.put(saved(row, sequence, change, now), now);
      if (after.work !== null && after.kind !== "dead") poller.wakeFor(after.until - now, after.kind);
      return true;
    },

    get(key): Entry | undefined {
      const now = clock.now();
      const row = store.peek(key);
      return row && stateOf(row, now) !== "forgotten" ? entry(row, now) : undefined;
    },

    dead({ limit, after }): Entry[] {
      const now = clock.now();
      return store.dead(limit, after, now).map((row) => entry(row, now));
    },

    work: (worker) => poller.start(worker),

    async close() {
      poller.stop();
      release();
    },
  };
}

function isToBeTaken(row: Row, now: number, early = false): boolean {
  const state = stateOf(row, now);
  return state === "due" || (early && (state === "waiting" || state === "dead"));
}

function claimed({ attempts, note }: Row): Claimed {
  return { state: "claimed", attempts, note };
}

/** The row with what the change names; what the change does not name stays. */
function saved(row: Row, sequence: number, change: Change, now: number): Row {
  const { forMs, answer = row.answer, work = row.work, note = row.note } = change;
  const { attempts = row.attempts, held = row.held } = change;
  const kind = change.kind ?? (change.work ? "run" : row.kind);
  const diedAt = change.kind === "dead" ? Math.floor(now) : row.diedAt;
  const isDead = work !== null && kind === "dead";
  const until = forMs === undefined ? row.until : now + forMs;
  return {
    ...row,
    answer,
    work,
    kind,
    diedAt: isDead ? diedAt : null,
    note,
    attempts,
    held,
    until,
    sequence,
  };
}

function entry(row: Row, now: number): Entry {
  const { key, attempts, work, answer, note, diedAt } = row;
  const held = stateOf(row, now) === "held";
  return { key, attempts, work, answer, note, forMs: row.until - now, held, diedAt };
}
