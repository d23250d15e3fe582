/** What can go wrong, as one class with a code; and the two things a handler throws on purpose. */
import { toMs, type Duration } from "./duration.ts";

/** Why a delivery was refused, a run failed, a post did not arrive, or a call to the receiver was in vain. */
export type ErrorCode =
  /** No, wrong or ambiguous credentials. */
  | "unauthorized"
  /** Plain HTTP, with `requireHttps`. */
  | "https_required"
  /** The body is not what the provider sends. */
  | "malformed"
  /** The body is larger than `bodyLimit`. */
  | "too_large"
  /** A media type, charset or content coding that the provider does not use. */
  | "unsupported_media_type"
  /** The body was not there within `bodyWithin`. */
  | "timeout"
  /** The provider broke the body off. */
  | "aborted"
  /** Another parser read the body and left nothing of it. */
  | "body_already_read"
  /** Above `maxConcurrent` or `maxBytesInFlight`. */
  | "overloaded"
  /** Another delivery of the event is being handled. */
  | "running"
  /** The receiver is closing. */
  | "closing"
  /** The backend did not answer, or not sensibly, within `backendWithin`. */
  | "backend_away"
  /** The in-memory backend has `maxPending` records in its hands. */
  | "backend_full"
  /** Another process took the event over. */
  | "lease_lost"
  /** The handler threw `PermanentError`. */
  | "permanent"
  /** The handler threw `RetryLater`. */
  | "retry_later"
  /** The handler threw something else. */
  | "failed"
  /** The handler did not finish within `handleWithin`. */
  | "handler_timeout"
  /** The handler returned what the provider does not read. */
  | "invalid_answer"
  /** The callback is not below the provider's limit. */
  | "callback_too_large"
  /** A callback address outside the provider's terms. */
  | "callback_url_refused"
  /** The provider refused a callback that cannot have arrived before. */
  | "callback_rejected"
  /** A post did not come through this time. */
  | "callback_failed"
  /** The handler returned `later()`, and nobody answered in time. */
  | "unanswered"
  /** Every attempt was begun and none finished. */
  | "attempts_used_up"
  /** No handler for this event in this process. */
  | "no_handler"
  /** No record has this key. */
  | "unknown_key"
  /** The record is not one that this call can work on. */
  | "wrong_state";

/** Every error of Answerback. `code` says what happened, `message` what to do about it; `cause` is kept. */
export class AnswerbackError extends Error {
  override readonly name: string = "AnswerbackError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const brand = Symbol.for("answerback.error");
Object.defineProperty(AnswerbackError.prototype, brand, { value: true });

/** Is this an error of Answerback? Holds across two copies of the package, where `instanceof` does not. */
export function isAnswerbackError(error: unknown): error is AnswerbackError {
  return typeof error === "object" && error !== null && brand in error;
}

/**
 * Thrown by a handler: sending this event again will not help. The event becomes a dead letter, and the provider gets
 * the status that stops its retries.
 *
 * @see any.9, any.16
 */
export class PermanentError extends AnswerbackError {
  override readonly name: string = "PermanentError";

  constructor(message = "this event cannot be handled", options?: ErrorOptions) {
    super("permanent", message, options);
  }
}

/**
 * Thrown by a handler: not now. The provider, or the backend once the event was accepted, tries again.
 *
 * @example
 * throw new RetryLater({ after: "30s" });
 * @see any.16
 */
export class RetryLater extends AnswerbackError {
  override readonly name: string = "RetryLater";
  /** How long to wait: ms. Absent: the usual backoff. */
  readonly afterMs: number | undefined;

  constructor(options: { after?: Duration; message?: string; cause?: unknown } = {}) {
    super("retry_later", options.message ?? "not now", { cause: options.cause });
    this.afterMs = options.after === undefined ? undefined : toMs(options.after, "RetryLater's after");
  }
}
