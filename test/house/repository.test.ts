/** The repository's address is one constant: one command moves it, everywhere. */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { top } from "./imports.ts";
import { repository } from "../../packages/site/generate/sources/repository.ts";

// in parts, so that this file does not name it
const elsewhere = ["https://forge.example", "a-much-longer-name-of-an-owner", "hooks.js"].join("/");

it("is moved by `pnpm repository`, and nothing is left that names the old one", { timeout: 120_000 }, () => {
  const copy = copyOfTree();
  const before = naming(copy, repository);
  expect(before).toEqual(expect.arrayContaining(["package.json", "packages/core/README.md"]));

  move(copy, elsewhere);
  expect(naming(copy, repository)).toEqual([]);
  expect(naming(copy, elsewhere)).toEqual(before);

  move(copy, repository);
  for (const file of before)
    expect([file, readFileSync(join(copy, file), "utf8")]).toEqual([
      file,
      readFileSync(join(top, file), "utf8"),
    ]);
});

it.each([
  "",
  "forge.example/owner/name",
  `${elsewhere}/`,
  `${elsewhere}.git`,
  "http://forge.example/owner/name",
])("is no address as %j", (address) => {
  const tree = mkdtempSync(join(tmpdir(), "answerback-address-"));
  onTestFinished(() => rmSync(tree, { recursive: true }));
  expect(() => move(tree, address)).toThrow(/usage: pnpm repository/);
});

/** The checkout without what was installed, built or pasted. */
function copyOfTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "answerback-moved-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  const ours = (path: string) => !["node_modules", "dist", ".git", ".pasted"].includes(basename(path));
  cpSync(top, copy, { recursive: true, filter: ours });
  return copy;
}

function move(tree: string, to: string): void {
  const path = [join(top, "node_modules/.bin"), process.env.PATH].join(delimiter);
  const script = join(top, ".ci/repository.mjs");
  execFileSync(process.execPath, [script, to], {
    cwd: tree,
    env: { ...process.env, PATH: path },
    stdio: "pipe",
  });
}

/** The files that name an address. */
function naming(tree: string, address: string): string[] {
  const files = [...globSync("**/*", { cwd: tree }), ...globSync(".*/**/*", { cwd: tree })];
  const all = [...new Set(files)].filter((file) => statSync(join(tree, file)).isFile());
  return all.filter((file) => readFileSync(join(tree, file), "latin1").includes(address)).toSorted();
}
