/** Postback as a sender: as many attempts as its configuration says, as far apart, each with its number. */
import { readOptions, wholeNumberIn, withDefault } from "@answerback/core/provider";
import { ms } from "../lib/numbers.ts";
import { postback } from "../deliveries/postback.ts";
import { acknowledged, gaveUpAfter, isSuccess, retry } from "./conclusion.ts";
import type { Protocol } from "./protocol.ts";

/**
 * How Postback sends: the provider's own configuration, under its own names.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.3 postback.3}
 */
export interface PostbackBehaviour {
  /** All attempts, the first included: 1 to 5. Default 5. */
  readonly number_of_attempts?: number;
  /** Seconds from an attempt to the next: 300 to 86,400. Default 300. */
  readonly attempt_interval?: number;
  /** How long Postback waits for the whole answer: ms. The page says nothing; default 60,000. */
  readonly patienceMs?: number;
}

/**
 * The sending side of Postback.
 *
 * @throws OptionError `out_of_range` when a number is out of the provider's range.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.3 postback.3}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.4 postback.4}
 */
export function postbackProtocol(behaviour: PostbackBehaviour = {}): Protocol {
  const { number_of_attempts, attempt_interval, patienceMs } = readOptions("postback", behaviour, {
    number_of_attempts: withDefault(wholeNumberIn(1, 5), 5),
    attempt_interval: withDefault(wholeNumberIn(300, 86_400), 300),
    patienceMs: withDefault(ms, 60_000),
  });
  return {
    patienceMs,
    again: postback.again,
    conclude(seen, { attempt }) {
      if (isSuccess(seen)) return acknowledged;
      if (attempt >= number_of_attempts) return gaveUpAfter(attempt);
      return retry(attempt_interval * 1_000, attempt + 1, number_of_attempts);
    },
  };
}
