/** From what an adapter read to what a provider decodes: one door for bytes and for what a parser left. */
import type { Body } from "../contract/delivery.ts";
import { guardForm, parseForm } from "./form.ts";
import { freeze, guardJson, parseJson } from "./json.ts";
import type { MediaType } from "./media-type.ts";
import { decodeText } from "./text.ts";

/** A body that was read: its bytes, or the value that an upstream parser made of it. */
export type ReadBody = Extract<Body, { readonly kind: "bytes" | "parsed" }>;

/**
 * The decoded body, frozen: a JSON value, or the fields of a flat form. A parsed value passes the same guards and is
 * copied, since whoever parsed it may go on using it.
 *
 * @throws AnswerbackError `malformed`.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.2 any.2}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.5 any.5}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.6 any.6}
 */
export function decodeBody(body: ReadBody, { format, charset }: MediaType): unknown {
  if (body.kind === "parsed") return freeze(format === "form" ? guardForm(body.value) : copyOf(body.value));
  if (format === "form") return Object.freeze(parseForm(body.bytes, charset));
  return parseJson(decodeText(body.bytes, charset));
}

function copyOf(value: unknown): unknown {
  guardJson(value);
  return structuredClone(value);
}
