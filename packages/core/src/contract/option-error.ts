/** Mistakes in options, found when something is created, before it is used. */

/** What is wrong with an option. */
export type OptionErrorCode =
  /**
   * Left out, or an environment variable that is not set.
   *
   * @cure Give it. Of a variable, see that it is set in this process.
   */
  | "missing"
  /**
   * An empty text or list.
   *
   * @cure Fill it, or leave the option out.
   */
  | "empty"
  /**
   * Not of the form that the option must have.
   *
   * @cure Write it as the message shows.
   */
  | "invalid"
  /**
   * A number or a time beyond its bounds.
   *
   * @cure Stay within the bounds in the message.
   */
  | "out_of_range"
  /**
   * A name that nobody knows: of an option, or of an event.
   *
   * @cure Correct it; the message offers the nearest name.
   */
  | "unknown"
  /**
   * A name that stands for something else already.
   *
   * @cure Choose another name.
   */
  | "taken"
  /**
   * Good by itself, but not beside another option.
   *
   * @cure Leave out one of the two that the message names.
   */
  | "conflict";

/** A mistake in the options, found when something is created. The message names the option and the cure. */
export class OptionError extends TypeError {
  override readonly name: string = "OptionError";
  /** What is wrong with the option. */
  readonly code: OptionErrorCode;
  /** The option's name, behind the function that takes it; `createReceiver`'s own stand alone: `"redis: url"`, `"answerWithin"`. */
  readonly option: string;

  /** @param cure What to do about it; the message is `${option}: ${cure}`. */
  constructor(option: string, code: OptionErrorCode, cure: string, options?: ErrorOptions) {
    super(`${option}: ${cure}`, options);
    this.option = option;
    this.code = code;
  }
}
