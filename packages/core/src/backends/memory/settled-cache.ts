/** Records that owe nothing: remembered while there is room, then the longest unused is forgotten first. */
import { LRUCache } from "lru-cache";
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

/** Rows by key, in the order of their last use. */
export class SettledCache {
  readonly #settled: LRUCache<string, Settled>;
  readonly #limits: CacheLimits;
  /** Until when, at the latest, a row that had to go was to be remembered: ms on the backend's clock. */
  #droppedUntil = 0;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
    this.#settled = new LRUCache<string, Settled>({
      // without `max`, for which lru-cache would take the room of all keys before the first one comes
      maxSize: limits.maxAnswerBytes,
      sizeCalculation: bytesOf,
      dispose: ({ until }, _key, reason) => {
        if (reason === "evict") this.#droppedUntil = Math.max(this.#droppedUntil, until);
      },
    });
  }

  /** The row of a key; asking for it is a use. */
  get(key: string): Row | undefined {
    return rowOf(key, this.#settled.get(key));
  }

  /** The row of a key; asking for it is no use. */
  peek(key: string): Row | undefined {
    return rowOf(key, this.#settled.peek(key));
  }

  /**
   * Remembers the row in place of what it had for its key; a row larger than all the room is forgotten at once.
   *
   * @returns Was a row forgotten before its time, to make room or for want of room?
   */
  set(row: Row, now: number): boolean {
    const { key, answer, note, attempts, until, token, sequence, held } = row;
    this.#settled.set(key, { answer, note, attempts, until, token, sequence, held });
    if (this.#settled.size > this.#limits.maxKeys) this.#settled.pop();
    // a free row is past its time, so that only a settled one can be dropped too early
    const isTooLarge = bytesOf(row) > this.#limits.maxAnswerBytes;
    return Math.max(this.#droppedUntil, isTooLarge ? until : 0) > now;
  }

  /** Forgets the row of a key, if there is one. */
  delete(key: string): void {
    this.#settled.delete(key);
  }
}

/** Two bytes a character is the most that V8 takes. At least 1, since lru-cache takes no size of 0. */
function bytesOf({ answer, note }: Pick<Settled, "answer" | "note">): number {
  return Math.max(1, 2 * ((answer?.length ?? 0) + (note?.length ?? 0)));
}

function rowOf(key: string, settled: Settled | undefined): Row | undefined {
  return settled && { key, work: null, kind: "run", diedAt: null, heapIndex: 0, ...settled };
}
