/** What a developer should know: it works, but probably not as it was meant. */
import type { WarningCode } from "./warning-codes.ts";

export type { WarningCode };

/** Something that works, but probably not as it was meant. */
export interface Warning {
  /** Stable, for filters and tests: `"callback_dropped"`, or one of your own provider's or backend's. */
  readonly code: WarningCode | (string & {});
  /** What happens, and what to do about it. */
  readonly message: string;
}

/** Tells a warning to the process, for whoever gave no function of their own. */
export function emitWarning({ code, message }: Warning): void {
  process.emitWarning(message, { type: "AnswerbackWarning", code });
}
