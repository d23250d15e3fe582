/** JSON from strangers: parsed behind guards for depth and prototypes, frozen, and written in one canonical way. */
import { AnswerbackError } from "../contract/errors.ts";

/** How deep a value may be nested: deeper than any provider nests, and no risk for a function that recurses over it. */
const maxDepth = 64;

/**
 * The value of a JSON text that came from outside, frozen.
 *
 * @throws AnswerbackError `malformed` when it is not JSON, is nested deeper than 64, has a number that would be infinite,
 * or a key `__proto__`, or `constructor` with a `prototype` in it, at any depth or spelling.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.6 any.6}
 */
export function parseJson(text: string): unknown {
  const value = parse(text);
  guard(value, Object.freeze);
  return value;
}

/**
 * Checks a value that somebody else parsed: plain JSON all through, not too deep, without prototypes in its keys.
 *
 * @throws AnswerbackError `malformed`.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.4 any.4}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.6 any.6}
 */
export function guardJson(value: unknown): void {
  guard(value, () => {});
}

/** Checks a value in one walk, no deeper than `maxDepth`. Calls `leave` with each object and array, the inner ones first. */
function guard(value: unknown, leave: (container: object) => void, depth: number = 0): void {
  if (typeof value === "string" || typeof value === "boolean" || value === null || Number.isFinite(value))
    return;
  if (!isPlain(value)) throw malformed("a value that is not plain JSON");
  if (depth === maxDepth) throw tooDeep();
  if (Array.isArray(value)) for (const inner of value) guard(inner, leave, depth + 1);
  else
    for (const key of Object.keys(value)) {
      const inner = (value as Record<string, unknown>)[key];
      checkKey(key, inner);
      guard(inner, leave, depth + 1);
    }
  leave(value);
}

/** The JSON text of a plain JSON value with the keys of every object in order: equal values, equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sorted(inner) : inner));
}

/** Freezes a value with all the plain objects and arrays in it, in place; returns it. What is frozen already is left. */
export function freeze<Value>(value: Value): Value {
  if (!isPlain(value) || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key in value) freeze(value[key]);
  return value;
}

/** Is it an object with fields, not an array? */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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

function checkKey(key: string, value: unknown): void {
  if (key === "__proto__") throw malformed("a key __proto__");
  if (key === "constructor" && isRecord(value) && Object.hasOwn(value, "prototype"))
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
