/**
 * Every `@see` leads somewhere from a published package, too: to a clause of PROTOCOLS.md, to a name, or to a page.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filesOf, packages, top } from "./imports.ts";
import { address, clauses } from "./protocols.ts";

it.each(packages)("packages/%s: every @see is a link, and those to clauses lead to one", (name) => {
  const sees = filesOf(`packages/${name}/src/**/*.ts`).flatMap(seesIn);
  expect(sees.filter(({ see }) => !isLinked(see)).map(({ file, see }) => `${file}: @see ${see}`)).toEqual([]);
});

/** What stands behind each `@see`, until the end of its line. */
function seesIn(file: string): { file: string; see: string }[] {
  const text = readFileSync(join(top, file), "utf8");
  return Array.from(text.matchAll(/@see\b *(.*?)(?: *\*\/)?$/gm), ([, see]) => ({ file, see: see! }));
}

/** One link or more; the words between them name no clause. */
function isLinked(see: string): boolean {
  const links = Array.from(see.matchAll(/\{@link ([^\s}]+) ?([^}]*)\}/g));
  const words = see.replaceAll(/\{@link [^}]*\}/g, "");
  return links.length > 0 && !/\w\.\d/.test(words) && links.every(([, to, text]) => leads(to!, text!));
}

function leads(to: string, text: string): boolean {
  if (to.includes("PROTOCOLS.md")) return clauses.includes(text) && to === `${address}#${text}`;
  return /^https:\/\//.test(to) || /^[A-Za-z]\w*(\.\w+)*$/.test(to);
}
