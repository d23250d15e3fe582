/** Items in the order of their time: a binary heap in which each item knows its index, so that any of them can be removed. */

/** What a heap holds. It is in one heap at a time, and its time does not change while it is there. */
export interface Timed {
  /** The instant by which the heap is ordered: ms on the caller's clock; Infinity comes last. */
  readonly until: number;
  /** Where it stands in its heap, which alone writes this. */
  heapIndex: number;
}

/** The earliest item is there at once; adding and removing one take log n. */
export class DueHeap<Item extends Timed> {
  readonly #items: Item[] = [];

  /** The item with the earliest time. */
  get first(): Item | undefined {
    return this.#items[0];
  }

  /** Adds an item that is in no heap. */
  add(item: Item): void {
    this.#siftUp(item, this.#items.length);
  }

  /** Removes an item that is in this heap. */
  remove(item: Item): void {
    const last = this.#items.pop()!;
    if (last === item) return;
    // the last item fills the gap, and moves down or up from there; the direction that does not apply moves nothing
    this.#siftDown(last, item.heapIndex);
    this.#siftUp(last, last.heapIndex);
  }

  /** Puts the item at the index, or as far above it as its time belongs. */
  #siftUp(item: Item, index: number): void {
    for (let above = (index - 1) >> 1; index > 0; above = (index - 1) >> 1) {
      const parent = this.#items[above]!;
      if (parent.until <= item.until) break;
      this.#set(index, parent);
      index = above;
    }
    this.#set(index, item);
  }

  /** Puts the item at the index, or as far below it as its time belongs. */
  #siftDown(item: Item, index: number): void {
    for (let child = this.#earlierChild(index); child && child.until < item.until;) {
      const below = child.heapIndex;
      this.#set(index, child);
      index = below;
      child = this.#earlierChild(index);
    }
    this.#set(index, item);
  }

  #earlierChild(index: number): Item | undefined {
    const left = this.#items[2 * index + 1];
    const right = this.#items[2 * index + 2];
    return left && right && right.until < left.until ? right : left;
  }

  #set(index: number, item: Item): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }
}
