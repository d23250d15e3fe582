/** `answerback records`: what a receiver keeps, listed, counted, looked at, tried again, given up, erased. */
import { Command } from "commander";
import type { World } from "../world.ts";
import { discardCommand, retryCommand } from "./records/change.ts";
import { eraseCommand } from "./records/erase.ts";
import { errorsCommand } from "./records/errors.ts";
import { listCommand } from "./records/list.ts";
import { showCommand } from "./records/show.ts";
import { statsCommand } from "./records/stats.ts";

/** The command with the commands below it. */
export function recordsCommand(world: World): Command {
  const command = new Command("records").description(
    "List, count, look at, retry, discard and erase the records of a receiver",
  );
  const below = [
    listCommand,
    statsCommand,
    errorsCommand,
    showCommand,
    retryCommand,
    discardCommand,
    eraseCommand,
  ];
  for (const make of below) command.addCommand(make(world));
  return command.addHelpText(
    "after",
    "\nNone of these starts a worker or runs a handler: what becomes due is worked by the processes of the app.",
  );
}
