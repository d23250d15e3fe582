/** How long free records are kept: a law of the contract that every engine keeps in the same way. */
import type { Change } from "../contract/backend.ts";
import type { MaybePromise } from "../lib/maybe-promise.ts";

/** A free record is kept at least this long after its time: ms. A week. */
export const leastLingerMs: number = 7 * 86_400_000;

/** The linger of one receiver's records. */
export interface Linger {
  /** How long a free record is kept after its time: ms. */
  readonly ms: number;
  /** Makes the linger as long as the retention that a change gives, before the change is saved. */
  cover(change: Change): MaybePromise<void>;
}

/**
 * The linger of a receiver: a week, or the longest retention that was ever given.
 *
 * @param storedMs The longest that the engine knows of: ms; 0 for none.
 * @param store Stores a longer one; called once for each.
 */
export function createLinger(storedMs: number, store: (ms: number) => Promise<unknown>): Linger {
  let ms = Math.max(leastLingerMs, storedMs);
  return {
    get ms() {
      return ms;
    },
    cover({ forMs, work, kind }) {
      const retentionMs = Math.min(Math.ceil(forMs ?? 0), Number.MAX_SAFE_INTEGER);
      if (work || kind === "dead" || retentionMs <= ms) return undefined;
      return store(retentionMs).then(() => void (ms = retentionMs));
    },
  };
}
