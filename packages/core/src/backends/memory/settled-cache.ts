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
type Settled = Omit<Row, "key" | "work" | "kind" | "heapIndex">;

/** Rows by key, in the order of their last use. */
export class SettledCache {
  readonly #settled: LRUCache<string, Settled>;
  readonly #maxKeys: number;

  constructor({ maxKeys, maxAnswerBytes }: CacheLimits) {
    // without `max`, for which lru-cache would take the room of all keys before the first one comes
    this.#settled = new LRUCache({ maxSize: maxAnswerBytes, sizeCalculation: bytesOf });
    this.#maxKeys = maxKeys;
  }

  /** The row of a key; asking for it is a use. */
  get(key: string): Row | undefined {
    return rowOf(key, this.#settled.get(key));
  }

  /** The row of a key; asking for it is no use. */
  peek(key: string): Row | undefined {
    return rowOf(key, this.#settled.peek(key));
  }

  /** Remembers the row in place of what it had for its key; a row larger than all the room is forgotten at once. */
  set({ key, answer, note, attempts, until, token, sequence, held }: Row): void {
    this.#settled.set(key, { answer, note, attempts, until, token, sequence, held });
    if (this.#settled.size > this.#maxKeys) this.#settled.pop();
  }

  /** Forgets the row of a key, if there is one. */
  delete(key: string): void {
    this.#settled.delete(key);
  }
}

/** Two bytes a character is the most that V8 takes. At least 1, since lru-cache takes no size of 0. */
function bytesOf({ answer, note }: Settled): number {
  return Math.max(1, 2 * ((answer?.length ?? 0) + (note?.length ?? 0)));
}

function rowOf(key: string, settled: Settled | undefined): Row | undefined {
  return settled && { key, work: null, kind: "run", heapIndex: 0, ...settled };
}
