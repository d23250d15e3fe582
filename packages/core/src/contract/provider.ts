/** The provider contract: a provider's protocol as data and two pure functions that mirror each other. */
import type { Authenticator } from "./authenticator.ts";
import type { BodyForm, BodyFormat } from "./body-forms.ts";
import type { CallbackTerms, Encoded, Failure, Post, PostResponse } from "./callback-terms.ts";
import type { Reply } from "./delivery.ts";
import type { Duration } from "./duration.ts";
import type { EventSpecs } from "./event-spec.ts";
import type {
  BatchResult,
  Decoded,
  DecodedDelivery,
  EncodableEvent,
  Handshake,
  RefusalFacts,
} from "./provider-view.ts";
import type { Register } from "./registration.ts";
import type { Statuses } from "./statuses.ts";

/**
 * A provider's protocol. `decode` says what a delivery means, `encode` how an answer travels; the rest is data. None of
 * its functions reads a socket, a clock or a backend. `defineProvider` makes one.
 */
export interface Provider<
  Events extends EventSpecs<Events> = any,
  Extra extends object = {},
  Registering extends Register = Register,
> {
  /** The default name of a receiver, and so the scope of its keys: `"upsales"`. */
  readonly name: string;
  /**
   * The forms in which its bodies come. A body of any other media type is refused unread.
   *
   * @example
   * accepts: ["json", { type: "text/plain", as: "json" }, { type: "application/secevent+jwt", as: "text" }],
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.2 any.2}
   */
  readonly accepts: readonly BodyForm[];
  /** How a body without a `Content-Type` is read, an empty one too. Default: such a body is refused unread. */
  readonly untyped?: BodyFormat;
  /**
   * Does it compress? Then a body may have one `Content-Encoding`, gzip or deflate, and at most `bodyLimit` bytes when it is
   * inflated. Default `false`: a body with a `Content-Encoding` is refused unread.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.33 any.33}
   */
  readonly inflate?: boolean | undefined;
  /**
   * How it signs what it sends, where it always does. Then the receiver's option `authenticate` may be left out, and what
   * is given there has to agree, too. Default: who may send is the app's to say.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.29 any.29}
   */
  readonly authenticator?: Authenticator | undefined;
  /** The events that it is known to send, by type: they type the handlers, check `data` and answers, give the paths. */
  readonly events: Events;
  /**
   * Answers what is asked before anybody is authenticated, by GET, HEAD or OPTIONS: the handshake of a provider that makes
   * sure of the address first. A secret in the URL is compared before. A challenge that comes by POST is `decode`'s.
   *
   * @returns The reply; `undefined`: it is no handshake, and the app's next middleware has it.
   * @throws AnswerbackError or any other error: it is refused as a delivery would be.
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.34 any.34}
   */
  handshake?(request: Handshake): Reply | undefined;
  /**
   * In: says what one authenticated delivery means. It leaves a bad item of a batch to the schema of its type, so that the
   * item fails alone.
   *
   * @returns An event, a list of events (a batch), or a reply that needs no handler (a challenge, a ping).
   * @throws AnswerbackError with any code; most often `malformed`, for a body that is not the provider's. The verdict of a
   *   schema, as zod's `parse` throws it, is `malformed` too. Any other error is a mistake in `decode`: the delivery is
   *   refused with `failed`, so that the provider sends it again.
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.27 any.27}
   */
  decode(delivery: DecodedDelivery): Decoded<Extra> | readonly Decoded<Extra>[] | Reply;
  /**
   * Out: says how an answer travels. Default: the answer as JSON, or for `undefined` an empty reply, with the status
   * `handled` of its table; with `accepted` for an event that is acknowledged now and answered later. A status outside of
   * the table is an `invalid_answer`.
   *
   * @param answer What the handler returned, checked; `undefined`: there is nothing to say. Where `event.accepted`, it is
   *   what the provider gets now: what `later()` was given, or `undefined`.
   */
  encode?(answer: unknown, event: EncodableEvent): Encoded;
  /**
   * Out: the one reply for all events of a batch, whatever became of each. Default: the acknowledgement where one of them
   * is good, as `accepted` where one is handled later; else what refuses it.
   *
   * @returns The reply; `undefined`: the usual one.
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.35 any.35}
   */
  encodeBatch?(results: readonly BatchResult[], delivery: DecodedDelivery): Reply | undefined;
  /**
   * Out: a refusal in the provider's own words. Default: the row's status, the code as JSON.
   *
   * @param row The row of the table that holds.
   * @returns The reply; `undefined`: the usual one.
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.36 any.36}
   */
  refuse?(row: keyof Statuses, why: RefusalFacts): Reply | undefined;
  /** How long the provider waits for a reply. Default 60 s. */
  readonly patience?: Duration;
  /**
   * How long after its head a delivery is acknowledged at the latest, while the handler goes on; below `patience`.
   * Default 5 s, at most half of `patience`.
   */
  readonly answerWithin?: Duration;
  /** How long an event key is remembered: longer than the provider can retry. Default 7 days. */
  readonly retention?: Duration;
  /** How long the provider may go on sending an event again: the shortest retention that a receiver may have. Default 0. */
  readonly retryWindow?: Duration;
  /**
   * What the developer can do where an event has no key, for the warning `no_key`: `"give sameUpdateWithin"`. Default: the
   * warning gives no advice.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.10 any.10}
   */
  readonly keyAdvice?: string | undefined;
  /** Does it send again by itself what was not acknowledged? Default `true`. */
  readonly retries?: boolean;
  /** The largest body that it may rightly send: bytes. Default 1 MiB. */
  readonly bodyLimit?: number;
  /** Does it send to HTTPS only? Then a receiver without `requireHttps` warns once. Default `false`. */
  readonly httpsOnly?: boolean;
  /** The terms of its callback addresses. Default: it has none, and no callback can be posted. */
  readonly callback?: CallbackTerms;
  /**
   * The post that reports an accepted event as a dead letter; it uses the event's callback address. Default: none.
   *
   * @returns The post; `undefined`: this event is not reported.
   */
  whenDead?(event: EncodableEvent, error: Failure): Post | undefined;
  /**
   * What its answer to a post means, where the status says too little: an `ok: false` with 200. Default: 2xx took it; 408,
   * 429 and 5xx are for now, with `Retry-After`; any other status refused it.
   *
   * @returns `"taken"`, `"refused"`, or when to send it again: ms. `undefined`: what the status says.
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.40 any.40}
   */
  judge?(response: PostResponse): "taken" | "refused" | { readonly againMs: number } | undefined;
  /** Where its table of answers differs from `defaultStatuses`. */
  readonly statuses?: Partial<Statuses>;
  /** Fields of the body that hold a credential or an address. No record keeps them, not even that of a malformed body. */
  readonly secrets?: readonly string[];
  /** Builds from a receiver what must be registered with the provider, as data to send or paste. Default: it cannot tell. */
  readonly registration?: Registering;
  /** Are GET and HEAD answered with an empty 200? Default `false`. */
  readonly probe?: boolean;
}
