/** Form bodies from strangers: flat, counted before they are parsed, decoded strictly. */
import { AnswerbackError } from "../contract/errors.ts";
import { isRecord } from "./json.ts";
import { decodeStrictly } from "./text.ts";

const maxFields = 100;
const refusedKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The fields of a form. `a[b]` is a literal key, `+` a space, a key without `=` has an empty value.
 *
 * @throws AnswerbackError `malformed` for a repeated field, a key `__proto__`, `constructor` or `prototype`, bad percent
 * bytes, bytes that are not of the charset, or more than 100 fields.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.5 any.5}
 */
export function parseForm(body: Uint8Array, charset: string): Record<string, string> {
  const decode = decoderOf(charset);
  const fields: Record<string, string> = {};
  for (const field of split(withoutMark(body))) {
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
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.5 any.5}
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

/**
 * The fields still encoded, with a character for each byte, counted before anything is decoded: 262,000 fit into 1 MiB.
 * Empty ones, as in `a=1&&b=2`, are nothing.
 */
function split({ buffer, byteOffset, length }: Uint8Array): string[] {
  const text = Buffer.from(buffer, byteOffset, length).toString("latin1");
  const fields = text.split("&", maxFields + 1);
  if (fields.length > maxFields) throw tooMany();
  return fields.filter((field) => field !== "");
}

function withoutMark(body: Uint8Array): Uint8Array {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

/** From an encoded name or value to its text. `URLSearchParams` would turn bad percent bytes into U+FFFD silently. */
function decoderOf(charset: string): (encoded: string) => string {
  // a mark inside a value is the value's own, so only the body's is dropped
  const decoder = charset === "utf-8" ? utf8 : new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  return (encoded) =>
    decoder === utf8 && unreserved.test(encoded) ? encoded : decodeStrictly(decoder, bytesOf(encoded));
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What stands for itself in UTF-8: most names, and many values. */
const unreserved = /^[\w\-.~*]*$/;

/**
 * The bytes of an encoded text, written over its own characters: what they mean is known once no plus and percent sign is
 * left.
 */
function bytesOf(encoded: string): Uint8Array {
  const bytes = Buffer.from(encoded, "latin1");
  const { length } = bytes;
  let written = 0;
  for (let at = 0; at < length; at += 1) {
    let byte = bytes[at]!;
    if (byte === plus) byte = space;
    else if (byte === percent) {
      byte = at + 2 < length ? (digits[bytes[at + 1]!]! << 4) | digits[bytes[at + 2]!]! : noDigit;
      if (byte >= noDigit) throw malformed("bad percent bytes");
      at += 2;
    }
    bytes[written++] = byte;
  }
  return bytes.subarray(0, written);
}

const [plus, space, percent] = [0x2b, 0x20, 0x25];

/** More than any byte, so that a pair with one of them is no byte either. */
const noDigit = 0x100;

/** What each byte is worth as a hexadecimal digit. */
const digits = Uint16Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? noDigit : digit;
});

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
