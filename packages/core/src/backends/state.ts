/** The table of `Backend` as a function: the state of a record. */
import type { ListedState, WorkKind } from "../contract/backend.ts";

/** What a record is, in the words of the table. */
export type RecordState = ListedState | "forgotten";

/** What of a record its state depends on, beside its time. */
export interface Stateful {
  /** What duplicates get; `null`: none yet. */
  readonly answer: string | null;
  /** What is left to do; `null`: nothing. */
  readonly work: string | null;
  /** The kind of the work; without meaning where there is none. */
  readonly kind: WorkKind | "dead" | "paused";
  /** False once the holder gave it up before its time. */
  readonly held: boolean;
}

/**
 * The state of a record.
 *
 * @param forMs ms until `until`, negative when past.
 */
export function recordState({ answer, work, kind, held }: Stateful, forMs: number): RecordState {
  const isPast = forMs <= 0;
  if (work !== null && kind === "paused") return "paused";
  if (work !== null && kind === "dead") return isPast ? "forgotten" : "dead";
  if (work !== null && isPast) return "due";
  if (work === null && answer !== null) return isPast ? "forgotten" : "settled";
  if (work === null && isPast) return "free";
  return held ? "held" : "waiting";
}
