/** A sender's terms as somebody writes them down from a provider's page, and the protocol that they make. */
import {
  aFunction,
  duration,
  flag,
  listOf,
  optional,
  partsOf,
  readOptions,
  text,
  wholeNumber,
  withDefault,
  wrongKind,
  type Duration,
  type Kind,
  type Kinds,
} from "@answerback/core/provider";
import type { Answered, Progress, Seen } from "./conclusion.ts";
import { acknowledged, gaveUpAfter, inShort, isSuccess, never, retry } from "./conclusion.ts";
import type {
  AnyDelivery,
  CallbackReply,
  CallbackRequest,
  CallbackState,
  Opinion,
  Protocol,
  RefusalReason,
  Sign,
} from "./protocol.ts";
import { sameBytes } from "./protocol.ts";

/** How a provider sends, as its page says it. */
export interface SendingTerms {
  /** How long the provider waits for the whole answer. Default `"60s"`. */
  readonly patience?: Duration | undefined;
  /**
   * How long after each attempt the next begins: `["0s", "1m", "5m"]` are three more. Or a function that says it of each,
   * `undefined` for no more. Default: the provider sends once.
   */
  readonly retries?: readonly Duration[] | ((tried: Tried) => Duration | undefined) | undefined;
  /** Does this answer acknowledge? `true`, `false`, or what is wrong with it, in a few words. Default: every 2xx does. */
  readonly taken?: ((answer: Answered) => boolean | string) | undefined;
  /** The headers that show who sends, made anew for each attempt, on the provider's clock. Default: none. */
  readonly sign?: Sign | undefined;
  /** What differs when the event is sent again: a number in a header, in the body. Default: nothing. */
  readonly again?: ((delivery: AnyDelivery, attempt: number, seen?: Seen) => AnyDelivery) | undefined;
  /** What it takes at the address that comes with a delivery. Default: no address comes with any. */
  readonly callback?: CallbackOptions | undefined;
}

/** An attempt that did not acknowledge. */
export interface Tried extends Progress {
  /** What came back of it. */
  readonly seen: Seen;
}

/** What a provider takes at the address that comes with a delivery. */
export interface CallbackOptions {
  /** The address that came with a delivery; `undefined`: none did. */
  readonly urlOf: (delivery: AnyDelivery) => string | undefined;
  /** Does a request to `url` use this address? Default: if the two are equal. */
  readonly covers?: ((url: string, address: string) => boolean) | undefined;
  /** How many callbacks an address takes; `Infinity`: any number. Default 1. */
  readonly uses?: number | undefined;
  /** How long it takes them, from the first attempt on. Default: for ever. */
  readonly expires?: Duration | undefined;
  /** Is the callback in an answer a use? Default `true`. */
  readonly inlineSpends?: boolean | undefined;
  /** Is a callback refused before the delivery was acknowledged, and when it never was? Default `false`: taken, and noted. */
  readonly acknowledgedFirst?: boolean | undefined;
  /** The methods that it takes. Default `["POST"]`. */
  readonly methods?: readonly string[] | undefined;
  /** The size from which on a callback is too large: bytes. Default: there is none. */
  readonly limit?: number | undefined;
  /** The callback in an answer; `undefined`: there is none. Default: there never is. */
  readonly inline?: ((answer: Answered) => unknown) | undefined;
  /** What the provider thinks of a callback that keeps the terms above. Default: it is taken, with 200. */
  readonly judge?: ((request: CallbackRequest, state: CallbackState) => Opinion) | undefined;
  /** What the provider answers where it refuses by its terms. Default: the status that HTTP has for it. */
  readonly refusal?: ((why: RefusalReason) => CallbackReply) | undefined;
}

/** The protocol of a sender with these terms. */
export function protocolOf(terms: SendingTerms): Protocol {
  const { patience, retries, taken, sign, again, callback } = readOptions("simulate", terms, sendingTerms);
  const most = Array.isArray(terms.retries) ? terms.retries.length + 1 : undefined;
  return {
    patienceMs: patience,
    conclude(seen, progress) {
      const verdict = seen.kind === "answered" && (taken(seen) as boolean | string);
      if (verdict === true) return acknowledged;
      const inMs = retries?.({ ...progress, seen });
      if (inMs !== undefined) return retry(inMs, progress.attempt + 1, most);
      return retries ? gaveUpAfter(progress.attempt) : never(whyNot(seen, verdict));
    },
    again,
    sign,
    callback: callback && { ...callback, expiresMs: callback.expires },
  };
}

const aLimit: Kind<number> = (option, value) => (value === Infinity ? Infinity : wholeNumber(option, value));

const anAge: Kind<number> = (option, value) => (value === Infinity ? Infinity : duration(option, value));

/** The next attempt's wait in ms, `undefined` for none, from a list or a function. */
const someRetries: Kind<(tried: Tried) => number | undefined> = (option, value) => {
  if (Array.isArray(value)) {
    const waits = value.map((one) => duration(option, one));
    return ({ attempt }) => waits[attempt - 1];
  }
  if (typeof value !== "function")
    throw wrongKind(option, value, 'a list, such as ["0s", "1m"], or a function');
  return (tried) => {
    const wait: unknown = value(tried);
    return wait === undefined ? undefined : duration(option, wait);
  };
};

const sendingTerms = {
  patience: withDefault(duration, "60s"),
  retries: optional(someRetries),
  taken: withDefault(aFunction, isSuccess),
  sign: optional(aFunction),
  again: withDefault(aFunction, sameBytes),
  callback: optional(
    partsOf({
      urlOf: aFunction,
      covers: withDefault(aFunction, (url: string, address: string) => url === address),
      uses: withDefault(aLimit, 1),
      expires: withDefault(anAge, Infinity),
      inlineSpends: withDefault(flag, true),
      acknowledgedFirst: withDefault(flag, false),
      methods: withDefault(listOf(text), ["POST"]),
      limit: withDefault(aLimit, Infinity),
      inline: withDefault(aFunction, () => undefined),
      judge: optional(aFunction),
      refusal: optional(aFunction),
    }),
  ),
} satisfies Kinds<SendingTerms>;

function whyNot(seen: Seen, verdict: boolean | string): string {
  return typeof verdict === "string" ? `${inShort(seen)}, ${verdict}` : inShort(seen);
}
