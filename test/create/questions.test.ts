/** The questions, on a terminal: `script` of util-linux gives one to the command, and types the answers. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { top } from "../house/imports.ts";
import { folderOfTest } from "../cli/support.ts";

const hasScript = spawnSync("script", ["--version"]).stdout?.includes("util-linux") ?? false;
const [down, enter, interrupt] = ["\u001b[B", "\r", "\u0003"];

/** Runs the command on a terminal; each answer is typed once its question is there. */
async function onTerminal(cwd: string, command: string, answers: readonly (readonly [string, string])[]) {
  const main = join(top, "packages", command);
  // such a terminal has no size of its own
  const line = `stty cols 120 rows 40; exec ${process.execPath} --conditions=source ${main}`;
  const child = spawn("script", ["-qefc", line, "/dev/null"], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: cwd, TERM: "xterm" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let shown = "";
  let next = 0;
  child.stdout.on("data", (chunk) => {
    shown += String(chunk);
    const [question, answer] = answers[next] ?? [];
    if (question === undefined || !shown.includes(question)) return;
    next += 1;
    child.stdin.write(answer!);
  });
  const [code] = await once(child, "close");
  return { code, shown, asked: next };
}

const onScript = hasScript ? describe : describe.skip;

onScript(`on a terminal${hasScript ? "" : " (not run: no script of util-linux)"}`, () => {
  it.each([
    ["npx answerback create", "cli/src/main.ts create"],
    ["npm create answerback", "create/src/main.ts"],
  ])("%s asks for all that it was not told", async (_, command) => {
    const cwd = folderOfTest();
    const { code, shown, asked } = await onTerminal(cwd, `${command} --framework node`, [
      ["In which folder?", `hooks${enter}`],
      ["Which provider?", `${down}${enter}`],
      ["Which backend?", `${down.repeat(2)}${enter}`],
    ]);
    expect([code, asked]).toEqual([0, 3]);
    expect(shown).not.toContain("Which framework?");
    expect(shown).toContain("Made hooks: app-inbox, node, redis. Now:");
    const { name } = JSON.parse(readFileSync(join(cwd, "hooks/package.json"), "utf8"));
    expect(name).toBe("hooks");
  });

  it("Ctrl-C at a question ends it with 130, and nothing is made", async () => {
    const cwd = folderOfTest();
    const { code, shown } = await onTerminal(cwd, "cli/src/main.ts create hooks", [
      ["Which provider?", interrupt],
    ]);
    expect([code, readdirSync(cwd)]).toEqual([130, []]);
    expect(shown).toContain("stopped; nothing was done");
  });
});
