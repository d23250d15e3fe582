#!/usr/bin/env node
/** The binary `answerback`: one command of the process's own arguments. Ctrl-C stops it in an orderly way; twice, at once. */
import { enableCompileCache } from "node:module";

// it has to be on before what is cached is loaded: a command begins in half the time
enableCompileCache?.();
const { runCommand } = await import("./run.ts");

const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.abort());
// the reader of a pipe went away: there is nobody left to tell anything
process.stdout.on("error", () => process.exit(0));

process.exitCode = await runCommand(process.argv.slice(2), { signal: stopped.signal });
// what was stopped half-way may still wait for somebody
if (stopped.signal.aborted) process.exit();
