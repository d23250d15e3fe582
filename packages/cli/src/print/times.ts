/** Times in words, and the words that people type for them. */
import { toMs, type Duration } from "@answerback/core/provider";

const steps = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** `"3 d 4 h"`, `"12 s"`, `"80 ms"`: the two largest units. */
export function inWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const at = steps.findIndex(([, unitMs]) => ms >= unitMs);
  const [unit, unitMs] = steps[at]!;
  const whole = Math.floor(ms / unitMs);
  const [smaller, smallerMs] = steps[at + 1] ?? ["", Infinity];
  const rest = Math.floor((ms - whole * unitMs) / smallerMs);
  return rest > 0 ? `${whole} ${unit} ${rest} ${smaller}` : `${whole} ${unit}`;
}

/** `2026-11-26 23:55:01` in UTC, as every engine's clock tells it. */
export function instant(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

/** The ms of a duration: `"2h"`; throws an OptionError under the option's name. */
export const durationOf = (option: string, value: string): number => toMs(value as Duration, option);
