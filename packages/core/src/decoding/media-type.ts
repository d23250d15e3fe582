/** The format and charset of a body, from its headers, or the reason why it is refused unread. */
import { isTypeValid, parse } from "content-type";
import { AnswerbackError } from "../contract/errors.ts";
import type { Format } from "../contract/provider.ts";

/** How to read a body. */
export interface MediaType {
  /** JSON or a form. */
  readonly format: Format;
  /** The charset, as `TextDecoder` names it. */
  readonly charset: string;
}

type Headers = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * The format and charset of a body, from its headers alone. Parameters never change the type; without a charset it is
 * UTF-8.
 *
 * @param untyped The format of a body without a `Content-Type`. Default: it is refused.
 * @throws AnswerbackError `malformed` for two `Content-Type` headers or a `Transfer-Encoding` other than chunked;
 * `unsupported_media_type` for no type, one that is not in `accepts`, an unknown charset, or a `Content-Encoding`.
 * @example
 * mediaType({ "content-type": ["application/json;charset=UTF-8"] }, ["json"]); // { format: "json", charset: "utf-8" }
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.2 any.2}
 */
export function mediaType(headers: Headers, accepts: readonly Format[], untyped?: Format): MediaType {
  checkCodings(headers);
  const [header, second] = headers["content-type"] ?? [];
  if (second !== undefined) throw new AnswerbackError("malformed", "two Content-Type headers");
  if (header === undefined && untyped) return { format: untyped, charset: "utf-8" };
  if (header === undefined) throw unsupported(`there is no Content-Type; ${expected(accepts)}`);
  const { type, parameters } = parse(header);
  const format = formatOf(type);
  if (!format || !accepts.includes(format))
    throw unsupported(`the Content-Type is another; ${expected(accepts)}`);
  return { format, charset: known(parameters["charset"] ?? "utf-8") };
}

/** Refuses every coding: no provider compresses, and 172 bytes of brotli inflate to 100 MiB. */
function checkCodings(headers: Headers): void {
  if (tokens(headers["transfer-encoding"]).some((coding) => coding !== "chunked")) {
    throw new AnswerbackError("malformed", "a Transfer-Encoding other than chunked");
  }
  if (tokens(headers["content-encoding"]).some((coding) => coding !== "identity")) {
    throw unsupported("the body has a Content-Encoding; no provider here compresses");
  }
}

function tokens(values: readonly string[] | undefined): readonly string[] {
  return values?.flatMap((value) => value.toLowerCase().split(",")).map((token) => token.trim()) ?? [];
}

/** The format of a media type. The parser never throws, so the type is compared whole: `application/json, x/y` has none. */
function formatOf(type: string): Format | undefined {
  if (type === "application/x-www-form-urlencoded") return "form";
  if (type === "application/json" || (type.endsWith("+json") && isTypeValid(type))) return "json";
  return undefined;
}

function known(charset: string): string {
  if (charset === "utf-8") return charset;
  try {
    return new TextDecoder(charset).encoding;
  } catch (cause) {
    throw new AnswerbackError("unsupported_media_type", "the Content-Type names an unknown charset", {
      cause,
    });
  }
}

const typeNames: Readonly<Record<Format, string>> = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
};

function expected(accepts: readonly Format[]): string {
  return `the provider sends ${accepts.map((format) => typeNames[format]).join(" or ")}`;
}

function unsupported(what: string): AnswerbackError {
  return new AnswerbackError("unsupported_media_type", what);
}
