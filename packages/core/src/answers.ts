/** What a handler returns where a plain answer does not do: its own reply, or nothing yet. */

const replyBrand: unique symbol = Symbol.for("answerback.reply");
const laterBrand: unique symbol = Symbol.for("answerback.later");

/** The reply as the handler wants it, made by {@link reply}. */
export interface CustomReply<Callback = unknown> {
  readonly [replyBrand]: true;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
  readonly callback: Callback | undefined;
}

/** How the reply looks beside its body. */
export interface ReplyOptions<Callback = unknown> {
  /** From 200 to 599, and one that the provider reads. Default 200. */
  readonly status?: number | undefined;
  /** Default `text/html; charset=utf-8` for a string, else JSON. */
  readonly contentType?: string | undefined;
  /** Travels by post, never in this reply. */
  readonly callback?: Callback | undefined;
}

/**
 * Answers what a plain object cannot: an array, HTML, another status with a message. A string goes out as it is,
 * anything else as JSON, `undefined` as nothing.
 *
 * @throws TypeError for a status or a content type that cannot be sent.
 * @example
 * return reply("No such project", { status: 400 });
 * @see upsales.15
 */
export function reply<Callback = never>(
  body?: unknown,
  options: ReplyOptions<Callback> = {},
): CustomReply<Callback> {
  const { status = 200, contentType = usualType(body), callback } = options;
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new TypeError(`reply: ${status} is not a status from 200 to 599`);
  if (!/^[\x20-\x7e]+$/.test(contentType)) throw new TypeError("reply: contentType must be visible ASCII");
  return Object.freeze({ [replyBrand]: true as const, status, contentType, body, callback });
}

/** Is it what {@link reply} returns? Holds across two copies of the package. */
export function isCustomReply<Callback = unknown>(value: unknown): value is CustomReply<Callback> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, replyBrand);
}

/** No answer yet, made by {@link later}. */
export interface Later {
  readonly [laterBrand]: true;
}

/**
 * Ends the handler without an answer: the provider is acknowledged now, and `receiver.answer(event.key, …)` gives the
 * answer when there is one, from any process on the backend.
 *
 * @example
 * await startExport(event.data, event.key);
 * return later();
 * @see upsales.18
 */
export function later(): Later {
  return onlyLater;
}

/** Is it what {@link later} returns? Holds across two copies of the package. */
export function isLater(value: unknown): value is Later {
  return typeof value === "object" && value !== null && Object.hasOwn(value, laterBrand);
}

const onlyLater: Later = Object.freeze({ [laterBrand]: true as const });

function usualType(body: unknown): string {
  return typeof body === "string" ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
}
