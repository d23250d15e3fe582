/** PROTOCOLS.md as the tests see it: the ids of its clauses, and its address in the repository. */
import { clauses as read } from "../../packages/site/generate/sources/protocols.ts";
import { repository, textOf } from "../../packages/site/generate/sources/repository.ts";

/** The ids of the clauses in the order of the page. */
export const clauses: readonly string[] = read.map(({ id }) => id);

/** Rows that look like a clause's, with an anchor or without. */
export const rows: number = Array.from(
  textOf("PROTOCOLS.md").matchAll(/^\| [^|]*\b[a-z]+\.\d+ +\|/gm),
).length;

/** Where the page is read: the top package.json has the repository's address. */
export const address = `${repository}/blob/main/PROTOCOLS.md`;
