/** Somebody who follows a page of the start from an empty folder has a tested app at its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { sectionOf } from "../../packages/site/section.ts";
import { packageOf, top } from "../house/imports.ts";
import { describeWith, engineOf } from "../support/engines.ts";
import { blocksOf, follow, installedBy, whenUp, type Following } from "./follow.ts";
import { ownDatabase } from "./own-database.ts";
import { output, paste } from "./snippets.ts";

const express = sectionOf("README.md", "quick-start");
const koa = sectionOf("packages/site/docs/start/koa.md");

it.each([
  ["with Express", express],
  ["with Koa", koa],
])("%s: what the files import is installed before, and nothing else", (_, page) => {
  const files = blocksOf(page).filter(({ language }) => language === "ts");
  const froms = files.flatMap(({ code }) =>
    Array.from(code.matchAll(/ from "([^."][^"]*)"/g), ([, from]) => from!),
  );
  const imported = new Set(froms.map(packageOf).filter((name) => !name.startsWith("node:")));
  // for the editor, which checks the types
  const types = ["node", "express", "koa", "pg", "supertest"].map((name) => `@types/${name}`);
  const installed = installedBy(page);
  const unneeded = installed.filter((name) => name !== "typescript" && !types.includes(name));
  expect(unneeded.toSorted()).toEqual([...imported].toSorted());
  for (const name of installed)
    expect([
      name,
      ["test/node_modules", "node_modules"].some((at) => existsSync(join(top, at, name))),
    ]).toEqual([name, true]);
});

it("with Express", async () => {
  const empty = emptyFolder();
  expect(await follow(express, empty)).toMatch(/Tests\s+.*1 passed/);
  // what the editor says of it; only pnpm's folders forbid declarations
  const args = "tsc -p . --customConditions source --declaration false --declarationMap false".split(" ");
  expect(await output("npx", args, { cwd: empty.folder })).toEqual({ code: 0, text: "" });
});

describeWith("postgres")("on Postgres", () => {
  it("with Koa", async () => {
    const { url, drop } = await ownDatabase(engineOf("postgres").at);
    onTestFinished(drop);
    const instead = { "postgres://localhost/app": url };
    expect(await follow(koa, { ...emptyFolder(), instead })).toMatch(/Tests\s+.*2 passed/);
  });
});

it("the server of the README answers, and ends on SIGTERM", async () => {
  const { folder } = paste("README.md");
  const server = spawn(process.execPath, ["--conditions=source", "server.ts"], {
    cwd: folder,
    env: { ...process.env, UPSALES_KEY: "a-key-of-the-app-4711" },
  });
  const ended = once(server, "exit");
  const answer = await whenUp(() =>
    fetch("http://127.0.0.1:3000/upsales/external", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    }),
  );
  expect([answer.status, await answer.json()]).toEqual([401, { code: "unauthorized" }]);
  server.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

/** Where the packages of the workspace are found, so that nothing has to be installed; `.ci/newcomer` does install. */
function emptyFolder(): Following {
  const parent = join(top, "test/.pasted");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "start-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "vitest.config.ts"), 'export { default } from "../../vitest.config.ts";\n');
  return { folder, env: { NODE_OPTIONS: "--conditions=source" }, install: () => "" };
}
