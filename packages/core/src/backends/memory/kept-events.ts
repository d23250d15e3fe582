/** Events that were handled and are kept: each for its time, and no more bytes of them than there is room for. */

interface Kept {
  readonly text: string;
  /** Until when: ms on the backend's clock. */
  readonly until: number;
}

/** Texts by key, the oldest first. What is past is dropped when another is kept. */
export class KeptEvents {
  readonly #kept = new Map<string, Kept>();
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes How many bytes the texts may take, counted as two a character. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The text of a key; `null`: it is not kept. */
  get(key: string, now: number): string | null {
    const kept = this.#kept.get(key);
    return kept && kept.until > now ? kept.text : null;
  }

  /** Keeps a text in the place of what the key had. */
  set(key: string, kept: Kept, now: number): void {
    this.delete(key);
    this.#kept.set(key, kept);
    this.#bytes += bytesOf(kept);
    for (const [oldest, { until }] of this.#kept) {
      if (until > now && this.#bytes <= this.#maxBytes) return;
      this.delete(oldest);
    }
  }

  /** Drops the text of a key, if there is one. */
  delete(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#kept.delete(key);
    this.#bytes -= bytesOf(kept);
  }
}

/** Two bytes a character is the most that V8 takes. */
function bytesOf({ text }: Kept): number {
  return 2 * text.length;
}
