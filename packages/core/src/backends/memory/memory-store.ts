/** Where the rows of one receiver are: what is pending is never evicted, what is only remembered may be. */
import type { WorkKind } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { DueHeap } from "./due-heap.ts";
import { stateOf, type Row } from "./row.ts";
import { SettledCache, type CacheLimits } from "./settled-cache.ts";

/** The bounds of `MemoryOptions`, all given. */
export interface Limits extends CacheLimits {
  /** How many rows may be pending. */
  readonly maxPending: number;
}

/** Every row of one receiver, by key and, where it is pending, by time. */
export class MemoryStore {
  readonly #maxPending: number;
  /** Held, or with work. */
  readonly #pending = new Map<string, Row>();
  readonly #work = { run: new DueHeap<Row>(), post: new DueHeap<Row>() };
  readonly #holds = new DueHeap<Row>();
  /** Settled, free, forgotten. */
  readonly #settled: SettledCache;

  constructor(limits: Limits) {
    this.#maxPending = limits.maxPending;
    this.#settled = new SettledCache(limits);
  }

  /** The row of a key; asking for it is a use. */
  find(key: string): Row | undefined {
    return this.#pending.get(key) ?? this.#settled.get(key);
  }

  /** The row of a key; asking for it is no use. */
  peek(key: string): Row | undefined {
    return this.#pending.get(key) ?? this.#settled.peek(key);
  }

  /** The work, of one kind or any, that has been due longest, or else will be due first. */
  firstWork(kind?: WorkKind): Row | undefined {
    if (kind) return this.#work[kind].first;
    const { run, post } = { run: this.#work.run.first, post: this.#work.post.first };
    return run && post && post.until < run.until ? post : (run ?? post);
  }

  /** All rows that are held or have work, in no order. */
  pending(): Iterable<Row> {
    return this.#pending.values();
  }

  /**
   * Puts the row in the place of the one with its key, and returns it.
   *
   * @throws AnswerbackError with `backend_full` for one pending row too many; the one before stays.
   */
  put(row: Row, now: number): Row {
    const before = this.#pending.get(row.key);
    const isPending = !isAtRest(row, now);
    if (before) this.#leave(before);
    else if (isPending) this.#makeRoom(now);
    if (isPending) this.#enter(row);
    else this.#settled.set(row);
    return row;
  }

  #enter(row: Row): void {
    this.#settled.delete(row.key);
    this.#pending.set(row.key, row);
    this.#heapOf(row).add(row);
  }

  #leave(row: Row): void {
    this.#pending.delete(row.key);
    this.#heapOf(row).remove(row);
  }

  #heapOf(row: Row): DueHeap<Row> {
    return row.work === null ? this.#holds : this.#work[row.kind];
  }

  #makeRoom(now: number): void {
    this.#retireLapsedHolds(now);
    if (this.#pending.size < this.#maxPending) return;
    throw new AnswerbackError("backend_full", full(this.#maxPending));
  }

  /** A hold that nobody renewed is free without anybody saying so. */
  #retireLapsedHolds(now: number): void {
    for (let row = this.#holds.first; row && isAtRest(row, now); row = this.#holds.first) this.put(row, now);
  }
}

/** Does it owe nothing: no work, and nobody at it? */
function isAtRest(row: Row, now: number): boolean {
  const state = stateOf(row, now);
  return state === "settled" || state === "free" || state === "forgotten";
}

function full(maxPending: number): string {
  return `memory has ${maxPending} records that are held or have work: work off or discard dead letters, raise maxPending, or use a durable backend`;
}
