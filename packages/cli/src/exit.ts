/** How a command ends: the exit codes for scripts, and what an error comes to. */
import { isAnswerbackError, OptionError } from "@answerback/core";

/** What a script reads in `$?`. */
export const exit = {
  /** All went well. */
  done: 0,
  /** It was carried out, and something is wrong: a finding, a delivery that was refused, a record that is not there. */
  failed: 1,
  /** The arguments are wrong, or something has to be installed first. Nothing was done. */
  wrongArguments: 2,
  /** The backend is away. */
  away: 3,
  /** Ctrl-C stopped it half-way. */
  stopped: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exit)[keyof typeof exit];

/** Ends a command with an exit code, and a message for the one who typed it; without a message where all is said already. */
export class Complaint extends Error {
  override readonly name: string = "Complaint";
  /** How the command ends. */
  readonly code: ExitCode;

  constructor(code: ExitCode, message = "", options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The arguments are wrong: nothing was done. */
export function wrong(message: string): Complaint {
  return new Complaint(exit.wrongArguments, message);
}

/** How a command ends that threw this. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Complaint) return error.code;
  if (isAnswerbackError(error)) return error.code === "backend_away" ? exit.away : exit.failed;
  // two copies of core may be installed, so the name has to do
  if (error instanceof OptionError || (error instanceof Error && error.name === "OptionError"))
    return exit.wrongArguments;
  return exit.failed;
}

/** What is told of an error: its message, and that of the engine's error behind it. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const more = cause instanceof Error ? messageOf(cause) : "";
  // a connection that fails to every address is an AggregateError without a word
  const words = message || (error instanceof AggregateError ? error.errors.map(messageOf).join("; ") : "");
  return more && !words.includes(more) ? `${words}: ${more}` : words;
}
