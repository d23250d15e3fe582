/** One run of the command line: the arguments are read, the command does its work, and the exit code says how it ended. */
import { Command, CommanderError } from "commander";
import { exit, exitCodeOf, messageOf, type ExitCode } from "./exit.ts";
import { exitHelp } from "./help.ts";
import { createCommand } from "./commands/create.ts";
import { explainCommand } from "./commands/explain.ts";
import { judgeCommand } from "./commands/judge.ts";
import { listenCommand } from "./commands/listen.ts";
import { pauseCommand, resumeCommand } from "./commands/pause.ts";
import { playCommand } from "./commands/play.ts";
import { recordsCommand } from "./commands/records.ts";
import { registerCommand } from "./commands/register.ts";
import { replayCommand } from "./commands/replay.ts";
import { sendCommand } from "./commands/send.ts";
import { note, type World } from "./world.ts";

/** What a run may be given in the place of the process's own. */
export type Surroundings = Partial<World>;

/**
 * Runs one command, as the binary does; it neither ends the process nor listens to its signals.
 *
 * @param args What stands behind `answerback`.
 * @param surroundings Where it prints and reads. Default: the process's own.
 * @returns The exit code: 0 done, 1 something is wrong, 2 wrong arguments, 3 the backend is away, 130 stopped.
 * @example
 * const code = await runCommand(["judge", "postback", "http://localhost:3000/hooks/postback"]);
 */
export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<ExitCode> {
  const { stdout, stderr, stdin, env } = process;
  const world: World = { stdout, stderr, stdin, env, signal: new AbortController().signal, ...surroundings };
  try {
    await createProgram(world).parseAsync(keysLast(args), { from: "user" });
    return exit.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.wrongArguments;
    const message = messageOf(error);
    if (message !== "") note(world, `answerback: ${message}`);
    return exitCodeOf(error);
  }
}

/** One key in 64 begins with a dash, and would be taken for an option: such keys go behind all options. */
function keysLast(args: readonly string[]): readonly string[] {
  const isKey = (arg: string) => /^-[\w-]{42}$/.test(arg);
  if (!/^(records|explain)$/.test(args[0] ?? "") || args.includes("--") || !args.some(isKey)) return args;
  return [...args.filter((arg) => !isKey(arg)), "--", ...args.filter(isKey)];
}

function createProgram(world: World): Command {
  const program = new Command("answerback")
    .description("Make an app, play providers at it, judge it, see what arrives, look after its records")
    .addHelpText("after", exitHelp)
    .showHelpAfterError("(add --help for all that it takes)");
  for (const command of commandsOf(world)) program.addCommand(command);
  return settled(program, world);
}

function commandsOf(world: World): Command[] {
  const commands = [
    createCommand,
    sendCommand,
    playCommand,
    judgeCommand,
    listenCommand,
    replayCommand,
    registerCommand,
    recordsCommand,
    explainCommand,
    pauseCommand,
    resumeCommand,
  ];
  return commands.map((command) => command(world));
}

/** Every command throws where commander would end the process, and prints where the world wants it. */
function settled(command: Command, world: World): Command {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => note(world, text.trimEnd()),
    })
    .allowExcessArguments(false);
  for (const below of command.commands) settled(below, world);
  return command;
}
