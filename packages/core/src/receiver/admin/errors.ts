/** Errors in groups: what differs by a number, an id or a quotation alone is the same error. */
import type { Cause } from "../../contract/backend.ts";
import type { Failure } from "../../contract/callback-terms.ts";
import type { ErrorCode } from "../../contract/errors.ts";
import { fromText } from "../record/about.ts";
import { readNote } from "../record/stored.ts";

/** Dead letters that died of the same. */
export interface ErrorGroup {
  /** What the filter of a list takes: the code, and the message with `#` for whatever differs by number, id or quotation. */
  readonly error: string;
  /** The code of the error; `undefined`: the record has none. */
  readonly code: ErrorCode | undefined;
  /** How many dead letters are in it, of those that were looked at. */
  readonly count: number;
  /** The names of their events, the most frequent first. */
  readonly names: readonly string[];
}

/** The groups of what an engine counted, the largest first. */
export function groupsOf(causes: readonly Cause[]): ErrorGroup[] {
  const groups = Map.groupBy(causes, ({ note }) => errorOf(readNote(note)));
  return [...groups]
    .map(([error, inIt]) => ({
      error,
      code: readNote(inIt[0]!.note)?.code,
      count: inIt.reduce((sum, { count }) => sum + count, 0),
      names: namesIn(inIt),
    }))
    .sort((a, b) => b.count - a.count);
}

/** The most frequent first; the causes of one name may differ by their messages. */
function namesIn(causes: readonly Cause[]): string[] {
  const counts = new Map<string, number>();
  for (const { name, count } of causes) {
    const known = fromText(name);
    if (known !== undefined) counts.set(known, (counts.get(known) ?? 0) + count);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
}

/** The group of an error, as people write it. */
export function errorOf(failure: Failure | undefined): string {
  if (!failure) return "";
  const { code, message } = failure;
  return message ? `${code}: ${pattern(message)}` : code;
}

/** Is it the error, by its code or as the group that it is in? */
export function isError(failure: Failure | undefined, error: string): boolean {
  return failure?.code === error || errorOf(failure) === error;
}

/** Quotations first, then ids as they are usual, then numbers. */
function pattern(message: string): string {
  return message
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "#")
    .replace(/\b[\da-f]{8}-[\da-f-]{27}\b/gi, "#")
    .replace(/\b(?=[a-z_-]*\d)[\w-]{6,}\b/gi, "#")
    .replace(/\d+(?:\.\d+)*/g, "#");
}
