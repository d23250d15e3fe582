/** What can go wrong, as one class with a code; and the two errors that a handler throws on purpose. */
import type { Duration } from "./duration.ts";
import { anything, duration, optional, text, withDefault } from "./kinds.ts";
import { readOptions } from "./read-options.ts";

/** Why a delivery was refused, a run failed, a post did not arrive, or a call to the receiver was in vain. */
export type ErrorCode =
  /** No, wrong or ambiguous credentials. */
  | "unauthorized"
  /** The delivery came over plain HTTP, and `requireHttps` is set. */
  | "https_required"
  /** The body is not what the provider sends, or a stored record cannot be read. */
  | "malformed"
  /** The body is larger than `bodyLimit`. */
  | "too_large"
  /** The body has a media type, charset or content coding that the provider does not use. */
  | "unsupported_media_type"
  /** The body was not there within `bodyWithin`. */
  | "timeout"
  /** The provider broke the body off. */
  | "aborted"
  /** Another parser read the body and left nothing of it. */
  | "body_already_read"
  /** More deliveries than `maxConcurrent`, or more bytes than `maxBytesInFlight`, at a time. */
  | "overloaded"
  /** The event, or another event of its entity, is still being handled. */
  | "running"
  /** The receiver is closing, or has closed. */
  | "closing"
  /** The backend did not answer, or not sensibly, within `backendWithin`. */
  | "backend_away"
  /** The keys that a token is judged by could not be fetched. */
  | "keys_away"
  /** The handling of the event is paused, and the event cannot wait here. */
  | "paused"
  /** The in-memory backend has `maxPending` records that are held or have work. */
  | "backend_full"
  /** Another process took the event over. */
  | "lease_lost"
  /** The handler threw `PermanentError`. */
  | "permanent"
  /** The handler threw `RetryLater`. */
  | "retry_later"
  /** The handler, or another function of yours, threw any other error. */
  | "failed"
  /** The handler did not finish within `handleWithin`. */
  | "handler_timeout"
  /** The answer is not one that the provider reads. */
  | "invalid_answer"
  /** The callback has as many bytes as the provider's limit, or more. */
  | "callback_too_large"
  /** The callback address is not one that the provider's terms allow. */
  | "callback_url_refused"
  /** The provider refused a callback whose address cannot have been used before. */
  | "callback_rejected"
  /** A post of a callback failed, for now or for good. */
  | "callback_failed"
  /** The callback address has ended, by the provider's terms. */
  | "callback_expired"
  /** The callback address has no use left that may be spent. */
  | "callback_spent"
  /** The handler returned `later()`, and `receiver.answer` was not called in time. */
  | "unanswered"
  /** The last of `maxAttempts` runs was begun, and its process ended before the run did. */
  | "attempts_used_up"
  /** This process has no handler for the event. */
  | "no_handler"
  /** No record has this key. */
  | "unknown_key"
  /** The record is in a state that the call cannot work on, or in the hands of somebody else. */
  | "wrong_state";

/** Every error of Answerback but a mistake in the options, which is an `OptionError`. */
export class AnswerbackError extends Error {
  override readonly name: string = "AnswerbackError";
  /** What happened; `message` says it in words, `cause` is the error that led to this one, where there was one. */
  readonly code: ErrorCode;

  /** @param options `cause`: the error that led to this one. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const brand = Symbol.for("answerback.error");
Object.defineProperty(AnswerbackError.prototype, brand, { value: true });

/** Is it an {@link AnswerbackError}? Holds across two copies of the package, where `instanceof` does not. */
export function isAnswerbackError(error: unknown): error is AnswerbackError {
  return typeof error === "object" && error !== null && brand in error;
}

/**
 * Thrown by a handler: sending this event again will not help. The event becomes a dead letter, and the provider gets
 * the status that stops its retries.
 *
 * @example
 * throw new PermanentError("no such customer");
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.9 any.9}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.16 any.16}
 */
export class PermanentError extends AnswerbackError {
  override readonly name: string = "PermanentError";

  /** @param message Why, for whoever looks at the dead letter. The provider does not see it. */
  constructor(message = "this event cannot be handled", options?: ErrorOptions) {
    super("permanent", message, options);
  }
}

/**
 * Thrown by a handler: not now. The provider sends the event again; once it was accepted, the receiver runs it again.
 *
 * @example
 * throw new RetryLater("30s");
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.16 any.16}
 */
export class RetryLater extends AnswerbackError {
  override readonly name: string = "RetryLater";
  /** How long to wait before the next attempt: ms. `undefined`: the usual backoff. */
  readonly afterMs: number | undefined;

  /**
   * @param options How long to wait before the next attempt, or an object. `after`: how long to wait, which the provider
   *   gets as `Retry-After`; default: a few seconds for the provider, the usual backoff for an accepted event. `message`:
   *   default `"not now"`. `cause`: the error that led to this one.
   * @throws OptionError `unknown` for an option that there is not, `invalid` when `after` is not a duration.
   */
  constructor(options: Duration | { after?: Duration; message?: string; cause?: unknown } = {}) {
    const given = typeof options === "object" ? options : { after: options };
    const { after, message, cause } = readOptions("RetryLater", given, {
      after: optional(duration),
      message: withDefault(text, "not now"),
      cause: anything,
    });
    super("retry_later", message, { cause });
    this.afterMs = after;
  }
}
