/** Mistakes in the options, which are found when something is created, not when it is used. */

/** What is wrong with an option. */
export type OptionErrorCode =
  /** Left out, or an environment variable that is not set. */
  | "missing"
  /** An empty text or list. */
  | "empty"
  /** Not of the form that it must have. */
  | "invalid"
  /** A number or a time beyond its bounds. */
  | "out_of_range"
  /** A name that the provider does not know. */
  | "unknown"
  /** A name that stands for something else already. */
  | "taken"
  /** Good by itself, not beside another one. */
  | "conflict";

/** A mistake in the options, found when something is created. The message names the option and the cure. */
export class OptionError extends TypeError {
  override readonly name: string = "OptionError";
  readonly code: OptionErrorCode;
  /** Which one: `"answerWithin"`, `"bodySecret: secret"`. */
  readonly option: string;

  constructor(option: string, code: OptionErrorCode, cure: string) {
    super(`${option}: ${cure}`);
    this.option = option;
    this.code = code;
  }
}
