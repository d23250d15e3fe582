/** The provider's clock: it begins now and jumps from attempt to attempt, but waits for a receiver that has the true time. */
import { virtualClock, type DrivenClock } from "@answerback/simulator";
import type { Command } from "commander";
import { duration } from "../typed.ts";

/** The option of the commands whose clock jumps. */
export interface QuietOptions {
  /** How long the receiver may be silent before the clock jumps on: ms. */
  readonly quiet?: number;
}

/** Adds the option. */
export function withQuiet(command: Command, usual: string): Command {
  return command.option(
    "--quiet <duration>",
    `how long the receiver may be silent before the provider's clock jumps on; default: ${usual}`,
    duration,
  );
}

/** A clock that begins now. */
export const startNow = (): DrivenClock => virtualClock(Date.now());
