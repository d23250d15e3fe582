/** Dead letters in the order of their death: found by key, listed from the newest on, and bounded in number. */
import type { Death } from "../../contract/backend.ts";
import { stateOf, type Row } from "./row.ts";

/** A row that is a dead letter. */
type DeadRow = Row & Death;

/** The dead letters of one receiver. */
export class DeadRows {
  readonly #max: number;
  readonly #byKey = new Map<string, DeadRow>();
  /** The oldest first; those of one ms by their keys. */
  readonly #inOrder: DeadRow[] = [];

  /** @param max How many are kept. */
  constructor(max: number) {
    this.#max = max;
  }

  /** The row of a key. */
  get(key: string): Row | undefined {
    return this.#byKey.get(key);
  }

  /** Keeps a row whose key it does not have. Returns the oldest row, which was dropped, where there was one too many. */
  add(row: DeadRow, now: number): Row | undefined {
    this.#forget(now);
    this.#byKey.set(row.key, row);
    this.#inOrder.splice(this.#placeOf(row), 0, row);
    return this.#inOrder.length > this.#max ? this.#dropOldest() : undefined;
  }

  /** Drops the row of a key, if there is one. */
  delete(key: string): void {
    const row = this.#byKey.get(key);
    if (!row) return;
    this.#byKey.delete(key);
    this.#inOrder.splice(this.#placeOf(row), 1);
  }

  /** The newest first, or those that come after a death. */
  list(limit: number, after: Death | undefined, now: number): Row[] {
    const rows: Row[] = [];
    const from = after ? this.#placeOf(after) : this.#inOrder.length;
    for (let place = from - 1; place >= 0 && rows.length < limit; place -= 1) {
      const row = this.#inOrder[place]!;
      if (stateOf(row, now) === "dead") rows.push(row);
    }
    return rows;
  }

  /** How many died before. */
  #placeOf(death: Death): number {
    let [low, high] = [0, this.#inOrder.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#inOrder[middle]!, death)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The oldest are the first to be forgotten. */
  #forget(now: number): void {
    while (this.#inOrder[0] && stateOf(this.#inOrder[0], now) === "forgotten") this.#dropOldest();
  }

  #dropOldest(): Row | undefined {
    const oldest = this.#inOrder.shift();
    if (oldest) this.#byKey.delete(oldest.key);
    return oldest;
  }
}

function isBefore(one: Death, other: Death): boolean {
  return one.diedAt < other.diedAt || (one.diedAt === other.diedAt && one.key < other.key);
}
