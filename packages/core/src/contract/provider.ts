/** The provider contract: a provider's protocol as data and two pure functions that mirror each other. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Authenticator } from "./authenticator.ts";
import type { Reply } from "./delivery.ts";
import type { Duration } from "./duration.ts";
import type { ErrorCode } from "./errors.ts";
import type { Register } from "./registration.ts";
import type { Statuses } from "./statuses.ts";
import type { Warning } from "./warning.ts";

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
   * `handled` of its table; with `accepted` for an event that is acknowledged now and answered later.
   *
   * @param answer What the handler returned, checked; `undefined`: there is nothing to say. Where `event.accepted`, it is
   *   what the provider gets now: what `later()` was given, or `undefined`.
   */
  encode?(answer: unknown, event: EncodableEvent): Encoded;
  /**
   * Out: the one reply for all events of a batch, whatever became of each. Default: the acknowledgement where one of them
   * is good, else what refuses it.
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

/** What most bodies are: `application/json` and every `+json`, or `application/x-www-form-urlencoded`. */
export type Format = "json" | "form";

/** How a body is read: as JSON, as the fields of a flat form, as a text, or not at all, which leaves its bytes. */
export type BodyFormat = Format | "text" | "bytes";

/** A form in which bodies come: a usual one, or a media type with how it is read. */
export type BodyForm =
  | Format
  | {
      /**
       * The media type without parameters, in any case: `"text/plain"`. It comes before the usual forms, also where it is one
       * of their types; `"*\/*"`, every type that has no entry, comes after them.
       */
      readonly type: string;
      /** How it is read; a `charset` counts for all but `"bytes"`. */
      readonly as: BodyFormat;
    };

/** From event type to what is known of the event. */
export type EventSpecs<Events> = { readonly [Type in keyof Events]: EventSpec };

/** One event type. */
export interface EventSpec<Data = any, Answer = any, Path extends string = string> {
  /**
   * Its path under the mount, or several: `"/widgetRow/:name/:arg"`. The names become `event.params`. Default: the mount
   * itself.
   */
  readonly path?: Path | readonly Path[] | undefined;
  /** Checks and types `event.data`. Default: any data is good. */
  readonly data?: StandardSchemaV1<unknown, Data> | undefined;
  /**
   * The part of `data` that is sure, where the provider's page does not promise the rest. Data that differ from `data`, and
   * not from this, are handed over as they came, with a warning `schema_drift` for each field. It is asked only then. Default:
   * all of `data` is sure, and what differs is `malformed`.
   *
   * @example
   * "contact.create": { data: contactSchema, sure: z.looseObject({ id: z.string() }) },
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.28 any.28}
   */
  readonly sure?: StandardSchemaV1 | undefined;
  /** Checks and types what a handler returns. Default: the provider reads no answer, and what is returned is dropped. */
  readonly answer?: StandardSchemaV1<unknown, Answer> | undefined;
  /**
   * Does somebody wait at a screen for the reply? Then the event is handled each time, and never accepted. Default
   * `false`.
   */
  readonly interactive?: boolean | undefined;
  /**
   * Does the event say that its entity is gone? Then `order` takes it for the newest event of the entity, unless it has a
   * version. Default `false`.
   */
  readonly deletes?: boolean | undefined;
  /**
   * The provider's own handler, for an event that it can handle by itself, such as a subscription that is to be confirmed.
   * It is asked where the app has no handler for just this type, before `"*"`. What it returns is the answer.
   */
  handle?(event: ProviderEvent): unknown;
  /** How long the provider waits for the reply to this event. Default: the provider's. */
  readonly patience?: Duration | undefined;
  /** How long after its head this event is acknowledged at the latest. Default: the provider's, at most half of its patience. */
  readonly answerWithin?: Duration | undefined;
  /** Is this event sent again where it was not acknowledged? Default: the provider's. */
  readonly retries?: boolean | undefined;
  /** How long the key of this event is remembered. Default: the provider's. */
  readonly retention?: Duration | undefined;
  /**
   * Where the terms of its callback address differ from the provider's; `false`: it has none. Default: the provider's.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.37 any.37}
   */
  readonly callback?: false | Partial<CallbackTerms> | undefined;
}

