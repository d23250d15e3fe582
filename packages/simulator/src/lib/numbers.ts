/** Numbers of options: times and counts, from 0 up. */
import { wholeNumberIn, type Kind } from "@answerback/core/provider";

/** A time in ms; 0 is at once. */
export const ms: Kind<number> = wholeNumberIn(0, Number.MAX_SAFE_INTEGER);

/** A seed of random data. */
export const seed: Kind<number> = wholeNumberIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
