/** Whatever was thrown, as an error of ours. It can be anything, and a getter or a proxy of it may throw again. */
import { AnswerbackError, isAnswerbackError, type ErrorCode } from "../contract/errors.ts";
import { OptionError } from "../contract/option-error.ts";
import type { Failure } from "../contract/callback-terms.ts";

/** Somebody threw what is no error of ours: `cause`. */
export class Thrown extends AnswerbackError {
  /** Who threw it: `"the handler"`. */
  readonly by: string;

  constructor(by: string, cause: unknown) {
    super("failed", messageOf(cause), { cause });
    this.by = by;
  }
}

/** The error itself if it is one of ours, else one with the code `failed` that has it as its cause. */
export function asOurs(error: unknown, by: string = "something"): AnswerbackError {
  return isOurs(error) ? error : new Thrown(by, error);
}

/** What a handler threw: `PermanentError` and `RetryLater` are meant, everything else is one failure (any.16). */
export function asHandlerFailure(error: unknown, by: string): AnswerbackError {
  return isMeant(error) ? error : new Thrown(by, error);
}

/**
 * An error as a sentence for the developer. Of what others threw it says no more than the class: their message may hold a
 * value out of the body, or a secret.
 */
export function sentenceOf(error: unknown): string {
  if (error instanceof Thrown) return `${error.by} threw ${classOf(error.cause)}${mistakeIn(error.cause)}`;
  return isMeant(error) ? `the handler threw ${classOf(error)}` : asOurs(error).message;
}

/** What a mistake in options says, of `reply()` in a handler for one: such a message is ours, and shows no value. */
function mistakeIn(cause: unknown): string {
  try {
    return cause instanceof OptionError ? `: ${cause.message}` : "";
  } catch {
    return "";
  }
}

/** The code of whatever was thrown. */
export function codeOf(error: unknown): ErrorCode {
  return isOurs(error) ? error.code : "failed";
}

/** Whatever was thrown, as plain data; of its message at most 1,000 characters. */
export function failureOf(error: unknown): Failure {
  return { code: codeOf(error), message: messageOf(error) };
}

function isOurs(error: unknown): error is AnswerbackError {
  try {
    return isAnswerbackError(error) && typeof error.code === "string";
  } catch {
    return false;
  }
}

function isMeant(error: unknown): error is AnswerbackError {
  return isOurs(error) && (error.code === "permanent" || error.code === "retry_later");
}

function classOf(value: unknown): string {
  try {
    const name: unknown = value instanceof Error && (value.constructor.name || value.name);
    if (typeof name === "string" && /^\w{1,60}$/.test(name)) return name;
  } catch {
    // an error that cannot be read has no class
  }
  return "what is not an Error";
}

function messageOf(error: unknown): string {
  try {
    if (error instanceof Error) return String(error.message).slice(0, 1_000);
  } catch {
    // an error that cannot be read is none
  }
  return "what was thrown is not an Error";
}
