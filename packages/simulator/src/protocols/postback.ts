/** Postback as a sender: as many attempts as its configuration says, as far apart, each with its number. */
import { readOptions, wholeNumberIn, withDefault } from "@answerback/core/provider";
import { ms } from "../lib/numbers.ts";
import type { Protocol, RawDelivery } from "./protocol.ts";
import { withText } from "./protocol.ts";
import { protocolOf } from "./terms.ts";

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
  const again = Array.from({ length: number_of_attempts - 1 }, () => `${attempt_interval}s` as const);
  return protocolOf({
    patience: `${patienceMs}ms`,
    retries: again,
    again: (delivery, attempt) => counted(withText(delivery), attempt),
  });
}

/**
 * The same event sent again: nothing differs but `number_of_attempts`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.4 postback.4}
 */
export function counted(delivery: RawDelivery, attempt: number): RawDelivery {
  // in place: not a byte of the rest may change
  return { ...delivery, body: delivery.body.replace(/(number_of_attempts(?:=|":))\d+/, `$1${attempt}`) };
}
