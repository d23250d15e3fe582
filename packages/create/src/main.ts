#!/usr/bin/env node
/** `npm create answerback`: the command `answerback create`, by the name that npm looks for. */
import { runCommand } from "answerback";

process.exitCode = await runCommand(["create", ...process.argv.slice(2)]);
