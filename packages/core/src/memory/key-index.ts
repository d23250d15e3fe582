/** From a key's digest to its entry: linear hashing, which grows by a bucket an entry and so never stands still to grow. */
import { chain, type Entries, type Slot } from "./entries.ts";

/** Which entry has a digest. A digest is random already: its first word is its hash. */
export class KeyIndex {
  readonly #entries: Entries;
  /** The first entry of each bucket. */
  #heads = new Uint32Array(64);
  #buckets = 64;
  #size = 0;

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  get size(): number {
    return this.#size;
  }

  /** 0: none. */
  find(digest: Uint32Array): Slot {
    let slot = this.#heads[this.#bucketOf(digest[0]!)]!;
    while (slot !== 0 && !this.#entries.has(slot, digest)) slot = this.#entries.link(slot, chain);
    return slot;
  }

  add(slot: Slot): void {
    this.#size += 1;
    if (this.#size > this.#buckets) this.#split();
    this.#push(slot);
  }

  remove(slot: Slot): void {
    this.#size -= 1;
    const next = this.#entries.link(slot, chain);
    const bucket = this.#bucketOf(this.#entries.hash(slot));
    let before = this.#heads[bucket]!;
    if (before === slot) {
      this.#heads[bucket] = next;
      return;
    }
    while (this.#entries.link(before, chain) !== slot) before = this.#entries.link(before, chain);
    this.#entries.setLink(before, chain, next);
  }

  #push(slot: Slot): void {
    const bucket = this.#bucketOf(this.#entries.hash(slot));
    this.#entries.setLink(slot, chain, this.#heads[bucket]!);
    this.#heads[bucket] = slot;
  }

  /** One bucket more: the entries of the one that stood for both are dealt out again. */
  #split(): void {
    if (this.#buckets === this.#heads.length) this.#double();
    const both = this.#buckets - this.#heads.length / 2;
    let slot = this.#heads[both]!;
    this.#heads[both] = 0;
    this.#buckets += 1;
    while (slot !== 0) {
      const next = this.#entries.link(slot, chain);
      this.#push(slot);
      slot = next;
    }
  }

  #double(): void {
    const heads = new Uint32Array(2 * this.#heads.length);
    heads.set(this.#heads);
    this.#heads = heads;
  }

  /** Half of the buckets that there will be may not be there yet. */
  #bucketOf(hash: number): number {
    const bucket = (hash & (this.#heads.length - 1)) >>> 0;
    return bucket < this.#buckets ? bucket : bucket - this.#heads.length / 2;
  }
}
