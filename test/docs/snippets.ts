/** The code in a README, laid out as files in a folder where the packages can be found. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { top } from "../house/imports.ts";

const run = promisify(execFile);

/** A README's files, ready to run. */
export interface Pasted {
  readonly folder: string;
  readonly files: readonly string[];
}

/** Writes each `ts` block under the name in its first line, `// app.ts`, as somebody who pastes them would. */
export function paste(readme: string): Pasted {
  const parent = join(top, "test/.pasted");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "readme-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const blocks = readFileSync(join(top, readme), "utf8").matchAll(/^```ts\n([^]*?)^```$/gm);
  const files = Array.from(blocks, ([, code = ""]) => {
    const name = /^\/\/ ([\w./-]+\.ts)\n/.exec(code)?.[1];
    if (!name)
      throw new Error(`${readme}: a block does not say in its first line which file it is:\n${code}`);
    writeFileSync(join(folder, name), code);
    return name;
  });
  const tsconfig = { extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  return { folder, files };
}

/** What a command of the workspace printed, and how it ended. */
export async function output(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<{ code: number; text: string }> {
  const env = { ...process.env, ...options.env };
  const done = run(command, args, { cwd: options.cwd, env });
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, text: `${stdout}${stderr}` }),
  );
}
