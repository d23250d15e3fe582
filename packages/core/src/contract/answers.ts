/** What a handler returns where a plain answer is too little: a reply of its own, or no answer yet. */
import { anything, matching, optional, wholeNumberIn, withDefault } from "./kinds.ts";
import { readOptions } from "./read-options.ts";

const replyBrand: unique symbol = Symbol.for("answerback.reply");
const laterBrand: unique symbol = Symbol.for("answerback.later");

/** A reply as the handler wants it, made by {@link reply}. */
export interface CustomReply<Callback = unknown> {
  readonly [replyBrand]: true;
  /** The HTTP status, from 200 to 599. */
  readonly status: number;
  /** The value of the `Content-Type` header. */
  readonly contentType: string;
  /** A string goes out as it is, any other value as JSON; `undefined`: the reply has no body. */
  readonly body: unknown;
  /** The callback that is posted beside the reply; `undefined`: none. */
  readonly callback: Callback | undefined;
}

/** What {@link reply} takes beside the body. */
export interface ReplyOptions<Callback = unknown> {
  /** The HTTP status: from 200 to 599, and in the provider's table of answers. Default 200. */
  readonly status?: number | undefined;
  /** Visible ASCII. Default `text/html; charset=utf-8` for a string, else `application/json; charset=utf-8`. */
  readonly contentType?: string | undefined;
  /** A callback, which is posted: it never travels in this reply. Default: none. */
  readonly callback?: Callback | undefined;
}

/**
 * Answers with what a plain object cannot say: an array, HTML, another status.
 *
 * @param body A string goes out as it is, any other value as JSON, `undefined` as an empty body.
 * @throws OptionError `unknown` for an option that there is not, `invalid` for a status that is no whole number, or a
 *   content type that is not visible ASCII, `empty` for one without a letter; `out_of_range` for a status outside 200 to
 *   599.
 * @example
 * return reply("No such project", { status: 400 });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.15 upsales.15}
 */
export function reply<Callback = never>(
  body?: unknown,
  options: ReplyOptions<Callback> = {},
): CustomReply<Callback> {
  const { status, contentType = usualType(body), callback } = readOptions("reply", options, replyOptions);
  return Object.freeze({ [replyBrand]: true as const, status, contentType, body, callback });
}

const replyOptions = {
  status: withDefault(wholeNumberIn(200, 599), 200),
  contentType: optional(matching(/^[\x20-\x7e]+$/, "it must be visible ASCII")),
  callback: anything,
};

/** Was the value made by {@link reply}? Holds across two copies of the package. */
export function isCustomReply<Callback = unknown>(value: unknown): value is CustomReply<Callback> {
  return hasBrand(value, replyBrand);
}

/** No answer yet, made by {@link later}. */
export interface Later {
  readonly [laterBrand]: true;
  /** What the provider gets now; `undefined`: its acknowledgement. */
  readonly acknowledgement: unknown;
}

/**
 * Ends the handler without its callback: the provider is acknowledged now, and `receiver.answer(event.key, …)` brings the
 * callback later, from any process on the backend. Only for an event with `event.callback`.
 *
 * @param acknowledgement What the provider gets now: an answer without a callback. Default: the provider's acknowledgement.
 * @example
 * await startExport(event.data, event.key);
 * return later({ maybeSomeOtherStuff: true });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.18 upsales.18}
 */
export function later(acknowledgement?: unknown): Later {
  return Object.freeze({ [laterBrand]: true as const, acknowledgement });
}

/** Was the value made by {@link later}? Holds across two copies of the package. */
export function isLater(value: unknown): value is Later {
  return hasBrand(value, laterBrand);
}

/** A value that throws when it is looked at has no brand. */
function hasBrand(value: unknown, brand: symbol): boolean {
  try {
    return typeof value === "object" && value !== null && Object.hasOwn(value, brand);
  } catch {
    return false;
  }
}

function usualType(body: unknown): string {
  return typeof body === "string" ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
}
