/** The provider contract: what a provider's protocol is, as data and two mirrored pure functions. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Reply } from "./delivery.ts";
import type { Duration } from "./duration.ts";
import type { ErrorCode } from "./errors.ts";
import type { Register } from "./registration.ts";
import type { Statuses } from "./statuses.ts";
import { OptionError } from "./option-error.ts";

/**
 * A provider's protocol. `decode` says what a delivery means, `encode` how an answer travels; the rest is data. Nothing
 * here reads a socket, a clock or a backend.
 *
 * @example
 * const acme = defineProvider({
 *   name: "acme",
 *   accepts: ["json"],
 *   events: { "invoice.paid": { data: z.looseObject({ total: z.number() }) } },
 *   decode({ body }) {
 *     const { id, event, data } = envelope.parse(body);
 *     return { type: event, data, key: [id] };
 *   },
 *   retention: "3d",
 * });
 */
export interface Provider<
  Events extends EventSpecs<Events> = any,
  Extra extends object = {},
  Registering extends Register = Register,
> {
  /** Names the receiver unless its options do, and so scopes its keys: `"upsales"`. */
  readonly name: string;
  /** The body formats it sends. Any other is refused unread. */
  readonly accepts: readonly Format[];
  /** What it is known to send, by event type: types the handlers, checks `data` and answers, gives the paths. */
  readonly events: Events;
  /**
   * In: what one authenticated delivery says. An event, a list of them (a batch), or a reply that needs no handler (a
   * challenge, a PING). Anything that it throws means that the body is not the provider's: `malformed`. A bad item of a
   * batch is left to its schema, so that it fails alone.
   */
  decode(delivery: DecodedDelivery): Decoded<Extra> | readonly Decoded<Extra>[] | Reply;
  /**
   * Out: how an answer travels. `undefined` asks for the acknowledgement: nothing to say, or nothing yet. Default: the
   * answer as JSON with 200, an empty 200 for `undefined`.
   */
  encode?(answer: unknown, event: EncodableEvent): Encoded;
  /** How long the provider waits for a reply. Default 60 s. */
  readonly patience?: Duration;
  /** When we stop waiting for the handler, acknowledge and go on; below `patience`. Default 5 s. */
  readonly answerWithin?: Duration;
  /** How long an event key is remembered: longer than the provider can retry. Default 7 days. */
  readonly retention?: Duration;
  /** The longest time after which the provider may still send an event again. No receiver may remember for less. */
  readonly retryWindow?: Duration;
  /** Does it send again by itself what was not acknowledged? Default true. */
  readonly retries?: boolean;
  /** The largest body that it may rightly send, in bytes. Default 1 MiB. */
  readonly bodyLimit?: number;
  /** Does it send to HTTPS only? Then a receiver without `requireHttps` warns once. */
  readonly httpsOnly?: boolean;
  /** The terms of its callback address. Absent: it has none. */
  readonly callback?: CallbackTerms;
  /** What is posted as the one use when an accepted event became a dead letter; `undefined`: nothing. */
  whenDead?(event: EncodableEvent, error: Failure): Post | undefined;
  /** Where its table of answers differs from `defaultStatuses`. */
  readonly statuses?: Partial<Statuses>;
  /** Fields of its body that hold a credential or an address: kept nowhere, not even of a malformed body. */
  readonly secrets?: readonly string[];
  /** What must be registered with the provider, as data to send or paste, built from the receiver. */
  readonly registration?: Registering;
  /** Are GET and HEAD answered with an empty 200? Default false. */
  readonly probe?: boolean;
}

/** A body format: `application/json` and every `+json`, or `application/x-www-form-urlencoded`. */
export type Format = "json" | "form";

/** From event type to what is known of it. */
export type EventSpecs<Events> = { readonly [Type in keyof Events]: EventSpec };