/** A request that may be a handshake: nobody is authenticated, and there is no body. */
export interface Handshake {
  /** `"GET"`, `"HEAD"` or `"OPTIONS"`. */
  readonly method: string;
  /** The path under the mount, as sent, without a secret of the URL. */
  readonly path: string;
  /** The query without its question mark, as sent; `""` when there is none. */
  readonly query: string;
  /** The headers by name in lower case; of each the values in the order sent. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** When it arrived: ms since the epoch. */
  readonly receivedAt: number;
}

/** What became of one event of a batch. */
export interface BatchResult {
  /** The item as it was decoded. */
  readonly data: unknown;
  /** Why it is not handled: the code of the error; `undefined`: it is handled, accepted, a duplicate or ignored. */
  readonly code: ErrorCode | undefined;
}

/** What is known of a delivery that is refused. */
export interface RefusalFacts {
  /** Why. */
  readonly code: ErrorCode;
  /** When it may come again, where somebody knows: ms. */
  readonly retryAfterMs: number | undefined;
  /** The event, where it is known. */
  readonly event: EncodableEvent | undefined;
}

/** What came back of a post. */
export interface PostResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The headers by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text, at most 64 KiB of it. */
  readonly body: string;
}

/** A delivery whose body was read and decoded, as `decode` gets it. */
export interface DecodedDelivery {
  /** The event type whose path matched; `undefined` at the mount itself, where the body tells the type. */
  readonly type: string | undefined;
  /** The path's parameters, percent-decoded once. */
  readonly params: Readonly<Record<string, string>>;
  /** How the body was read. */
  readonly format: BodyFormat;
  /**
   * JSON as parsed, or the fields of a flat form; free of `__proto__`, at most 64 levels deep, and frozen. Or the text, or a
   * `Uint8Array`, which cannot be frozen: it is not copied, so leave it as it is.
   */
  readonly body: unknown;
  /**
   * The body as it travelled, compressed where it was; not copied. `undefined`: an upstream parser left something else.
   */
  readonly bytes: Uint8Array | undefined;
  /** The HTTP method, as sent: `"POST"`. */
  readonly method: string;
  /** The query without its question mark, as sent; `""` when there is none. */
  readonly query: string;
  /** The address as the provider sees it; `undefined`: the option `publicUrl` was not given. */
  readonly url: string | undefined;
  /** The headers by name in lower case; of each the values in the order sent. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** When its head arrived: ms since the epoch. */
  readonly receivedAt: number;
}

/** An event as `decode` finds it. */
export interface Decoded<Extra extends object = object> {
  /** A type of `events`, or the provider's own name of an event that is not listed. */
  readonly type: string;
  /** What the event carries; the schema of its type checks it. */
  readonly data: unknown;
  /** What makes two deliveries the same event; its parts are digested together. Default: the event is never a duplicate. */
  readonly key?: readonly unknown[] | undefined;
  /** The address to which a callback can be posted. Default: none, so no callback is possible. */
  readonly callbackUrl?: string | undefined;
  /** The ordinal of this delivery, where the provider tells it. */
  readonly deliveryAttempt?: number | undefined;
  /** How long this event's key is remembered. Default: as long as the receiver remembers. */
  readonly retention?: Duration | undefined;
  /** The event's other fields, under the provider's own names: handlers find them on the event. */
  readonly extra?: Extra | undefined;
  /** What the developer should know about this event. Each is told once a receiver. */
  readonly warnings?: readonly Warning[] | undefined;
}

/** An event as a handler sees it, whatever its type. */
export interface ProviderEvent {
  /** A type of `events`, or `"*"`. */
  readonly type: string;
  /** The same as `type`; the provider's own name where that is `"*"`. */
  readonly name: string;
  /** What the event carries, checked. */
  readonly data: unknown;
  /** The parameters of its path. */
  readonly params: Readonly<Record<string, string>>;
  readonly [extra: string]: unknown;
}

/** An event as `encode` and `whenDead` see it: the handler's event, with its callback address. */
export interface EncodableEvent extends ProviderEvent {
  /** The address to which a callback can be posted; `undefined`: no callback is possible. */
  readonly callbackUrl?: string | undefined;
  /** Is it acknowledged now, and answered later? Then the answer goes out in the reply, and has no post. */
  readonly accepted: boolean;
}

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
   * then the receiver's option `transport` has to be given.
   */
  readonly hosts: readonly string[] | "any";
  /** Ports that may be posted to beside 443; `"any"`: all of them. Default: none. */
  readonly ports?: readonly number[] | "any" | undefined;
  /** May this address be posted to? It is asked last. Default: yes. */
  accepts?(url: URL): boolean;
}
