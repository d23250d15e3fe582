/** What a developer should know: it works, but probably not as it was meant. */

/** Something that works, but probably not as it was meant. */
export interface Warning {
  /** Stable, for filters and tests: `"callback_dropped"`. */
  readonly code: string;
  /** What happens, and what to do about it. */
  readonly message: string;
}

/** Tells a warning to the process, for whoever gave no function of their own. */
export function emitWarning({ code, message }: Warning): void {
  process.emitWarning(message, { type: "AnswerbackWarning", code });
}
