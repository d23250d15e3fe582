/** What counts as an id, and where one is found. */
import { z } from "./zod.ts";
import { isRecord } from "./json.ts";

/** An id of a provider that has numbers: a string that is not blank, or a safe integer. */
export type Id = string | number;

/**
 * A string that is not blank, of at most 1,000 characters.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.6 any.6}
 */
export function isTextId(value: unknown): value is string {
  return typeof value === "string" && value.length <= 1_000 && /\S/.test(value);
}

/**
 * An {@link isTextId}, or a safe integer.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.6 any.6}
 */
export function isId(value: unknown): value is Id {
  return Number.isSafeInteger(value) || isTextId(value);
}

/**
 * The id that stands in a value of any shape.
 *
 * @param path The names of the fields that lead to it, the outermost first.
 * @returns The id; `undefined`: nothing is there, or no {@link isId}.
 * @example
 * const about = idIn(body, "object", "id");
 */
export function idIn(value: unknown, ...path: readonly string[]): Id | undefined {
  let at = value;
  for (const field of path) at = isRecord(at) && Object.hasOwn(at, field) ? at[field] : undefined;
  return isId(at) ? at : undefined;
}

/** The schema of {@link isTextId}. */
export const textId: z.ZodType<string> = z.custom<string>(
  isTextId,
  "must be a string that is not blank, of at most 1,000 characters",
);

/** The schema of {@link isId}. */
export const id: z.ZodType<Id> = z.custom<Id>(
  isId,
  "must be a safe integer, or a string that is not blank, of at most 1,000 characters",
);
