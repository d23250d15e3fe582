/** Dead letters in the order of their death: found by key, listed from the newest on, and bounded in number. */
import type { Place } from "../../contract/backend.ts";
import { stateOf, type Row } from "./row.ts";

/** A row that is a dead letter. */
export type DeadRow = Row & { readonly diedAt: number };

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

  /** The newest first, or those that come after a place. */
  *newestFirst(now: number, after?: Place): Generator<DeadRow> {
    const from = after ? this.#placeOf({ diedAt: after.at, key: after.key }) : this.#inOrder.length;
    for (let place = from - 1; place >= 0; place -= 1) {
      const row = this.#inOrder[place]!;
      if (stateOf(row, now) === "dead") yield row;
    }
  }

  /** How many died before. */
  #placeOf(death: Pick<DeadRow, "diedAt" | "key">): number {
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

function isBefore(one: DeadRow, other: Pick<DeadRow, "diedAt" | "key">): boolean {
  return one.diedAt < other.diedAt || (one.diedAt === other.diedAt && one.key < other.key);
}
