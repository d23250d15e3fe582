/** The table of `Backend` as a function: the state of a record. */
import type { Entry } from "../contract/backend.ts";

/** What a record is, in the words of the table. */
export type RecordState = "held" | "waiting" | "free" | "due" | "dead" | "settled" | "forgotten";

/**
 * The state of a record.
 *
 * @param forMs ms until `until`, negative when past.
 */
export function recordState(
  { answer, work, held, diedAt }: Pick<Entry, "answer" | "work" | "held" | "diedAt">,
  forMs: number,
): RecordState {
  const isPast = forMs <= 0;
  if (diedAt !== null) return isPast ? "forgotten" : "dead";
  if (work !== null && isPast) return "due";
  if (work === null && answer !== null) return isPast ? "forgotten" : "settled";
  if (work === null && isPast) return "free";
  return held ? "held" : "waiting";
}
