/** The verbs in memory. Each returns its value within the call, which makes it atomic. */
import type {
  Change,
  Claimed,
  Entry,
  LeaseToken,
  Records,
  Taken,
  TakeOptions,
} from "../../contract/backend.ts";
import type { WorkKind } from "../../contract/backend.ts";
import type { Clock } from "../../lib/clock.ts";
import { createPoller } from "../poller.ts";
import { causesIn, entryOf, listIn, statsOf } from "./looks.ts";
import type { MemoryStore } from "./memory-store.ts";
import { fingerprint, heldBy, nobody, stateOf, type Row } from "./row.ts";

/** Opens the records in a store; they call `release` when they close. */
export function openRecords(store: MemoryStore, clock: Clock, release: () => void): Records {
  const poller = createPoller(take, { clock, sleepMs: untilDueMs });

  function take(lease: LeaseToken, { key, early, kind }: TakeOptions = {}): Taken | undefined {
    const now = clock.now();
    const row = key === undefined ? store.firstWork(kind) : store.find(key);
    const work = row && workToTake(row, now, early);
    if (!row || typeof work !== "string") return undefined;
    const held = store.put(heldBy({ ...row, work }, lease, now), now);
    const { attempts, answer, note } = held;
    return { key: row.key, attempts, work, kind: held.kind, answer, note };
  }

  /** What is to be done with a row that may be taken. */
  function workToTake(row: Row, now: number, early: TakeOptions["early"]): string | null {
    const state = stateOf(row, now);
    const isMeant =
      typeof early === "string" ? state === early : state === "due" || (early && isTakenEarly(state));
    if (!isMeant) return null;
    return state === "settled" ? store.kept.get(row.key, now) : row.work;
  }

  /** Until the next work is due: ms. Nothing but a save makes it sooner, and that wakes the poller. */
  function untilDueMs(kind: WorkKind | undefined): number {
    return Math.max(0, (store.firstWork(kind)?.until ?? Infinity) - clock.now());
  }

  return {
    take,

    claim(key, lease, about): Claimed {
      const now = clock.now();
      const row = store.find(key);
      const state = stateOf(row, now);
      const { name = null, id = null } = about ?? {};
      const arrival = { name, id, arrivedAt: about ? Math.floor(now) : null };
      if (!row || state === "forgotten")
        return claimed(store.begin(heldBy({ key, ...arrival }, lease, now), now));
      if (row.token === fingerprint(lease.token)) return claimed(row);
      if (state === "free" && row.arrivedAt === null && about)
        return claimed(store.begin(heldBy({ ...row, ...arrival }, lease, now), now));
      if (state === "free") return claimed(store.put(heldBy({ ...row, id: row.id ?? id }, lease, now), now));
      if (row.answer !== null) return { state: "settled", answer: row.answer };
      return { state: "held", forMs: Math.max(0, row.until - now) };
    },

    save(key, { token, sequence }, change): boolean {
      const now = clock.now();
      const row = store.find(key);
      if (!row || stateOf(row, now) === "forgotten" || row.token !== fingerprint(token)) return false;
      if (sequence <= row.sequence) return sequence === row.sequence;
      const after = store.put(saved(row, sequence, change, now), now);
      keep(key, change, now);
      const { work, kind } = after;
      if (work !== null && (kind === "run" || kind === "post")) poller.wakeFor(after.until - now, kind);
      return true;
    },

    get(key): Entry | undefined {
      const now = clock.now();
      const row = store.peek(key);
      return row && stateOf(row, now) !== "forgotten" ? entryOf(store, row, now) : undefined;
    },

    list: (page) => listIn(store, page, clock.now()),

    stats: (upTo) => statsOf(store, upTo, clock.now()),

    causes: (limit) => causesIn(store, limit, clock.now()),

    erase(key, { answer, forMs }): boolean {
      const now = clock.now();
      const row = store.peek(key);
      const state = stateOf(row, now);
      if (!row || state === "forgotten") return true;
      if (state === "held") return false;
      store.kept.delete(key);
      const left = { ...row, id: null, note: null, token: nobody };
      if (state === "free") store.put(left, now);
      else if (state === "settled") store.put({ ...left, answer }, now);
      else store.put({ ...left, answer, work: null, diedAt: null, until: now + forMs }, now);
      return true;
    },

    work: (worker) => poller.start(worker),

    async close() {
      poller.stop();
      release();
    },
  };

  function keep(key: string, { kept, keptForMs = Infinity }: Change, now: number): void {
    if (kept === null) store.kept.delete(key);
    else if (kept !== undefined) store.kept.set(key, { text: kept, until: now + keptForMs }, now);
  }
}

function isTakenEarly(state: ReturnType<typeof stateOf>): boolean {
  return state === "waiting" || state === "dead" || state === "paused" || state === "settled";
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
