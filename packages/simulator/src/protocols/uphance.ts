/** Uphance as a sender: anything but 2xx is sent again for up to 48 hours, then discarded. */
import { aFunction, readOptions, withDefault } from "@answerback/core/provider";
import { ms } from "../lib/numbers.ts";
import { acknowledged, gaveUp, inWords, isSuccess, retry } from "./conclusion.ts";
import type { Protocol } from "./protocol.ts";
import { sameBytes } from "./protocol.ts";

/**
 * How Uphance sends, where its page leaves it open.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.3 uphance.3}
 */
export interface UphanceBehaviour {
  /** How long Uphance waits for the whole answer: ms. The page only says that long tasks time out; default 60,000. */
  readonly patienceMs?: number;
  /** ms from the `attempt`th attempt (from 1) to the next. The page gives none; default a minute, doubling, at most four hours. */
  readonly intervalMs?: (attempt: number) => number;
  /** When Uphance discards the event: ms after the first attempt. The page says 48 h, which is the default. */
  readonly giveUpAfterMs?: number;
}

/**
 * The sending side of Uphance.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.3 uphance.3}
 */
export function uphanceProtocol(behaviour: UphanceBehaviour = {}): Protocol {
  const { patienceMs, intervalMs, giveUpAfterMs } = readOptions("uphance", behaviour, {
    patienceMs: withDefault(ms, 60_000),
    intervalMs: withDefault(aFunction, doubling),
    giveUpAfterMs: withDefault(ms, 48 * 3_600_000),
  });
  return {
    patienceMs,
    again: sameBytes,
    conclude(seen, { attempt, sinceMs }) {
      if (isSuccess(seen)) return acknowledged;
      const inMs = intervalMs(attempt);
      // "up to": an attempt that would begin after the window is never made
      return sinceMs + inMs <= giveUpAfterMs ? retry(inMs, attempt + 1) : gaveUp(inWords(giveUpAfterMs));
    },
  };
}

const doubling = (attempt: number) => Math.min(60_000 * 2 ** (attempt - 1), 4 * 3_600_000);
