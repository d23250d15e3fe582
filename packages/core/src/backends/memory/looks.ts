/** What only looks at the rows in memory: lists, counts, causes. */
import type { Cause, Entry, Listing, ListOptions, Place, RecordStats } from "../../contract/backend.ts";
import type { MemoryStore } from "./memory-store.ts";
import { stateOf, type Row } from "./row.ts";

/** How many rows a page passes over at most. */
const passedOver = 10_000;

/** A row as people see it. */
export function entryOf(store: MemoryStore, row: Row, now: number): Entry {
  const { key, attempts, work, answer, note, diedAt, arrivedAt, name, id } = row;
  const state = stateOf(row, now) as Entry["state"];
  const kept = store.kept.get(key, now);
  const forMs = row.until - now;
  return { key, state, attempts, work, answer, note, forMs, diedAt, arrivedAt, name, id, kept };
}

/** A page of rows. */
export function listIn(store: MemoryStore, page: ListOptions, now: number): Listing {
  const { limit, state, name, id, since = -Infinity } = page;
  const isDead = state === "dead";
  const entries: Entry[] = [];
  let looked = 0;
  let next: Place | null = null;
  for (const row of isDead ? store.dead(now, page.after) : store.arrived(page.after)) {
    const at = (isDead ? row.diedAt : row.arrivedAt)!;
    if (at < since) break;
    if (entries.length === limit || looked === passedOver) return { entries, next };
    const isAskedFor =
      (name === undefined || row.name === name) &&
      (id === undefined || row.id === id) &&
      isIn(row, state, now);
    if (isAskedFor) entries.push(entryOf(store, row, now));
    looked += 1;
    next = { at, key: row.key };
  }
  return { entries, next: null };
}

/** Counts the rows by their states. */
export function statsOf(store: MemoryStore, upTo: number, now: number): RecordStats {
  const counts = { held: 0, free: 0, due: 0, waiting: 0, paused: 0, dead: 0, settled: 0 };
  const count = (row: Row) => {
    const state = stateOf(row, now);
    if (state !== "forgotten") counts[state] = Math.min(counts[state] + 1, upTo);
  };
  for (const row of store.pending()) count(row);
  for (const row of store.dead(now)) count(row);
  let resting = 0;
  for (const row of store.arrived()) {
    if (resting === upTo) break;
    const state = stateOf(row, now);
    if (state !== "settled" && state !== "free") continue;
    resting += 1;
    // a lapsed hold may still be among the pending rows
    if (!store.isPending(row.key)) count(row);
  }
  const first = store.firstWork();
  return { counts, dueForMs: first ? Math.max(0, now - first.until) : 0 };
}

/** Groups dead letters by their notes and names. */
export function causesIn(store: MemoryStore, limit: number, now: number): Cause[] {
  const groups = new Map<string, Cause>();
  let looked = 0;
  for (const { note, name } of store.dead(now)) {
    if (looked++ === limit) break;
    const group = JSON.stringify([note, name]);
    groups.set(group, { note, name, count: (groups.get(group)?.count ?? 0) + 1 });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

function isIn(row: Row, state: ListOptions["state"], now: number): boolean {
  const is = stateOf(row, now);
  return state === undefined ? is !== "forgotten" : is === state;
}
