/** The table of `Backend` as a function: the state of a record. */
import type { Entry } from "../contract/backend.ts";

/** What a record is, in the words of the table. */
export type RecordState = "held" | "waiting" | "free" | "due" | "dead" | "settled" | "forgotten";

/**
 * The state of a record.
 *
 * @param forMs ms until `until`, negative when past; `null` or Infinity: never.
 */
export function recordState(
  { answer, work, held }: Pick<Entry, "answer" | "work" | "held">,
  forMs: number | null,
): RecordState {
  const isNever = forMs === null || forMs === Infinity;
  const isPast = !isNever && forMs <= 0;
  if (work !== null) {
    if (isPast) return "due";
    if (isNever) return "dead";
  } else {
    if (answer !== null) return isPast ? "forgotten" : "settled";
    if (isPast) return "free";
  }
  return held ? "held" : "waiting";
}
