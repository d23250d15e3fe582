/** What the functions of a provider get to see, and what `decode` gives back. */
import type { BodyFormat } from "./body-forms.ts";
import type { Duration } from "./duration.ts";
import type { ErrorCode } from "./errors.ts";
import type { Warning } from "./warning.ts";

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
  /**
   * What makes two deliveries the same event; its parts are digested together, and none is `undefined` or `null`. Default:
   * the event is never a duplicate.
   */
  readonly key?: readonly unknown[] | undefined;
  /**
   * The provider's own id of what the event is about, by which people look for it: of a contact, an order, a message; not of
   * the delivery. What is no id, as it is blank, or longer than 1,000 characters, counts as none. Default: none.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.50 any.50}
   */
  readonly id?: string | number | undefined;
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
