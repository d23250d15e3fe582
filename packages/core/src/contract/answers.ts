/** What a handler returns where a plain answer is too little: a reply of its own, or no answer yet. */
import { anything, matching, objectWith, optional, wholeNumberIn, withDefault, type Kind } from "./kinds.ts";
import { OptionError } from "./option-error.ts";
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
  /** Headers of the reply beside its type, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** A string and bytes go out as they are, any other value as JSON; `undefined`: the reply has no body. */
  readonly body: unknown;
  /** The callback that is posted beside the reply; `undefined`: none. */
  readonly callback: Callback | undefined;
}

/** What {@link reply} takes beside the body. */
export interface ReplyOptions<Callback = unknown> {
  /** The HTTP status: from 200 to 599, and in the provider's table of answers. Default 200. */
  readonly status?: number | undefined;
  /**
   * Visible ASCII. Default `text/html; charset=utf-8` for a string, `application/octet-stream` for bytes, else
   * `application/json; charset=utf-8`.
   */
  readonly contentType?: string | undefined;
  /** Headers beside the type, in any case; values of visible ASCII. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A callback, which is posted: it never travels in this reply. Default: none. */
  readonly callback?: Callback | undefined;
}

/**
 * Answers with what a plain object cannot say: an array, HTML, another status.
 *
 * @param body A string and bytes go out as they are, any other value as JSON, `undefined` as an empty body.
 * @throws OptionError `unknown` for an option that there is not, `invalid` for a status that is no whole number, a content
 *   type or a header that is not visible ASCII, or a header that is the receiver's own (`content-type`, `content-length`,
 *   `cache-control`, `connection`, `transfer-encoding`); `empty` for a type without a letter; `out_of_range` for a status
 *   outside 200 to 599.
 * @example
 * return reply("No such project", { status: 400 });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.15 upsales.15}
 */
export function reply<Callback = never>(
  body?: unknown,
  options: ReplyOptions<Callback> = {},
): CustomReply<Callback> {
  const given = readOptions("reply", options, replyOptions);
  const { status, contentType = usualType(body), headers, callback } = given;
  return Object.freeze({ [replyBrand]: true as const, status, contentType, headers, body, callback });
}

/** Headers that the provider reads: none of those that say how the reply travels. */
const someHeaders: Kind<Readonly<Record<string, string>>> = (option, value) => {
  const given = Object.entries(
    objectWith<object>('headers by name, such as { "stripe-version": … }')(option, value),
  );
  return Object.fromEntries(
    given.map(([name, text]) => {
      const header = name.toLowerCase();
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || ofTheReceiver.has(header))
        throw new OptionError(
          `${option}["${header.slice(0, 40)}"]`,
          "invalid",
          "it is no header that a reply may set",
        );
      return [header, visible(`${option}["${header}"]`, text)];
    }),
  );
};

const visible = matching(/^[\x20-\x7e]+$/, "it must be visible ASCII");

const ofTheReceiver = new Set([
  "content-type",
  "content-length",
  "cache-control",
  "connection",
  "transfer-encoding",
]);

const replyOptions = {
  status: withDefault(wholeNumberIn(200, 599), 200),
  contentType: optional(visible),
  headers: withDefault(someHeaders, {}),
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
  if (body instanceof Uint8Array) return "application/octet-stream";
  return typeof body === "string" ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
}
