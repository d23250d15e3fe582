/** Mistakes in options, found when something is created, before it is used. */

/** What is wrong with an option. */
export type OptionErrorCode =
  /** Left out, or an environment variable that is not set. */
  | "missing"
  /** An empty text or list. */
  | "empty"
  /** Not of the form that the option must have. */
  | "invalid"
  /** A number or a time beyond its bounds. */
  | "out_of_range"
  /** A name that the provider does not know. */
  | "unknown"
  /** A name that stands for something else already. */
  | "taken"
  /** Good by itself, but not beside another option. */
  | "conflict";

/** A mistake in the options, found when something is created. The message names the option and the cure. */
export class OptionError extends TypeError {
  override readonly name: string = "OptionError";
  /** What is wrong with the option. */
  readonly code: OptionErrorCode;
  /** The option's name: `"answerWithin"`, `"bodySecret: secret"`. */
  readonly option: string;

  /** @param cure What to do about it; the message is `${option}: ${cure}`. */
  constructor(option: string, code: OptionErrorCode, cure: string) {
    super(`${option}: ${cure}`);
    this.option = option;
    this.code = code;
  }
}

/**
 * Checks a whole number from 1 to `most`, and returns it.
 *
 * @param option The option's name, for the error: `"maxConcurrent"`.
 * @param most The highest number that is good. Default: the highest that JavaScript counts exactly.
 * @throws OptionError `invalid` for what is no whole number, `out_of_range` for a number beyond the bounds.
 */
export function wholeNumber(option: string, value: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value))
    throw new OptionError(option, "invalid", `${value} is not a whole number`);
  if (value >= 1 && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? "above 0" : `from 1 to ${most}`;
  throw new OptionError(option, "out_of_range", `${value} is not a whole number ${bounds}`);
}