/** One event type. */
export interface EventSpec<Data = any, Answer = any, Path extends string = string> {
  /** `"/widgetRow/:name/:arg"`: its path under the mount; the names become `event.params`. Absent: the mount itself. */
  readonly path?: Path | readonly Path[] | undefined;
  /** Checks and types `event.data`. Absent: anything. */
  readonly data?: StandardSchemaV1<unknown, Data> | undefined;
  /** Checks and types what a handler returns. Absent: the provider reads no answer, and what is returned is dropped. */
  readonly answer?: StandardSchemaV1<unknown, Answer> | undefined;
  /** Does somebody look at a screen until the reply is there? Then it is never deduplicated, never accepted. */
  readonly person?: boolean | undefined;
  /** Is what it is about gone after it? Then `order` takes it for the newest where it has no version of its own. */
  readonly deletes?: boolean | undefined;
}

/** A delivery whose body was read and decoded, as `decode` gets it. */
export interface DecodedDelivery {
  /** The event type whose path matched; `undefined` where no event has a path. */
  readonly type: string | undefined;
  /** The path's parameters, percent-decoded once. */
  readonly params: Readonly<Record<string, string>>;
  readonly format: Format;
  /** JSON as parsed, or the fields of a flat form; free of `__proto__` and at most 64 levels deep. Frozen. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

/** An event as `decode` finds it. */
export interface Decoded<Extra extends object = object> {
  /** One of `events`, or the provider's own name of one that is not listed. */
  readonly type: string;
  readonly data: unknown;
  /** What makes two deliveries the same event, digested together. Absent: nothing to deduplicate by. */
  readonly key?: readonly unknown[] | undefined;
  /** Where a callback can be posted later. */
  readonly callbackUrl?: string | undefined;
  /** The ordinal of this delivery, where the provider tells it. */
  readonly attempt?: number | undefined;
  /** When this event's key is remembered for another time than the others'. */
  readonly retention?: Duration | undefined;
  /** The event's other fields, under the provider's own names; they become the event's own. */
  readonly extra?: Extra | undefined;
}

/** What `encode` sees of an event: the handler's event, with the address. */
export interface EncodableEvent {
  readonly type: string;
  readonly name: string;
  readonly data: unknown;
  readonly params: Readonly<Record<string, string>>;
  readonly callbackUrl?: string | undefined;
  readonly [extra: string]: unknown;
}

/** How an answer travels. */
export interface Encoded {
  /** The response that carries all of it. */
  readonly reply: Reply;
  /** The request that carries the callback when the reply cannot. */
  readonly post?: Post | undefined;
  /** The reply without what `post` carries: for duplicates. A post without it goes out beside the reply. */
  readonly repeat?: Reply | undefined;
  /** Names of what only the reply carries; a late answer loses them, with a warning. */
  readonly lost?: readonly string[] | undefined;
  /** What the developer should know about this answer. */
  readonly warnings?: readonly Warning[] | undefined;
}

/** A request that carries a callback. */
export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Why an event became a dead letter. */
export interface Failure {
  readonly code: ErrorCode;
  /** What the error said; at most 1,000 characters. */
  readonly message: string;
}

/** Something that works, but probably not as meant. */
export interface Warning {
  /** Stable, for filters and tests: `"callback_dropped"`. */
  readonly code: string;
  readonly message: string;
}

/** What a provider allows at its callback address. */
export interface CallbackTerms {
  /** How long after the event a callback may still come. */
  readonly within: Duration;
  /** UTF-8 bytes of the posted body, strictly below. */
  readonly maxBytes: number;
  /** Hosts that may be posted to, each with its subdomains. */
  readonly hosts: readonly string[];
}

/** Makes a provider: checks that its parts fit together, and infers its types. */
export function defineProvider<
  const Events extends EventSpecs<Events>,
  Extra extends object = {},
  Registering extends Register = Register,
>(provider: Provider<Events, Extra, Registering>): Provider<Events, Extra, Registering> {
  if (!provider.name) throw new OptionError("defineProvider: name", "missing", "it scopes the event keys");
  if (provider.accepts.length === 0)
    throw new OptionError(`${provider.name}: accepts`, "empty", "nothing could be received");
  if (Object.hasOwn(provider.events, "*"))
    throw new OptionError(`${provider.name}: events`, "taken", `"*" stands for unlisted events`);
  return Object.freeze(provider);
}
