/** What `answerback create` refuses: it says why, ends with 2, and leaves everything as it was. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { answerback, called, folderOfTest } from "../cli/support.ts";

const parts = ["--provider", "stripe", "--framework", "koa", "--backend", "sqlite"];

it.each([
  ["provider", "strip", 'there is no provider "strip"; did you mean stripe?'],
  ["framework", "hapi", 'there is no framework "hapi"; there is express, fastify, hono, koa, node'],
  ["backend", "sqlit", 'there is no backend "sqlit"; did you mean sqlite?'],
])("a %s that there is not", async (kind, name, message) => {
  const folder = folderOfTest();
  const ended = await called(["create", join(folder, "app"), ...parts, `--${kind}`, name]);
  expect(ended).toEqual({ code: 2, out: "", err: `answerback: ${message}\n` });
  expect(readdirSync(folder)).toEqual([]);
});

it("a folder that is not empty, and a file", async () => {
  const folder = folderOfTest();
  writeFileSync(join(folder, "README.md"), "mine");
  const full = await called(["create", folder, ...parts]);
  expect([full.code, full.err]).toEqual([2, `answerback: ${folder} is not empty: name a new folder\n`]);
  expect(readdirSync(folder)).toEqual(["README.md"]);
  const file = await called(["create", join(folder, "README.md"), ...parts]);
  expect([file.code, file.err]).toEqual([2, `answerback: ${join(folder, "README.md")} is a file\n`]);
  expect(readFileSync(join(folder, "README.md"), "utf8")).toBe("mine");
});

it("to guess where nobody can be asked", async () => {
  const cwd = folderOfTest();
  const { code, out, err } = await answerback(["create", "--provider", "stripe"], { cwd });
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain("no terminal to ask on: give a folder, --framework, --backend, or --yes");
  expect(readdirSync(cwd)).toEqual([]);
});

it("nothing with --yes, nor a folder that holds a new repository alone; and it says what to run", async () => {
  const cwd = folderOfTest();
  mkdirSync(join(cwd, ".git"));
  const { code, out, err } = await answerback(["create", ".", "--yes", "--provider", "App_Inbox"], { cwd });
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(`Made .: app-inbox, express, memory. Now:

  npm install
  npm test
  INBOX_PASSWORD=a-password npm start

Where records live: in this process, which forgets them when it ends. A durable one belongs here before that does harm.
README.md has a request to send, and what to change first.
`);
});
