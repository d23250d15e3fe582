/** The replies that providers write: JSON, nothing, or what a handler made with `reply()`. */
import type { CustomReply } from "./answers.ts";
import type { Reply } from "./delivery.ts";
import { AnswerbackError } from "./errors.ts";
import { isObject } from "./kinds.ts";

/**
 * A reply with a JSON body.
 *
 * @param status The HTTP status. Default 200.
 * @throws AnswerbackError `invalid_answer` for a body that JSON cannot say; see {@link toJson}.
 * @example
 * jsonReply({ challenge: "3eZbrw1a" });
 */
export function jsonReply(body: unknown, status: number = 200): Reply {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body: toJson(body) };
}

/**
 * A reply without a body.
 *
 * @param status The HTTP status. Default 200.
 */
export function emptyReply(status: number = 200): Reply {
  return { status, headers: {}, body: "" };
}

/**
 * The reply that a handler made with `reply()`, without its callback.
 *
 * @throws AnswerbackError `invalid_answer` when the body cannot be written as JSON.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.15 upsales.15}
 */
export function customReply({ body, status, contentType, headers }: CustomReply): Reply {
  if (body === undefined) return { status, headers, body: "" };
  const isAsItIs = typeof body === "string" || body instanceof Uint8Array;
  return {
    status,
    headers: { "content-type": contentType, ...headers },
    body: isAsItIs ? body : toJson(body),
  };
}

/**
 * What a function of a provider gave, as the reply that it has to be; the promise of one is none.
 *
 * @param by Who gave it: `"acme's handshake"`.
 * @throws TypeError, which is a mistake of the provider's author.
 */
export function asReply(by: string, given: unknown): Reply {
  const { status, headers, body }: Partial<Reply> = Object(given);
  const isStatus = Number.isInteger(status) && status! >= 200 && status! <= 599;
  const isBody = typeof body === "string" || body instanceof Uint8Array;
  if (isStatus && isBody && isObject(headers)) return given as Reply;
  throw new TypeError(`${by} gave no reply: that is { status, headers, body }, and no promise of it`);
}

/**
 * The JSON text of a value.
 *
 * @throws AnswerbackError `invalid_answer` for what JSON cannot say: `undefined`, a BigInt, a cycle; and, also inside of
 *   the value, a function or a symbol.
 */
export function toJson(value: unknown): string {
  const text = stringify(value);
  if (text === undefined)
    throw new AnswerbackError("invalid_answer", `a ${typeof value} cannot be written as JSON`);
  return text;
}

function stringify(value: unknown): string | undefined {
  try {
    return isPlainData(value) ? JSON.stringify(value) : JSON.stringify(value, sayable);
  } catch (cause) {
    throw new AnswerbackError("invalid_answer", "the answer cannot be written as JSON", { cause });
  }
}

/**
 * Is there no function and no symbol in it, and no `toJSON` that may return one? Then no replacer has to look at every value
 * as it is written, which takes three times as long. A value nested deeper than `levels` may be a cycle.
 */
function isPlainData(value: unknown, levels: number = 64): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0 || "toJSON" in value) return false;
  if (Array.isArray(value)) {
    for (const inner of value) if (!isPlainData(inner, levels - 1)) return false;
    return true;
  }
  for (const key in value) if (!isPlainData(value[key as keyof typeof value], levels - 1)) return false;
  return true;
}

/** Functions and symbols: JSON would leave them out without a word. */
function sayable(_key: string, value: unknown): unknown {
  if (typeof value !== "function" && typeof value !== "symbol") return value;
  throw new TypeError(`a ${typeof value} in the answer`);
}
