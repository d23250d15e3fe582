/** Where the repository is: here, and on the web. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the checkout. */
export const top: string = fileURLToPath(new URL("../..", import.meta.url));

/** Where the pages are that are written by hand, from the top. */
export const docs = "packages/site/docs";

/** The repository's address: `"https://github.com/answerback/answerback"`. */
export const repository: string = JSON.parse(readFileSync(join(top, "package.json"), "utf8")).repository;
