/** PROTOCOLS.md as the tests see it: the ids of its clauses, and its address in the repository. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { top } from "./imports.ts";

const page = readFileSync(join(top, "PROTOCOLS.md"), "utf8");
const { repository } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));

/** The clauses in the order of the page; each row begins with an anchor of the clause's id, and the id. */
export const clauses: readonly string[] = Array.from(
  page.matchAll(/^\| <a id="([a-z]+\.\d+)"><\/a>\1 +\|/gm),
  ([, id]) => id!,
);

/** Rows that look like a clause's, with an anchor or without. */
export const rows: number = Array.from(page.matchAll(/^\| [^|]*\b[a-z]+\.\d+ +\|/gm)).length;

/** Where the page is read: the top package.json has the repository's address. */
export const address = `${repository}/blob/main/PROTOCOLS.md`;
