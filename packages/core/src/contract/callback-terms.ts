/** How an answer travels, and what a provider allows at its callback addresses. */
import type { Reply } from "./delivery.ts";
import type { Duration } from "./duration.ts";
import type { ErrorCode } from "./errors.ts";
import type { Warning } from "./warning.ts";
import {
  aFunction,
  duration,
  flag,
  listOf,
  optional,
  text,
  wholeNumber,
  wholeNumberIn,
  type Kind,
} from "./kinds.ts";
import { partsOf, type Kinds, type Read } from "./read-options.ts";

/** How an answer travels. */
export interface Encoded {
  /** The response that carries the whole answer. */
  readonly reply: Reply;
  /** The request that carries the callback when `reply` cannot. Default: the answer has no callback. */
  readonly post?: Post | undefined;
  /**
   * The reply without the callback, for duplicates. Give it where `reply` carries the callback: a post without `repeat` is
   * sent beside the reply.
   */
  readonly repeat?: Reply | undefined;
  /** Names of the parts of the answer that only the reply carries. A late answer drops them, with a warning. */
  readonly droppedWhenLate?: readonly string[] | undefined;
  /** What the developer should know about this answer. */
  readonly warnings?: readonly Warning[] | undefined;
}

/** A request that carries a callback. */
export interface Post {
  /** The callback address. */
  readonly url: string;
  /** Default `"POST"`. A GET has no body. */
  readonly method?: PostMethod | undefined;
  /**
   * Does it, sent twice, what it does once? Then it is sent again though it may have arrived, also to an address of many
   * uses. Default: all but a POST.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.39 any.39}
   */
  readonly idempotent?: boolean | undefined;
  /** The callback as text, UTF-8 on the wire; `""` for a GET. */
  readonly body: string;
  /** The headers by name, `content-type` among them. Credentials are `authorize`'s, since these are stored. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whose credentials it needs, as plain JSON for the option `authorize`: `{ installation: 42 }`. It is stored. */
  readonly account?: unknown;
}

/** How a callback is sent. GET, PUT and PATCH are idempotent here: sent twice they do what they do once. */
export type PostMethod = "GET" | "POST" | "PUT" | "PATCH";

/** What came back of a post. */
export interface PostResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The headers by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text, at most 64 KiB of it. */
  readonly body: string;
}

/** Why an event, or the post of a callback, failed. */
export interface Failure {
  /** The code of the error. */
  readonly code: ErrorCode;
  /** The message of the error, at most 1,000 characters. */
  readonly message: string;
}

/**
 * What a provider allows at its callback addresses.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.37 any.37}
 */
export interface CallbackTerms {
  /** How many uses an address is good for; `Infinity`: as many as you like. Default 1. */
  readonly uses?: number | undefined;
  /**
   * Does an answer in the reply spend a use? Then a callback whose reply was perhaps sent is posted as well, and the
   * provider takes the first of the two. Default `true`.
   */
  readonly inlineSpends?: boolean | undefined;
  /** How long after the event its address is good. Default: nobody knows, and `retryFor` alone counts. */
  readonly expires?: Duration | undefined;
  /** How long a callback that did not come through is tried again, from when it was due. Default: `expires`, or 24 h. */
  readonly retryFor?: Duration | undefined;
  /** The limit of the posted body: it must have fewer bytes of UTF-8. */
  readonly maxBytes: number;
  /**
   * The size from which on a warning `callback_near_limit` tells of a posted body, in bytes of UTF-8: for a limit that can be
   * read in two ways. Default: none is told of.
   */
  readonly nearBytes?: number | undefined;
  /**
   * Hosts that may be posted to, in lower case, each with its subdomains: `["upsales.com"]`. `"any"`: the customers' own;
   * then the receiver's option `transport` has to be given. By https alone, either way.
   */
  readonly hosts: readonly string[] | "any";
  /** Ports that may be posted to beside 443; `"any"`: all of them. Default: none. */
  readonly ports?: readonly number[] | "any" | undefined;
  /** May this address be posted to? It is asked last. Default: yes. */
  accepts?(url: URL): boolean;
}

/** A whole number, or as many as one likes. */
const aNumberOfUses: Kind<number> = (option, value) =>
  value === Infinity ? Infinity : wholeNumber(option, value);

const callbackTerms: Kinds<CallbackTerms> = {
  uses: optional(aNumberOfUses),
  inlineSpends: optional(flag),
  expires: optional(duration),
  retryFor: optional(duration),
  maxBytes: wholeNumber,
  nearBytes: optional(wholeNumber),
  hosts: orAny(listOf(text)),
  ports: optional(orAny(listOf(wholeNumberIn(1, 65_535)))),
  accepts: optional(aFunction),
};

/** For `readOptions`: all terms. */
export const allTerms: Kind<Read<typeof callbackTerms>> = partsOf(callbackTerms);

/** For `readOptions`: those of an event type that differ. */
export const someTerms: Kind<object> = partsOf({
  ...callbackTerms,
  maxBytes: optional(callbackTerms.maxBytes),
  hosts: optional(callbackTerms.hosts),
});

function orAny<Value>(kind: Kind<Value>): Kind<Value | "any"> {
  return (option, value) => (value === "any" ? value : kind(option, value));
}
