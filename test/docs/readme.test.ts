/** What the READMEs and the site's pages show compiles, runs, and does what they say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filesOf, top } from "../house/imports.ts";
import { output, paste, pasteAll, secrets as env } from "./snippets.ts";

const tsc = join(top, "node_modules/typescript/bin/tsc");
const vitest = join(top, "test/node_modules/vitest/vitest.mjs");

const hasCode = (page: string) => readFileSync(join(top, page), "utf8").includes("```ts\n");
const pages = filesOf("packages/site/docs/**/*.md").filter(hasCode);
// a command: its README shows what to type, and no code
const isCommand = (page: string) => page === "packages/create/README.md";
const all = ["README.md", ...filesOf("packages/*/*.md").filter((page) => !isCommand(page)), ...pages];
// it needs Postgres: start.test.ts follows it
const followed = "packages/site/docs/start/koa.md";

it("no page gives a secret of the environment a default, which everybody can read", () => {
  const fallback = /\w(?:SECRET|PASSWORD|KEY|TOKEN|PATH)(?: \?\?| =)\s+"[^"].*/g;
  const found = all.flatMap((page) => {
    const shown = readFileSync(join(top, page), "utf8").match(fallback) ?? [];
    return shown.map((code) => `${page}: ${code}`);
  });
  expect(found).toEqual([]);
});

it("each README that shows code says first how its package is installed", () => {
  const readmes = filesOf("packages/*/README.md").filter(hasCode);
  const silent = readmes.filter((readme) => {
    const { name } = JSON.parse(readFileSync(join(top, readme, "../package.json"), "utf8"));
    const [words = ""] = readFileSync(join(top, readme), "utf8").split("```ts\n");
    return (
      !words.includes(name === "answerback" ? "npx answerback" : "npm install") || !words.includes(` ${name}`)
    );
  });
  expect(readmes.length).toBeGreaterThan(15);
  expect(silent).toEqual([]);
});

it("all of it compiles", { timeout: 120_000 }, async () => {
  const { folder } = pasteAll(all);
  const compiled = await output(process.execPath, [tsc, "--noEmit", "-p", "."], { cwd: folder });
  expect(compiled).toEqual({ code: 0, text: "" });
});

it.each(all.filter((page) => page !== followed))(
  "%s: runs, its tests pass",
  { timeout: 60_000 },
  async (readme) => {
    const { folder, files } = paste(readme);
    const config = join(top, "test/vitest.config.ts");
    for (const file of files.filter((name) => !name.endsWith(".test.ts") && name !== "server.ts")) {
      const program = `await import("./${file}"); process.exit(0)`;
      const { code, text } = await output(
        process.execPath,
        ["--conditions=source", "--input-type=module", "-e", program],
        { cwd: folder, env },
      );
      expect([file, code, text]).toEqual([file, 0, expect.not.stringContaining("Assertion failed")]);
    }
    if (!files.some((name) => name.endsWith(".test.ts"))) return;
    const { code, text } = await output(
      process.execPath,
      [vitest, "run", "--root", folder, "--config", config],
      { cwd: folder, env },
    );
    expect([code, text]).toEqual([0, expect.stringMatching(/Tests\s+.*[1-9]\d* passed/)]);
  },
);
