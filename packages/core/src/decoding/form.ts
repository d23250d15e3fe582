/** Form bodies from strangers: flat, counted before they are parsed, decoded strictly. */
import { AnswerbackError } from "../errors.ts";
import { isRecord } from "./json.ts";
import { decodeStrictly } from "./text.ts";

const maxFields = 100;
const refusedKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const [ampersand, equals, percent, plus, space] = [0x26, 0x3d, 0x25, 0x2b, 0x20];

/**
 * The fields of a form. `a[b]` is a literal key, `+` a space, a key without `=` has an empty value.
 *
 * @throws AnswerbackError `malformed` for a repeated field, a key `__proto__`, `constructor` or `prototype`, bad percent
 * bytes, bytes that are not of the charset, or more than 100 fields.
 * @see any.5
 */
export function parseForm(body: Uint8Array, charset: string): Record<string, string> {
  // a mark inside a value is the value's own, so only the body's is dropped
  const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  const fields: Record<string, string> = {};
  for (const field of split(withoutMark(body))) {
    const at = field.indexOf(equals);
    const key = decodeStrictly(decoder, unescape(at === -1 ? field : field.subarray(0, at)));
    checkKey(key, fields);
    fields[key] = at === -1 ? "" : decodeStrictly(decoder, unescape(field.subarray(at + 1)));
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

/** The fields still encoded; empty ones, as in `a=1&&b=2`, are nothing. */
function split(body: Uint8Array): Uint8Array[] {
  const ends = positions(body, ampersand);
  return ends
    .map((end, index) => body.subarray(index === 0 ? 0 : ends[index - 1]! + 1, end))
    .filter(({ length }) => length > 0);
}

/** Where the fields end. Counts before anything is parsed: 262,000 fields fit into 1 MiB. */
function positions(body: Uint8Array, byte: number): number[] {
  const found: number[] = [];
  for (let at = body.indexOf(byte); at !== -1; at = body.indexOf(byte, at + 1)) {
    if (found.push(at) === maxFields) throw tooMany();
  }
  return [...found, body.length];
}

function withoutMark(body: Uint8Array): Uint8Array {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

/** `URLSearchParams` would turn bad percent bytes into U+FFFD silently. */
function unescape(bytes: Uint8Array): Uint8Array {
  const plain = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    plain[length] = byte === plus ? space : byte;
    if (byte === percent) {
      plain[length] = hex(bytes[at + 1]) * 16 + hex(bytes[at + 2]);
      at += 2;
    }
    length += 1;
  }
  return plain.subarray(0, length);
}

function hex(byte: number = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x57;
  throw malformed("bad percent bytes");
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
