/** Rows that owe nothing: remembered as long as there is room, then the longest unused is forgotten first. */
import { LRUCache } from "lru-cache";
import { digestOf } from "./digest.ts";
import { Entries, newer, older, type Slot } from "./entries.ts";
import { KeyIndex } from "./key-index.ts";
import type { Row } from "./row.ts";

/** An answer longer than that is hardly given twice. */
const longestShared = 1_000;

/**
 * Rows by key. lru-cache takes more than a hundred bytes a key before there is anything in it, so it has only the
 * answers here: most events of a provider are given one of a few, which need not be kept for each.
 */
export class Remembered {
  readonly #maxKeys: number;
  readonly #maxBytes: number;
  readonly #entries = new Entries();
  readonly #index = new KeyIndex(this.#entries);
  readonly #answers = new LRUCache<string, string>({ max: 100 });
  #bytes = 0;
  #oldest: Slot = 0;
  #newest: Slot = 0;

  constructor({ maxKeys, maxAnswerBytes }: { readonly maxKeys: number; readonly maxAnswerBytes: number }) {
    this.#maxKeys = maxKeys;
    this.#maxBytes = maxAnswerBytes;
  }

  /** Counts as a use. */
  get(key: string): Row | undefined {
    const slot = this.#index.find(digestOf(key));
    if (slot === 0) return undefined;
    this.#leave(slot);
    this.#arrive(slot);
    return this.#entries.read(slot, key);
  }

  /** As `get`, without counting as a use. */
  peek(key: string): Row | undefined {
    const slot = this.#index.find(digestOf(key));
    return slot === 0 ? undefined : this.#entries.read(slot, key);
  }

  /** Remembers a row whose key it does not have. One that is too large for all the room is not remembered. */
  add(row: Row): void {
    const bytes = bytesOf(row);
    if (bytes > this.#maxBytes) return;
    while (this.#index.size === this.#maxKeys || this.#bytes + bytes > this.#maxBytes) {
      this.#forget(this.#oldest);
    }
    const slot = this.#entries.add(digestOf(row.key), row, this.#shared(row.answer));
    this.#index.add(slot);
    this.#arrive(slot);
    this.#bytes += bytes;
  }

  delete(key: string): void {
    const slot = this.#index.find(digestOf(key));
    if (slot !== 0) this.#forget(slot);
  }

  #forget(slot: Slot): void {
    this.#leave(slot);
    this.#index.remove(slot);
    this.#bytes -= bytesOf(this.#entries.texts(slot));
    this.#entries.remove(slot);
  }

  /** Becomes the one that was used last. */
  #arrive(slot: Slot): void {
    this.#entries.setLink(slot, older, this.#newest);
    this.#entries.setLink(slot, newer, 0);
    if (this.#newest === 0) this.#oldest = slot;
    else this.#entries.setLink(this.#newest, newer, slot);
    this.#newest = slot;
  }

  #leave(slot: Slot): void {
    const [before, after] = [this.#entries.link(slot, older), this.#entries.link(slot, newer)];
    if (before === 0) this.#oldest = after;
    else this.#entries.setLink(before, newer, after);
    if (after === 0) this.#newest = before;
    else this.#entries.setLink(after, older, before);
  }

  /** The text itself, or an equal one that is kept already. */
  #shared(answer: string | null): string | null {
    if (answer === null || answer.length > longestShared) return answer;
    const known = this.#answers.get(answer);
    if (known !== undefined) return known;
    this.#answers.set(answer, answer);
    return answer;
  }
}

/** Two bytes a character is the most that V8 takes. */
function bytesOf({ answer, note }: Pick<Row, "answer" | "note">): number {
  return 2 * ((answer?.length ?? 0) + (note?.length ?? 0));
}
