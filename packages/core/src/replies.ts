/** The replies that providers write: JSON, nothing, or what a handler made with `reply()`. */
import type { CustomReply } from "./answers.ts";
import type { Reply } from "./delivery.ts";
import { AnswerbackError } from "./errors.ts";

/**
 * A reply with a JSON body.
 *
 * @param status Default 200.
 * @throws AnswerbackError `invalid_answer` when the body cannot be written as JSON.
 * @example
 * jsonReply({ challenge: "3eZbrw1a" });
 */
export function jsonReply(body: unknown, status: number = 200): Reply {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body: toJson(body) };
}

/**
 * A reply without a body.
 *
 * @param status Default 200.
 */
export function emptyReply(status: number = 200): Reply {
  return { status, headers: {}, body: "" };
}

/**
 * What a handler made with `reply()`, as a reply; its callback is not in it.
 *
 * @throws AnswerbackError `invalid_answer` when the body cannot be written as JSON.
 * @see upsales.15
 */
export function customReply({ body, status, contentType }: CustomReply): Reply {
  if (body === undefined) return emptyReply(status);
  return {
    status,
    headers: { "content-type": contentType },
    body: typeof body === "string" ? body : toJson(body),
  };
}

/**
 * The JSON text of a value.
 *
 * @throws AnswerbackError `invalid_answer` for what JSON has no words for: a BigInt, a cycle, a function.
 */
export function toJson(value: unknown): string {
  const text = stringify(value);
  if (text === undefined)
    throw new AnswerbackError("invalid_answer", `a ${typeof value} cannot be written as JSON`);
  return text;
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, sayable);
  } catch (cause) {
    throw new AnswerbackError("invalid_answer", "the answer cannot be written as JSON", { cause });
  }
}

/** Functions and symbols: JSON would leave them out without a word. */
function sayable(_key: string, value: unknown): unknown {
  if (typeof value !== "function" && typeof value !== "symbol") return value;
  throw new TypeError(`a ${typeof value} in the answer`);
}
