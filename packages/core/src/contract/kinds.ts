/** The kinds of values that options have. One mistake has one code, whatever the option is. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Clock } from "../lib/clock.ts";
import { isPromise } from "../lib/maybe-promise.ts";
import { nearest } from "../lib/nearest.ts";
import type { Backend } from "./backend.ts";
import { toMs, type Duration } from "./duration.ts";
import { OptionError } from "./option-error.ts";

/**
 * Checks the value of an option, and returns it as the code works with it.
 *
 * @param option The option's name, for the error: `"redis: url"`.
 * @throws OptionError `missing` for `undefined` and `null`, `empty` for `""` and `[]`, `invalid` for a value of another
 *   kind, `out_of_range` for a number beyond its bounds.
 */
export type Kind<Value = unknown> = (option: string, value: unknown) => Value;

/** An option that may be left out; then it is `undefined`. */
export function optional<Value>(kind: Kind<Value>): Kind<Value | undefined> {
  return (option, value) => {
    if (value === null) throw new OptionError(option, "invalid", "it is null; leave it out, or give a value");
    return value === undefined ? undefined : kind(option, value);
  };
}

/**
 * An option that has a default.
 *
 * @param usual What holds where the option is left out, written as a user would write it: `"10s"`.
 */
export function withDefault<Value>(kind: Kind<Value>, usual: unknown): Kind<Value> {
  const given = optional(kind);
  return (option, value) => given(option, value) ?? kind(option, usual);
}

/** Any value: whoever uses the option checks it. */
export const anything: Kind<any> = (_option, value) => value;

/**
 * A text that is not empty.
 *
 * @param cure What to do where there is none: `"give event.key"`.
 */
export function textOr(cure: string): Kind<string> {
  return (option, value) => {
    if (value === undefined || value === null)
      throw new OptionError(option, "missing", `it is missing; ${cure}`);
    if (value === "") throw new OptionError(option, "empty", `it is empty; ${cure}`);
    if (typeof value === "string") return value;
    throw wrongKind(option, value, "a text");
  };
}

/** A text that is not empty. */
export const text: Kind<string> = textOr("give a text");

/** A text that often comes from an environment variable: a secret, an address. */
export const setting: Kind<string> = textOr("is the environment variable set?");

/** A text that fits a pattern. The error does not repeat the text, which may hold a password. */
export function matching(pattern: RegExp, cure: string, kind: Kind<string> = text): Kind<string> {
  return (option, value) => {
    const given = kind(option, value);
    if (pattern.test(given)) return given;
    throw new OptionError(option, "invalid", cure);
  };
}

/** A whole number from `least` to `most`. */
export function wholeNumberIn(least: number, most: number): Kind<number> {
  const aNumber = `a whole number${bounds(least, most)}`;
  return (option, value) => {
    if (typeof value === "string" && /^\d{1,15}$/.test(value)) throw quoted(option, value);
    if (typeof value !== "number") throw wrongKind(option, value, aNumber);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const code = Number.isSafeInteger(value) ? "out_of_range" : "invalid";
    throw new OptionError(option, code, `${value} is not ${aNumber}`);
  };
}

function bounds(least: number, most: number): string {
  if (most < Number.MAX_SAFE_INTEGER) return ` from ${least} to ${most}`;
  return least > Number.MIN_SAFE_INTEGER ? ` above ${least - 1}` : "";
}

/** A whole number above 0. */
export const wholeNumber: Kind<number> = wholeNumberIn(1, Number.MAX_SAFE_INTEGER);

/** A duration, such as `"25s"`, in ms. */
export const duration: Kind<number> = (option, value) => toMs(value as Duration, option);

/** `true` or `false`. */
export const flag: Kind<boolean> = (option, value) => {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") throw quoted(option, value);
  throw wrongKind(option, value, "true or false");
};

/** A function. */
export const aFunction: Kind<(...args: any[]) => any> = (option, value) => {
  if (typeof value === "function") return value as (...args: any[]) => any;
  throw wrongKind(option, value, "a function");
};

