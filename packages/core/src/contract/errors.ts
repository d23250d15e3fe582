/** What can go wrong, as one class with a code; and the two errors that a handler throws on purpose. */
import type { Duration } from "./duration.ts";
import type { ErrorCode } from "./error-codes.ts";
import { anything, duration, optional, text, withDefault } from "./kinds.ts";
import { readOptions } from "./read-options.ts";

export type { ErrorCode };

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
