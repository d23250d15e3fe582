/** Schemas over what came from outside: where a value differs from its schema, and what was expected there; never the value. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { z } from "./zod.ts";
import { AnswerbackError } from "../contract/errors.ts";
import type { Warning } from "../contract/warning.ts";
import { isRecord } from "./json.ts";

/** A place where a value differs from its schema. */
export interface Difference {
  /** The names from the top to the place, with dots between: `"customer.name"`; `""`: the value as a whole. */
  readonly path: string;
  /** What was expected there: `"expected string"`. The same for every value that is not. */
  readonly expected: string;
  /** What the schema says of the place, without the value. */
  readonly message: string;
}

type Issues = readonly StandardSchemaV1.Issue[];

/** A value, and where it differs from what is documented. */
export interface Read<Value> {
  /** The value: as its schema gave it, or as it came where it differs. */
  readonly value: Value;
  /** Where it differs; `[]`: nowhere. */
  readonly differences: readonly Difference[];
}

/**
 * What the schema makes of a value.
 *
 * @param at The path at which the value stands, for the message. Default: it is the whole.
 * @throws AnswerbackError `malformed` with each path and what was expected there.
 */
export function parse<Value>(schema: z.ZodType<Value>, value: unknown, at: string = ""): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw differing("malformed", differencesOf(result.error.issues, at));
}

/**
 * Reads a value of which only a part is sure. What differs elsewhere from its documented schema is no reason to refuse it:
 * then the value is given as it came.
 *
 * @param sure The schema of what must be so. It is asked where the value differs from the documented one.
 * @throws AnswerbackError `malformed` for a value that is not even what is sure.
 */
export function read<Value>(documented: z.ZodType<Value>, sure: z.ZodType, value: unknown): Read<Value> {
  const result = documented.safeParse(value);
  if (result.success) return { value: result.data, differences: [] };
  parse(sure, value);
  return { value: value as Value, differences: differencesOf(result.error.issues) };
}

/** The schema of a value that need not be an object, but has these fields if it is one. */
export function ifObject(fields: z.ZodRawShape): z.ZodType {
  const onlyObjects = (value: unknown) => (isRecord(value) ? value : undefined);
  return z.preprocess(onlyObjects, z.looseObject(fields).optional());
}

/** The places that a schema's issues name. @param at The path at which the value stands. */
export function differencesOf(issues: Issues, at: string = ""): Difference[] {
  return issues.map((issue) => {
    const expected = expectationOf(issue);
    return { path: pathOf(issue, at), expected, message: needsOtherWords(issue) ? expected : issue.message };
  });
}

/** The error of a value that differs: each path, and what was expected there. */
export function differing(
  code: "malformed" | "invalid_answer",
  differences: readonly Difference[],
): AnswerbackError {
  return new AnswerbackError(code, differences.map(sentence).join("; "));
}

/**
 * The warnings of differences that are handed over: one a field, whatever its place in a list.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.28 any.28}
 */
export function driftIn(type: string, differences: readonly Difference[]): Warning[] {
  return differences.map(({ path, expected }) => {
    const field = path.replaceAll(/\.\d+(?=\.|$)/g, ".*");
    const message = `${type}: ${field} is not as the provider documents it: ${expected}; it is handed over as it came`;
    return { code: "schema_drift", message };
  });
}

/** The issues in an error that a schema library threw, as zod's `parse` does; `undefined`: it is no verdict of a schema. */
export function issuesIn(error: unknown): Issues | undefined {
  const { issues } = Object(error) as { readonly issues?: unknown };
  return Array.isArray(issues) && issues.length > 0 && issues.every(isIssue) ? issues : undefined;
}

function isIssue(issue: unknown): issue is StandardSchemaV1.Issue {
  return typeof Object(issue).message === "string";
}

function sentence({ path, message }: Difference): string {
  return path ? `${path}: ${message}` : message;
}

function pathOf({ path = [] }: StandardSchemaV1.Issue, at: string): string {
  const names = path.map((part) => String(typeof part === "object" ? part.key : part));
  return (at ? [at, ...names] : names).join(".");
}

/** What libraries add to an issue: zod `expected`, valibot `expected` and `received`, arktype `expected` and `actual`. */
interface Detailed extends StandardSchemaV1.Issue {
  readonly expected?: unknown;
  readonly received?: unknown;
  readonly actual?: unknown;
}

function expectationOf({ message, expected }: Detailed): string {
  if (expected === notThere) return "expected a value";
  return typeof expected === "string" ? `expected ${expected}` : message;
}

/** The message of valibot and arktype has the value itself, and zod's a word of its own for what is missing. */
function needsOtherWords({ received, actual, expected }: Detailed): boolean {
  return received !== undefined || actual !== undefined || expected === notThere;
}

/** What zod expects of a field that may be anything, and is not there. */
const notThere = "nonoptional";