/** One of a few texts. */
export function oneOf<const Text extends string>(...known: readonly Text[]): Kind<Text> {
  const all = known.map((one) => `"${one}"`).join(" or ");
  return (option, value) => {
    if (known.includes(value as Text)) return value as Text;
    if (value === "") throw new OptionError(option, "empty", `it is empty; give ${all}`);
    if (typeof value !== "string") throw wrongKind(option, value, all);
    const near = nearest(value, known);
    throw new OptionError(option, "invalid", `give ${all}${near ? `; did you mean "${near}"?` : ""}`);
  };
}

/** At least one value. */
type Several<Value> = readonly [Value, ...Value[]];

/**
 * A list that is not empty, of values of one kind.
 *
 * @param whenEmpty What the error says of an empty list.
 */
export function listOf<Value>(
  kind: Kind<Value>,
  whenEmpty: string = "give at least one",
): Kind<Several<Value>> {
  return (option, value) => {
    if (!Array.isArray(value)) throw wrongKind(option, value, "a list");
    if (value.length === 0) throw new OptionError(option, "empty", whenEmpty);
    return value.map((one) => kind(option, one)) as [Value, ...Value[]];
  };
}

/** A value of one kind, or a list of such values that is not empty. */
export function oneOrMore<Value>(kind: Kind<Value>): Kind<Several<Value>> {
  const list = listOf(kind);
  return (option, value) => (Array.isArray(value) ? list(option, value) : [kind(option, value)]);
}

/**
 * An object with certain methods; whatever else it has is its own affair.
 *
 * @param thing What it is, for the error: `"a backend, such as memory()"`.
 */
export function objectWith<Value extends object>(
  thing: string,
  ...methods: readonly (keyof Value & string)[]
): Kind<Value> {
  return (option, value) => {
    if (isPromise(value) || (!isObject(value) && typeof value !== "function"))
      throw wrongKind(option, value, thing);
    const given = value as Value;
    const lacking = methods.find((name) => typeof given[name] !== "function");
    if (typeof value === "function" && (lacking || methods.length === 0))
      throw uncalled(option, value, thing);
    if (lacking) throw new OptionError(option, "invalid", `it has no ${lacking}(); give ${thing}`);
    return given;
  };
}

/** A schema of any library that keeps Standard Schema. */
export const aSchema: Kind<StandardSchemaV1> = (option, value) => {
  if ((isObject(value) || typeof value === "function") && "~standard" in value)
    return value as StandardSchemaV1;
  throw wrongKind(option, value, "a schema of zod, or of another library that keeps Standard Schema");
};

/** A clock, which is an argument in tests. */
export const aClock: Kind<Clock> = objectWith<Clock>("a clock, with now() and after()", "now", "after");

/** A backend, as `memory()` makes one. */
export const aBackend: Kind<Backend<any>> = objectWith<Backend<any>>(
  "a backend, such as memory()",
  "open",
  "close",
);

/** The error for a value that is not what is needed. It shows what a value is, and never the value: that may be a secret. */
export function wrongKind(option: string, value: unknown, needed: string): OptionError {
  if (value === undefined || value === null)
    return new OptionError(option, "missing", `it is missing; give ${needed}`);
  return new OptionError(option, "invalid", `it is ${kindOf(value)}; give ${needed}`);
}

/** Is it an object, and no list? Functions are none. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function uncalled(option: string, { name }: { readonly name?: string }, thing: string): OptionError {
  return new OptionError(
    option,
    "invalid",
    `it is a function; ${name ? `call it: ${name}()` : `give ${thing}`}`,
  );
}

/** The error for a number or a boolean in quotes, as environment variables are. */
function quoted(option: string, value: string): OptionError {
  return new OptionError(option, "invalid", `it is a text; write ${value} without quotes`);
}

/** What a value is, in words. */
function kindOf(value: unknown): string {
  if (typeof value === "string") return "a text";
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  if (isPromise(value)) return "a promise, which is not awaited";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
