/** Rows at rest, packed into 72 bytes each beside their answer: nothing that a garbage collection has to walk. */
import type { Row } from "./row.ts";

/** The number of an entry; 0 is none. */
export type Slot = number;

/** What an entry is linked by. */
export type Link = typeof chain | typeof older | typeof newer;

// where the fields of an entry stand, in 32-bit words; its digest takes the first eight, a double takes two
const [until, token, step, attempts, held] = [8, 10, 12, 13, 17];
/** To the next entry of the same bucket, or the next free one. */
export const chain = 14;
/** To those that were used before and after it. */
export const older = 15;
export const newer = 16;
const wordsOfEntry = 18;

/** So few that a receiver with hardly any keys takes little, so many that a page costs nothing beside its entries. */
const entriesOfPage = 1_024;

interface Page {
  readonly words: Uint32Array;
  /** The same bytes. */
  readonly doubles: Float64Array;
  readonly answers: (string | null)[];
}

/** Entries by slot. They grow by a page at a time, so that nothing is ever copied. */
export class Entries {
  readonly #pages: Page[] = [];
  /** Few rows have one. */
  readonly #notes = new Map<Slot, string>();
  #free: Slot = 0;
  #fresh: Slot = 1;

  /** The slot of a new entry: a row, with an equal text for its answer. */
  add(digest: Uint32Array, row: Row, answer: string | null): Slot {
    const slot = this.#take();
    const { words, doubles, answers } = this.#page(slot);
    const place = placeOf(slot);
    words.set(digest, place);
    answers[slot % entriesOfPage] = answer;
    doubles[(place + until) / 2] = row.until;
    doubles[(place + token) / 2] = row.token;
    words[place + step] = row.step;
    words[place + attempts] = row.attempts;
    words[place + held] = row.held ? 1 : 0;
    if (row.note !== null) this.#notes.set(slot, row.note);
    return slot;
  }

  remove(slot: Slot): void {
    this.#page(slot).answers[slot % entriesOfPage] = null;
    this.#notes.delete(slot);
    this.setLink(slot, chain, this.#free);
    this.#free = slot;
  }

  read(slot: Slot, key: string): Row {
    const { words, doubles } = this.#page(slot);
    const place = placeOf(slot);
    return {
      key,
      ...this.texts(slot),
      work: null,
      attempts: words[place + attempts]!,
      until: doubles[(place + until) / 2]!,
      token: doubles[(place + token) / 2]!,
      step: words[place + step]!,
      held: words[place + held] === 1,
      place: 0,
    };
  }

  /** What it has besides numbers. */
  texts(slot: Slot): Pick<Row, "answer" | "note"> {
    return {
      answer: this.#page(slot).answers[slot % entriesOfPage]!,
      note: this.#notes.get(slot) ?? null,
    };
  }

  /** Is it the entry of this digest? */
  has(slot: Slot, digest: Uint32Array): boolean {
    const { words } = this.#page(slot);
    const place = placeOf(slot);
    let at = 0;
    while (at < digest.length && words[place + at] === digest[at]) at += 1;
    return at === digest.length;
  }

  /** 32 bits of its digest. */
  hash(slot: Slot): number {
    return this.#page(slot).words[placeOf(slot)]!;
  }

  link(slot: Slot, link: Link): Slot {
    return this.#page(slot).words[placeOf(slot) + link]!;
  }

  setLink(slot: Slot, link: Link, to: Slot): void {
    this.#page(slot).words[placeOf(slot) + link] = to;
  }

  #take(): Slot {
    const free = this.#free;
    if (free !== 0) {
      this.#free = this.link(free, chain);
      return free;
    }
    const slot = this.#fresh++;
    if (pageOf(slot) === this.#pages.length) this.#pages.push(newPage());
    return slot;
  }

  #page(slot: Slot): Page {
    return this.#pages[pageOf(slot)]!;
  }
}

function pageOf(slot: Slot): number {
  return Math.floor(slot / entriesOfPage);
}

function placeOf(slot: Slot): number {
  return (slot % entriesOfPage) * wordsOfEntry;
}

function newPage(): Page {
  const buffer = new ArrayBuffer(entriesOfPage * wordsOfEntry * Uint32Array.BYTES_PER_ELEMENT);
  const answers = Array.from<null>({ length: entriesOfPage }).fill(null);
  return { words: new Uint32Array(buffer), doubles: new Float64Array(buffer), answers };
}
