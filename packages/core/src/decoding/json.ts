/** JSON from strangers: parsed behind guards for depth and prototypes, frozen, and written in one canonical way. */
import { AnswerbackError } from "../errors.ts";

/** Deeper than any provider nests, shallower than any recursion minds. */
const maxDepth = 64;

/**
 * Only a text with one of these can name a prototype, since a key can hide letters behind no other escape than `\u`, or
 * have a number that no double holds: that takes an exponent of three digits, or very many digits.
 */
const suspicious = /__proto__|"constructor"|\\u|\d[eE]\+?\d{3}|\d{200}/;

/**
 * The value of a JSON text that came from outside.
 *
 * @throws AnswerbackError `malformed` when it is not JSON, is nested deeper than 64, has a number that would be infinite,
 * or a key `__proto__`, or `constructor` with a `prototype` in it, at any depth or spelling.
 * @see any.6
 */
export function parseJson(text: string): unknown {
  checkDepth(text);
  const value = parse(text);
  if (suspicious.test(text)) guardJson(value);
  return value;
}

/**
 * Checks a value that somebody else parsed: plain JSON all through, not too deep, without prototypes in its keys.
 *
 * @throws AnswerbackError `malformed`.
 * @see any.4, any.6
 */
export function guardJson(value: unknown, depth: number = 0): void {
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value))
    return;
  if (!isPlain(value)) throw malformed("a value that is not plain JSON");
  if (depth === maxDepth) throw tooDeep();
  checkKeys(value);
  for (const inner of Object.values(value)) guardJson(inner, depth + 1);
}

/** The JSON text of a plain JSON value with the keys of every object in order: equal values, equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sorted(inner) : inner));
}

/** Freezes a value with all the plain objects and arrays in it, in place; returns it. What is frozen already is left. */
export function freeze<Value>(value: Value): Value {
  if (!isPlain(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
  return value;
}

/** Is it an object with fields, not an array? */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One scan over the text, since whatever walks the value later may recurse. */
function checkDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    if (depth > maxDepth) throw tooDeep();
  }
}

/** Where the string that begins at `start` ends: at the next quote with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === "\\") before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // the engine's message quotes the text, which may hold secrets
    throw malformed("not JSON");
  }
}

/** Is it an object or an array as JSON knows them, and no instance of a class? */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: object | null = Object.getPrototypeOf(value);
  // another realm (a test runner's) has another Object.prototype, but nothing above it either
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function checkKeys(value: object): void {
  if (Object.hasOwn(value, "__proto__")) throw malformed("a key __proto__");
  if (!Object.hasOwn(value, "constructor")) return;
  const { constructor } = value as { readonly constructor: unknown };
  if (isRecord(constructor) && Object.hasOwn(constructor, "prototype"))
    throw malformed("a constructor with a prototype");
}

function sorted(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function tooDeep(): AnswerbackError {
  return malformed(`nested deeper than ${maxDepth}`);
}

function malformed(what: string): AnswerbackError {
  return new AnswerbackError("malformed", what);
}
