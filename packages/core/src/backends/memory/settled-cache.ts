/** Records that owe nothing: remembered while there is room, then the longest unused is forgotten first. */
import type { Row } from "./row.ts";

/** How much is remembered. */
export interface CacheLimits {
  /** How many rows. */
  readonly maxKeys: number;
  /** How many bytes their answers and notes may take, counted as two a character. */
  readonly maxAnswerBytes: number;
}

/** What is remembered of a row: all but its key, which the cache has, and what only a pending row needs. */
type Settled = Omit<Row, "key" | "work" | "kind" | "diedAt" | "heapIndex">;

/** Rows by key, in the order of their last use: who is used goes to the end of the Map. */
export class SettledCache {
  readonly #settled = new Map<string, Settled>();
  readonly #limits: CacheLimits;
  #bytes = 0;
  /**
   * Where to find the longest unused row. It is kept from one to the next, as all before it are deleted: a new iterator
   * would have to pass them again.
   */
  #oldest: Iterator<string> | undefined;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  /** The row of a key; asking for it is a use. */
  get(key: string): Row | undefined {
    const settled = this.#settled.get(key);
    if (!settled) return undefined;
    this.#settled.delete(key);
    this.#settled.set(key, settled);
    return rowOf(key, settled);
  }

  /** The row of a key; asking for it is no use. */
  peek(key: string): Row | undefined {
    const settled = this.#settled.get(key);
    return settled && rowOf(key, settled);
  }

  /**
   * Remembers the row in place of what it had for its key; a row larger than all the room is forgotten at once.
   *
   * @returns Was a row forgotten before its time, to make room or for want of room?
   */
  set(row: Row, now: number): boolean {
    const { key, answer, note, attempts, until, token, sequence, held, arrivedAt, name, id } = row;
    this.delete(key);
    const { maxKeys, maxAnswerBytes } = this.#limits;
    const settled = { answer, note, attempts, until, token, sequence, held, arrivedAt, name, id };
    const bytes = bytesOf(settled);
    // a free row is past its time, so that only a settled one can be dropped too early
    if (bytes > maxAnswerBytes) return until > now;
    this.#settled.set(key, settled);
    this.#bytes += bytes;
    let droppedUntil = 0;
    while (this.#settled.size > maxKeys || this.#bytes > maxAnswerBytes)
      droppedUntil = Math.max(droppedUntil, this.#dropOldest());
    return droppedUntil > now;
  }

  /** Forgets the row of a key, if there is one. */
  delete(key: string): void {
    const settled = this.#settled.get(key);
    if (!settled) return;
    this.#settled.delete(key);
    this.#bytes -= bytesOf(settled);
  }

  /** Forgets the longest unused row. Returns until when it was to be remembered: ms on the backend's clock. */
  #dropOldest(): number {
    this.#oldest ??= this.#settled.keys();
    const { value: key, done } = this.#oldest.next();
    if (done) {
      this.#oldest = undefined;
      return this.#dropOldest();
    }
    const { until } = this.#settled.get(key)!;
    this.delete(key);
    return until;
  }
}

/** Two bytes a character is the most that V8 takes. */
function bytesOf({ answer, note }: Settled): number {
  return 2 * ((answer?.length ?? 0) + (note?.length ?? 0));
}

function rowOf(key: string, settled: Settled): Row {
  return { key, work: null, kind: "run", diedAt: null, heapIndex: 0, ...settled };
}
