/** Keys in the order in which their rows arrived, so that the newest are listed without walking all of them. */
import type { Place } from "../../contract/backend.ts";

/** How many keys a chunk has before the next one begins. */
const chunkSize = 2_048;

/** Neighbours in the order, in two arrays, as an object for each would take three times the room. */
interface Chunk {
  readonly times: number[];
  readonly keys: string[];
}

/**
 * An ordered log in chunks. A key whose row is gone, or arrived anew, stays behind until its chunk is tidied: the oldest
 * and one more whenever a chunk is full, so that no call walks all of them.
 */
export class Arrivals {
  readonly #chunks: Chunk[] = [{ times: [], keys: [] }];
  readonly #isThere: (place: Place) => boolean;
  #tidied = 0;

  /** @param isThere Is there still a row that arrived then? */
  constructor(isThere: (place: Place) => boolean) {
    this.#isThere = isThere;
  }

  /** Adds a key; it is almost always the newest. */
  add(place: Place): void {
    let number = this.#chunks.length - 1;
    while (number > 0 && countBefore(this.#chunks[number]!, place) === 0) number -= 1;
    const { times, keys } = this.#chunks[number]!;
    const index = countBefore(this.#chunks[number]!, place);
    if (times[index] === place.at && keys[index] === place.key) return;
    times.splice(index, 0, place.at);
    keys.splice(index, 0, place.key);
    if (keys.length > chunkSize) this.#divide(number, index);
  }

  /** The newest first, or those that come after a place. Each is still there when it is given. */
  *newestFirst(after?: Place): Generator<Place> {
    for (const chunk of this.#chunks.toReversed()) {
      const { times, keys } = chunk;
      for (let index = (after ? countBefore(chunk, after) : keys.length) - 1; index >= 0; index -= 1) {
        const place = { at: times[index]!, key: keys[index]! };
        if (this.#isThere(place)) yield place;
      }
    }
  }

  /** Where keys are added at the end the chunk stays full, else each half gets room. */
  #divide(number: number, added: number): void {
    const { times, keys } = this.#chunks[number]!;
    const middle = added === chunkSize ? chunkSize : chunkSize >> 1;
    this.#chunks.splice(number + 1, 0, { times: times.splice(middle), keys: keys.splice(middle) });
    // the oldest are forgotten first, and what is kept for long must not stand before what is not
    this.#tidied = (this.#tidied + 1) % this.#chunks.length;
    if (this.#tidied > 0) this.#tidy(this.#tidied);
    this.#tidy(0);
  }

  #tidy(number: number): void {
    const { times, keys } = this.#chunks[number]!;
    const there = keys
      .map((key, index) => ({ at: times[index]!, key }))
      .filter((place) => this.#isThere(place));
    const tidy = { times: there.map(({ at }) => at), keys: there.map(({ key }) => key) };
    const isLeft = there.length > 0 || this.#chunks.length === 1;
    this.#chunks.splice(number, 1, ...(isLeft ? [tidy] : []));
  }
}

/** How many of the chunk come before a place, in the order of their arrival. */
function countBefore(chunk: Chunk, place: Place): number {
  let [low, high] = [0, chunk.keys.length];
  // most are newer than all that is there
  if (high > 0 && chunk.times[high - 1]! < place.at) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    const isOlder =
      chunk.times[middle]! < place.at ||
      (chunk.times[middle] === place.at && chunk.keys[middle]! < place.key);
    if (isOlder) low = middle + 1;
    else high = middle;
  }
  return low;
}
