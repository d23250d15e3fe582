/** Durations as people write them, `"25s"`, and as the code counts them, in ms. */
import { OptionError, type OptionErrorCode } from "./option-error.ts";

/** `"500ms"`, `"25s"`, `"10m"`, `"48h"`, `"7d"`, or a written-out 0. A bare number has no unit and does not compile. */
export type Duration = 0 | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * The duration in ms.
 *
 * @param option The option's name, for the error: `"answerWithin"`.
 * @throws OptionError `missing` for `undefined` and `null`, `empty` for `""`, `invalid` for what is no duration.
 */
export function toMs(duration: Duration, option: string): number {
  if (duration === 0) return 0;
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration)) ?? [];
  if (count) return Number(count) * units[unit as keyof typeof units];
  const { code, what } = mistakeIn(duration);
  throw new OptionError(option, code, `${what} is not a duration; write it as "25s", "10m" or "7d"`);
}

function mistakeIn(value: unknown): { readonly code: OptionErrorCode; readonly what: string } {
  if (value === undefined || value === null) return { code: "missing", what: String(value) };
  if (value === "") return { code: "empty", what: '""' };
  if (typeof value === "string") return { code: "invalid", what: JSON.stringify(value) };
  return {
    code: "invalid",
    what: typeof value === "number" ? String(value) : `a value of type ${typeof value}`,
  };
}
