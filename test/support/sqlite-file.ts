/** Files for the SQLite suites, what their SQLite can do, and other processes on them. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** May two processes write one file? Before 3.51.3 they may corrupt it. */
export const sharable: boolean =
  (process.versions.sqlite ?? "").localeCompare("3.51.3", "en", { numeric: true }) >= 0;

/** A file in a folder of its own, and the way to be rid of both. */
export function temporaryFile(): { readonly file: string; readonly destroy: () => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), "answerback-"));
  const destroy = async () => rmSync(folder, { recursive: true });
  return { file: join(folder, "answerback.db"), destroy };
}

/** A file until the test is finished. */
export function fileOfTest(): string {
  const { file, destroy } = temporaryFile();
  onTestFinished(destroy);
  return file;
}

/** A program of ours in a process of its own, until the test is finished. */
export function forkTool(tool: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(tool, import.meta.url));
  const execArgv = [
    "--conditions=source",
    "--experimental-strip-types",
    "--disable-warning=ExperimentalWarning",
  ];
  const child = fork(path, args, { execArgv });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return child;
}

/** What the process says next. */
export async function heard(child: ChildProcess): Promise<any> {
  const [message] = await once(child, "message");
  return message;
}
