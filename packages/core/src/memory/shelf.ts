/** Where the rows of one receiver stand: what is pending is never evicted, what is only remembered may be. */
import { AnswerbackError } from "../errors.ts";
import { Remembered } from "./remembered.ts";
import { stateOf, type Row } from "./row.ts";
import { Timeline } from "./timeline.ts";

/** The bounds of `MemoryOptions`, all given. */
export interface Limits {
  readonly maxKeys: number;
  readonly maxAnswerBytes: number;
  readonly maxPending: number;
}

/** Every row of one receiver, by key and, where it is pending, by time. */
export class Shelf {
  readonly #maxPending: number;
  /** Held, or with work. */
  readonly #pending = new Map<string, Row>();
  /** Settled, free, forgotten. */
  readonly #remembered: Remembered;
  readonly #work = new Timeline<Row>();
  readonly #holds = new Timeline<Row>();

  constructor(limits: Limits) {
    this.#maxPending = limits.maxPending;
    this.#remembered = new Remembered(limits);
  }

  find(key: string): Row | undefined {
    return this.#pending.get(key) ?? this.#remembered.get(key);
  }

  /** As `find`, without counting as a use. */
  peek(key: string): Row | undefined {
    return this.#pending.get(key) ?? this.#remembered.peek(key);
  }

  /** What has been due longest, or will be due first. */
  get firstWork(): Row | undefined {
    return this.#work.first;
  }

  pending(): Iterable<Row> {
    return this.#pending.values();
  }

  /** Puts a row in the place of the one that `find` gave for its key. */
  put(row: Row, before: Row | undefined, now: number): Row {
    const wasPending = before !== undefined && this.#pending.get(row.key) === before;
    const isPending = !isAtRest(row, now);
    if (isPending && !wasPending) this.#makeRoom(now);
    if (wasPending) this.#leave(before);
    else if (before) this.#remembered.delete(row.key);
    if (isPending) this.#enter(row);
    else this.#remembered.add(row);
    return row;
  }

  #enter(row: Row): void {
    this.#pending.set(row.key, row);
    this.#timelineOf(row).add(row);
  }

  #leave(row: Row): void {
    this.#pending.delete(row.key);
    this.#timelineOf(row).remove(row);
  }

  #timelineOf(row: Row): Timeline<Row> {
    return row.work === null ? this.#holds : this.#work;
  }

  #makeRoom(now: number): void {
    this.#retireLapsedHolds(now);
    if (this.#pending.size < this.#maxPending) return;
    throw new AnswerbackError("backend_full", full(this.#maxPending));
  }

  /** A hold that nobody renewed is free without anybody saying so. */
  #retireLapsedHolds(now: number): void {
    for (let row = this.#holds.first; row && isAtRest(row, now); row = this.#holds.first)
      this.put(row, row, now);
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
