/** The public face of `answerback`, every name by hand: the command line, for whoever runs it from a program. */

export { runCommand, type Surroundings } from "./run.ts";
export type { ExitCode } from "./exit.ts";
export type { World } from "./world.ts";
