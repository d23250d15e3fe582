/** Where the rows of one receiver are: what is pending is never dropped, what is dead or only remembered may be. */
import type { Place, WorkKind } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import type { Warning } from "../../contract/warning.ts";
import { Arrivals } from "./arrivals.ts";
import { DeadRows, type DeadRow } from "./dead-rows.ts";
import { DueHeap } from "./due-heap.ts";
import { KeptEvents } from "./kept-events.ts";
import { stateOf, type Row } from "./row.ts";
import { SettledCache, type CacheLimits } from "./settled-cache.ts";

/** The bounds of `MemoryOptions`, all given. */
export interface Limits extends CacheLimits {
  /** How many rows may be pending. */
  readonly maxPending: number;
  /** How many dead letters are kept. */
  readonly maxDead: number;
}

/** Every row of one receiver, by key and, where it is pending or dead, by time. */
export class MemoryStore {
  /** Hears what was dropped before its time. */
  warn: (warning: Warning) => void = () => {};
  readonly #limits: Limits;
  /** Held, or with work that is to be done. */
  readonly #pending = new Map<string, Row>();
  readonly #work = { run: new DueHeap<Row>(), post: new DueHeap<Row>() };
  readonly #holds = new DueHeap<Row>();
  /** Nobody asks for the first of these; a row is in one heap all the same. */
  readonly #paused = new DueHeap<Row>();
  readonly #dead: DeadRows;
  /** Settled, free, forgotten. */
  readonly #settled: SettledCache;
  readonly #arrivals = new Arrivals(({ at, key }) => this.peek(key)?.arrivedAt === at);
  /** What settled rows keep. */
  readonly kept: KeptEvents;
  #deadDropped = 0;
  #hasDroppedKeys = false;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#dead = new DeadRows(limits.maxDead);
    this.#settled = new SettledCache(limits);
    this.kept = new KeptEvents(limits.maxAnswerBytes);
  }

  /** The row of a key; asking for it is a use. */
  find(key: string): Row | undefined {
    return this.#pending.get(key) ?? this.#dead.get(key) ?? this.#settled.get(key);
  }

  /** The row of a key; asking for it is no use. */
  peek(key: string): Row | undefined {
    return this.#pending.get(key) ?? this.#dead.get(key) ?? this.#settled.peek(key);
  }

  /** The work, of one kind or any, that has been due longest, or else will be due first. */
  firstWork(kind?: WorkKind): Row | undefined {
    if (kind) return this.#work[kind].first;
    const { run, post } = { run: this.#work.run.first, post: this.#work.post.first };
    return run && post && post.until < run.until ? post : (run ?? post);
  }

  /** The listed rows, the newest first, or those that come after a place. */
  *arrived(after?: Place): Generator<Row> {
    for (const { key } of this.#arrivals.newestFirst(after)) yield this.peek(key)!;
  }

  /** The listed dead letters, the newest first, or those that come after a place. */
  *dead(now: number, after?: Place): Generator<DeadRow> {
    for (const row of this.#dead.newestFirst(now, after)) if (row.arrivedAt !== null) yield row;
  }

  /** Is the row of this key held, or has it work that is to be done? A hold that lapsed may still be among them. */
  isPending(key: string): boolean {
    return this.#pending.has(key);
  }

  /** The listed rows that are held, or have work that is to be done, in no order. */
  *pending(): Generator<Row> {
    for (const row of this.#pending.values()) if (row.arrivedAt !== null) yield row;
  }

  /**
   * Puts the row in the place of the one with its key, and returns it.
   *
   * @throws AnswerbackError with `backend_full` for one pending row too many; the one before stays.
   */
  put<Put extends Row>(row: Put, now: number): Put {
    const { key } = row;
    const isResting = isAtRest(row, now);
    const before = this.#pending.get(key);
    if (!before && !isResting && row.diedAt === null) this.#makeRoom(now);
    if (before) this.#leave(before);
    else this.#dead.delete(key);
    if (isResting) this.#remember(row, now);
    else if (isDead(row)) this.#bury(row, now);
    else this.#enter(row);
    return row;
  }

  /** Puts a row that nobody knows, or that was not listed, and lists it where it arrived. */
  begin<Put extends Row>(row: Put, now: number): Put {
    const { key, arrivedAt: at } = this.put(row, now);
    this.kept.delete(key);
    if (at !== null) this.#arrivals.add({ at, key });
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

  #heapOf({ work, kind }: Row): DueHeap<Row> {
    if (work === null) return this.#holds;
    return kind === "paused" ? this.#paused : this.#work[kind as WorkKind];
  }

  #bury(row: DeadRow, now: number): void {
    this.#settled.delete(row.key);
    const { maxDead } = this.#limits;
    // told again when as many are gone as are kept: no storm of dead letters becomes one of warnings
    if (this.#dead.add(row, now) && this.#deadDropped++ % maxDead === 0) this.warn(deadDropped(maxDead));
  }

  #remember(row: Row, now: number): void {
    const hasDropped = this.#settled.set(row, now);
    if (!hasDropped || this.#hasDroppedKeys) return;
    this.#hasDroppedKeys = true;
    this.warn(keysDropped(this.#limits));
  }

  #makeRoom(now: number): void {
    this.#retireLapsedHolds(now);
    if (this.#pending.size < this.#limits.maxPending) return;
    throw new AnswerbackError("backend_full", full(this.#limits));
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

function isDead(row: Row): row is DeadRow {
  return row.diedAt !== null;
}

function full({ maxPending }: Limits): string {
  return `memory has ${maxPending} records that are held or have work: work them off, raise maxPending, or use a durable backend`;
}

function deadDropped(maxDead: number): Warning {
  const message = `memory keeps ${maxDead} dead letters, and dropped the oldest: look after them, raise maxDead, or use a durable backend`;
  return { code: "dead_letter_dropped", message };
}

function keysDropped({ maxKeys, maxAnswerBytes }: Limits): Warning {
  const message = `memory remembers ${maxKeys} keys with ${maxAnswerBytes} bytes of answers, and forgot a key before its retention was over, so that a duplicate of it is handled again: raise maxKeys or maxAnswerBytes, or use a durable backend`;
  return { code: "key_forgotten_early", message };
}
