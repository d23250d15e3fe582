/** PROTOCOLS.md as the tests see it: the ids of its clauses, and its address in the repository. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clauses as read } from "../../packages/site/generate/sources/protocols.ts";
import { top } from "./imports.ts";

const page = readFileSync(join(top, "PROTOCOLS.md"), "utf8");
/** The address of the repository: the one constant. */
export const { repository }: { readonly repository: string } = JSON.parse(
  readFileSync(join(top, "package.json"), "utf8"),
);

/** The ids of the clauses in the order of the page. */
export const clauses: readonly string[] = read.map(({ id }) => id);

/** Rows that look like a clause's, with an anchor or without. */
export const rows: number = Array.from(page.matchAll(/^\| [^|]*\b[a-z]+\.\d+ +\|/gm)).length;

/** Where the page is read: the top package.json has the repository's address. */
export const address = `${repository}/blob/main/PROTOCOLS.md`;
