/** The verbs in memory. Each returns its value within the call, which makes it atomic. */
import type { Change, Claimed, Entry, HoldToken, Records, Taken } from "../backend.ts";
import type { Clock } from "../clock.ts";
import { openPumps } from "../pumps.ts";
import type { MemoryStore } from "./memory-store.ts";
import { fingerprint, heldBy, stateOf, type Row } from "./row.ts";

/** Opens the records in a store; `release` is called when they close. */
export function openRecords(store: MemoryStore, clock: Clock, release: () => void): Records {
  const pumps = openPumps(take, { clock, sleepMs: untilDue });

  function take(hold: HoldToken, from?: { key: string; early?: boolean }): Taken | undefined {
    const now = clock.now();
    const row = from ? store.find(from.key) : store.firstWork;
    if (!row || row.work === null || !isToBeTaken(row, now, from?.early)) return undefined;
    const { key, attempts, answer, note } = store.put(heldBy(row, hold, now), now);
    return { key, attempts, work: row.work, answer, note };
  }

  /** Until the next work is due: ms. Nothing but a save makes it sooner, and that wakes the pumps. */
  function untilDue(): number {
    return Math.max(0, (store.firstWork?.until ?? Infinity) - clock.now());
  }

  return {
    take,

    claim(key, hold): Claimed {
      const now = clock.now();
      const row = store.find(key);
      const state = stateOf(row, now);
      if (!row || state === "forgotten") return claimed(store.put(heldBy({ key }, hold, now), now));
      if (row.token === fingerprint(hold.token)) return claimed(row);
      if (state === "free") return claimed(store.put(heldBy(row, hold, now), now));
      if (row.answer !== null) return { state: "settled", answer: row.answer };
      return { state: "held", forMs: state === "dead" ? 0 : Math.max(0, row.until - now) };
    },

    save(key, hold, change): boolean {
      const now = clock.now();
      const row = store.find(key);
      if (!row || stateOf(row, now) === "forgotten" || row.token !== fingerprint(hold.token)) return false;
      if (hold.step <= row.step) return hold.step === row.step;
      const after = store.put(saved(row, hold, change, now), now);
      if (store.firstWork === after) pumps.wakeFor(after.until - now);
      return true;
    },

    get(key): Entry | undefined {
      const now = clock.now();
      const row = store.peek(key);
      return row && stateOf(row, now) !== "forgotten" ? entry(row, now) : undefined;
    },

    dead({ limit, after }): Entry[] {
      const now = clock.now();
      return [...store.pending()]
        .filter((row) => stateOf(row, now) === "dead" && (after === undefined || row.key > after))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, limit)
        .map((row) => entry(row, now));
    },

    work: (worker) => pumps.start(worker),

    async close() {
      pumps.stop();
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

/** The row with what the change names; what it doesn't name stays. */
function saved(row: Row, { step }: HoldToken, change: Change, now: number): Row {
  const { forMs, answer = row.answer, work = row.work, note = row.note } = change;
  const { attempts = row.attempts, held = row.held } = change;
  const until = forMs === undefined ? row.until : forMs === null ? Infinity : now + forMs;
  return { ...row, answer, work, note, attempts, held, until, step };
}

function entry(row: Row, now: number): Entry {
  const { key, attempts, work, answer, note, until } = row;
  const forMs = until === Infinity ? null : until - now;
  return { key, attempts, work, answer, note, forMs, held: stateOf(row, now) === "held" };
}
