/** How a body is to be read, from its headers alone, or the reason why it is refused unread. */
import { isTypeValid, parse } from "content-type";
import { AnswerbackError } from "../contract/errors.ts";
import type { BodyForm, BodyFormat, Format } from "../contract/body-forms.ts";
import type { Provider } from "../contract/provider.ts";
import type { Coding } from "./inflate.ts";

/** How to read a body. */
export interface MediaType {
  /** As JSON, a form, text or bytes. */
  readonly format: BodyFormat;
  /** The charset, as `TextDecoder` names it. */
  readonly charset: string;
  /** What has to be taken off first. */
  readonly coding?: Coding | undefined;
}

type Headers = Readonly<Record<string, readonly string[] | undefined>>;

/** The bodies that a provider sends. */
export type Accepting = Pick<Provider, "accepts" | "untyped" | "inflate">;

/**
 * How to read a body, from its headers alone. Parameters never change the type; without a charset it is UTF-8.
 *
 * @throws AnswerbackError `malformed` for two `Content-Type` headers or a `Transfer-Encoding` other than chunked;
 * `unsupported_media_type` for a type that is not in `accepts`, for none without `untyped`, an unknown charset, and a
 * `Content-Encoding` that the provider does not use.
 * @example
 * mediaType({ "content-type": ["application/json;charset=UTF-8"] }, upsales()); // { format: "json", charset: "utf-8" }
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.2 any.2}
 */
export function mediaType(headers: Headers, { accepts, untyped, inflate = false }: Accepting): MediaType {
  checkFraming(headers);
  const coding = codingOf(headers, inflate);
  const [header, second] = headers["content-type"] ?? [];
  if (second !== undefined) throw new AnswerbackError("malformed", "two Content-Type headers");
  if (header === undefined && untyped) return { format: untyped, charset: "utf-8", coding };
  if (header === undefined) throw unsupported(`there is no Content-Type; ${expected(accepts)}`);
  const { type, parameters } = parse(header);
  const format = formatOf(type, accepts);
  if (!format && type.startsWith("multipart/")) throw unsupported(multipart);
  if (!format) throw unsupported(`the Content-Type is another; ${expected(accepts)}`);
  return { format, charset: format === "bytes" ? "utf-8" : known(parameters["charset"] ?? "utf-8"), coding };
}

const multipart =
  "the body is multipart, which is not read; ask the provider for JSON or a urlencoded form, or read it in a route of your own";

function checkFraming(headers: Headers): void {
  if (tokens(headers["transfer-encoding"]).some((coding) => coding !== "chunked"))
    throw new AnswerbackError("malformed", "a Transfer-Encoding other than chunked");
}

/** The one coding that a body may have, where its provider compresses (any.33). */
function codingOf(headers: Headers, inflate: boolean): Coding | undefined {
  const [first, second] = tokens(headers["content-encoding"]).filter((coding) => coding !== "identity");
  if (first === undefined) return undefined;
  const coding = codings.get(first);
  if (inflate && coding && second === undefined) return coding;
  throw unsupported(
    inflate
      ? "the Content-Encoding is neither gzip nor deflate alone"
      : "the body has a Content-Encoding; the provider does not say that it compresses, with inflate",
  );
}

const codings: ReadonlyMap<string, Coding> = new Map([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
]);

function tokens(values: readonly string[] | undefined): readonly string[] {
  return values?.flatMap((value) => value.toLowerCase().split(",")).map((token) => token.trim()) ?? [];
}

/** The type by its own name, else as a usual form, else as one of all. */
function formatOf(type: string, accepts: readonly BodyForm[]): BodyFormat | undefined {
  const usual = usualFormOf(type);
  return (
    named(type, accepts) ?? (usual && accepts.includes(usual) ? usual : undefined) ?? anyType(type, accepts)
  );
}

function named(type: string, accepts: readonly BodyForm[]): BodyFormat | undefined {
  for (const form of accepts)
    if (typeof form !== "string" && form.type.toLowerCase() === type) return form.as;
  return undefined;
}

function anyType(type: string, accepts: readonly BodyForm[]): BodyFormat | undefined {
  return isTypeValid(type) ? named("*/*", accepts) : undefined;
}

/** The parser never throws, so the type is compared whole: `application/json, x/y` is no JSON. */
function usualFormOf(type: string): Format | undefined {
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

function expected(accepts: readonly BodyForm[]): string {
  const types = accepts.map((form) => (typeof form === "string" ? typeNames[form] : form.type));
  return `the provider sends ${types.join(" or ")}`;
}

function unsupported(what: string): AnswerbackError {
  return new AnswerbackError("unsupported_media_type", what);
}
