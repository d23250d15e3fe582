/** Readers for what people type behind an option: each refuses what it cannot read, with what it would have read. */
import { nearest } from "@answerback/core/provider";
import { InvalidArgumentError } from "commander";
import { durationOf } from "./print/times.ts";

/** A whole number from `least` on. */
export function wholeNumber(
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): (typed: string) => number {
  return (typed) => {
    const number = Number(typed);
    if (/^\d+$/.test(typed) && number >= least && number <= most) return number;
    const bounds = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `from ${least} on`;
    throw new InvalidArgumentError(`It is not a whole number ${bounds}.`);
  };
}

/** A share from 0 to 1. */
export function share(typed: string): number {
  const number = Number(typed);
  if (typed !== "" && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError("It is not a share from 0 to 1.");
}

/** A duration in ms, such as `2h`. */
export function duration(typed: string): number {
  try {
    return typed === "0" ? 0 : durationOf("", typed);
  } catch {
    throw new InvalidArgumentError('It is not a duration; write it as "25s", "10m", "2h" or "7d".');
  }
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): (typed: string) => Word {
  return (typed) => {
    if (words.includes(typed as Word)) return typed as Word;
    const near = nearest(typed, words);
    const offer = near === undefined ? `It is one of ${words.join(", ")}.` : `Did you mean ${near}?`;
    throw new InvalidArgumentError(offer);
  };
}

/** A point in time: a duration before now, `2h`, or a date, `2026-11-26` or `2026-11-26T20:00Z`. */
export function since(typed: string): Date {
  if (/^\d+(\.\d+)?(ms|s|m|h|d)$/.test(typed)) return new Date(Date.now() - duration(typed));
  const date = new Date(typed);
  if (/^\d{4}-\d\d-\d\d/.test(typed) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError(
    'It is neither a duration, "2h", nor a date, "2026-11-26" or "2026-11-26T20:00Z".',
  );
}
