/** Form bodies from strangers: flat, counted before they are parsed, decoded strictly. */
import { AnswerbackError } from "../errors.ts";
import { isRecord } from "./json.ts";
import { decodeStrictly } from "./text.ts";

const maxFields = 100;
const refusedKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The fields of a form. `a[b]` is a literal key, `+` a space, a key without `=` has an empty value.
 *
 * @throws AnswerbackError `malformed` for a repeated field, a key `__proto__`, `constructor` or `prototype`, bad percent
 * bytes, bytes that are not of the charset, or more than 100 fields.
 * @see any.5
 */
export function parseForm(body: Uint8Array, charset: string): Record<string, string> {
  const decode = decoderOf(charset);
  const fields: Record<string, string> = {};
  const { buffer, byteOffset, length } = withoutMark(body);
  // one character a byte: what a byte means is known once the percent signs are gone
  for (const field of split(Buffer.from(buffer, byteOffset, length).toString("latin1"))) {
    const at = field.indexOf("=");
    const key = decode(at === -1 ? field : field.slice(0, at));
    checkKey(key, fields);
    fields[key] = at === -1 ? "" : decode(field.slice(at + 1));
  }
  return fields;
}

/**
 * Checks a form that somebody else parsed: flat, nothing but strings, and the same limits.
 *
 * @throws AnswerbackError `malformed`.
 * @see any.4, any.5
 */
export function guardForm(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw malformed("a form that is not a list of fields");
  const entries = Object.entries(value);
  if (entries.length > maxFields) throw tooMany();
  const fields: Record<string, string> = {};
  for (const [key, text] of entries) {
    if (typeof text !== "string") throw malformed("a form field that is repeated or nested");
    checkKey(key, fields);
    fields[key] = text;
  }
  return fields;
}

/** The fields still encoded, counted before anything is decoded: 262,000 fit into 1 MiB. Empty ones, as in `a=1&&b=2`, are nothing. */
function split(text: string): string[] {
  const fields = text.split("&", maxFields + 1);
  if (fields.length > maxFields) throw tooMany();
  return fields.filter((field) => field !== "");
}

function withoutMark(body: Uint8Array): Uint8Array {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

/** From a field's bytes to its text. `URLSearchParams` would turn bad percent bytes into U+FFFD silently. */
function decoderOf(charset: string): (bytes: string) => string {
  if (charset === "utf-8") return decodeUtf8;
  // a mark inside a value is the value's own, so only the body's is dropped
  const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  return (bytes) => decodeStrictly(decoder, Buffer.from(unescape(bytes), "latin1"));
}

/** The usual charset is the engine's own, and as strict. */
function decodeUtf8(bytes: string): string {
  const text = bytes.replaceAll("+", " ").replace(/[\x80-\xff]/g, percent);
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new AnswerbackError("malformed", "bad percent bytes, or bytes that are not utf-8", { cause });
  }
}

function percent(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16)}`;
}

function unescape(bytes: string): string {
  return bytes.replaceAll("+", " ").replace(/%(..?)?/gs, (_, hex: string = "") => {
    if (!/^[0-9a-f]{2}$/i.test(hex)) throw malformed("bad percent bytes");
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}

function checkKey(key: string, fields: object): void {
  if (refusedKeys.has(key)) throw malformed("a form field that names a prototype");
  if (Object.hasOwn(fields, key)) throw malformed("a repeated form field");
}

function tooMany(): AnswerbackError {
  return malformed(`more than ${maxFields} form fields`);
}

function malformed(what: string): AnswerbackError {
  return new AnswerbackError("malformed", what);
}
