/** Whatever was thrown, as an error of ours. It can be anything, and a getter or a proxy of it may throw again. */
import { AnswerbackError, isAnswerbackError, type ErrorCode } from "../contract/errors.ts";
import type { Failure } from "../contract/provider.ts";

/** The error itself if it is one of ours, else one with the code `failed` that has it as its cause. */
export function asOurs(error: unknown): AnswerbackError {
  return isOurs(error) ? error : new AnswerbackError("failed", messageOf(error), { cause: error });
}

/** What a handler threw: `PermanentError` and `RetryLater` are meant, everything else is one failure (any.16). */
export function asHandlerFailure(error: unknown): AnswerbackError {
  if (isOurs(error) && (error.code === "permanent" || error.code === "retry_later")) return error;
  return new AnswerbackError("failed", messageOf(error), { cause: error });
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

function messageOf(error: unknown): string {
  try {
    if (error instanceof Error) return String(error.message).slice(0, 1_000);
  } catch {
    // an error that cannot be read is none
  }
  return "what was thrown is not an Error";
}
