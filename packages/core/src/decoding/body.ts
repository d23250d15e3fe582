/** From what an adapter read to what a provider decodes: one door for bytes and for what a parser left. */
import type { Body } from "../contract/delivery.ts";
import { AnswerbackError } from "../contract/errors.ts";
import { guardForm, parseForm } from "./form.ts";
import { freeze, guardJson, parseJson } from "./json.ts";
import type { MediaType } from "./media-type.ts";
import { decodeText } from "./text.ts";

/** A body that was read: its bytes, or the value that an upstream parser made of it. */
export type ReadBody = Extract<Body, { readonly kind: "bytes" | "parsed" }>;

/**
 * The decoded body: a JSON value or the fields of a flat form, frozen, a text, or the bytes as they are. A parsed value
 * passes the same guards and is copied, since whoever parsed it may go on using it.
 *
 * @throws AnswerbackError `malformed`; `body_already_read` for a parsed value where text or bytes are needed.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.2 any.2}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.5 any.5}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.6 any.6}
 */
export function decodeBody(body: ReadBody, { format, charset: sent }: MediaType): unknown {
  if (body.kind === "parsed") return freeze(guarded(body.value, format));
  const charset = body.text ? "utf-8" : sent;
  if (format === "bytes") return body.bytes;
  if (format === "text") return decodeText(body.bytes, charset);
  if (format === "form") return Object.freeze(parseForm(body.bytes, charset));
  return parseJson(decodeText(body.bytes, charset));
}

function guarded(value: unknown, format: MediaType["format"]): unknown {
  if (format === "form") return guardForm(value);
  if (format === "json") return copyOf(value);
  throw new AnswerbackError(
    "body_already_read",
    `another parser has made a value of the body, which is read as ${format}: mount Answerback before the body parser`,
  );
}

function copyOf(value: unknown): unknown {
  guardJson(value);
  return structuredClone(value);
}
