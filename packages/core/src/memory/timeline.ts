/** Things in the order of their time: a binary heap that knows where each one stands, so that any can leave. */

/** What can stand in a timeline, in one at a time; `until` does not change while it does. */
export interface Timed {
  readonly until: number;
  place: number;
}

/** The first is there at once; adding and removing take log n. */
export class Timeline<T extends Timed> {
  readonly #heap: T[] = [];

  get first(): T | undefined {
    return this.#heap[0];
  }

  add(item: T): void {
    this.#rise(item, this.#heap.length);
  }

  remove(item: T): void {
    const last = this.#heap.pop()!;
    if (last === item) return;
    // whichever of the two does not apply ends where it began
    this.#sink(last, item.place);
    this.#rise(last, last.place);
  }

  /** Puts the item at a place or above it, wherever its time belongs. */
  #rise(item: T, place: number): void {
    for (let above = (place - 1) >> 1; place > 0; above = (place - 1) >> 1) {
      const parent = this.#heap[above]!;
      if (parent.until <= item.until) break;
      this.#stand(parent, place);
      place = above;
    }
    this.#stand(item, place);
  }

  /** Puts the item at a place or below it. */
  #sink(item: T, place: number): void {
    for (let child = this.#earlierChild(place); child && child.until < item.until;) {
      const next = child.place;
      this.#stand(child, place);
      place = next;
      child = this.#earlierChild(place);
    }
    this.#stand(item, place);
  }

  #earlierChild(place: number): T | undefined {
    const left = this.#heap[2 * place + 1];
    const right = this.#heap[2 * place + 2];
    return left && right && right.until < left.until ? right : left;
  }

  #stand(item: T, place: number): void {
    this.#heap[place] = item;
    item.place = place;
  }
}
