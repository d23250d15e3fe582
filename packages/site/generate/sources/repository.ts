/** The repository: where it is read on the web, and its files here. */
import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the checkout. */
export const top: string = fileURLToPath(new URL("../../../..", import.meta.url));

/** Where the pages are that are written by hand, from the top. */
export const docs = "packages/site/docs";

/** The text of a file, from the top. */
export function textOf(file: string): string {
  return readFileSync(join(top, file), "utf8");
}

/** The files that match, from the top, without what was installed or built. */
export function filesOf(pattern: string): string[] {
  const exclude = (name: unknown) => /(^|[/\\])(node_modules|dist|\.\w+)$/.test(String(name));
  return globSync(pattern, { cwd: top, exclude })
    .map((file) => file.split(sep).join("/"))
    .toSorted();
}

/** The repository's address, which the top package.json has: `"https://github.com/answerback/answerback"`. */
export const repository: string = JSON.parse(textOf("package.json")).repository;

/** Where a file is read on the web. */
export function onTheWeb(file: string, line?: number): string {
  return `${repository}/blob/main/${file}${line === undefined ? "" : `#L${line}`}`;
}
