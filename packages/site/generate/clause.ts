/** A clause of the contract with the tests that show it, which are folded away. */
import { fromFile } from "./links.ts";
import { code, folded, list, prose } from "./page.ts";
import { clauses, type Clause } from "./sources/protocols.ts";
import { onTheWeb } from "./sources/repository.ts";
import { testsByClause, type Test } from "./sources/tests.ts";

const tests = testsByClause(clauses.map(({ id }) => id));

/** Its id, which can be jumped to, what it says, where it is from, and its tests, file by file. */
export function clauseWithTests({ id, text, from }: Clause): string {
  const own = tests.get(id) ?? [];
  const count = own.length === 1 ? "Shown by a test" : `Shown by ${own.length} tests`;
  const files = Map.groupBy(own, ({ file }) => file);
  return [
    `<a id="${id}"></a>**${id}** ${fromFile(text, "PROTOCOLS.md")} _${from}_`,
    folded(count, list(Array.from(files, ([file, some]) => `${code(file)}: ${some.map(link).join("; ")}`))),
  ].join("\n\n");
}

/** The title of a test as a link to it. */
function link({ title, file, line }: Test): string {
  const text = prose(title).replaceAll(/[[\]]/g, "\\$&").replaceAll(/[*_]/g, "\\$&").replaceAll("`", "");
  return `[${text}](${onTheWeb(file, line)})`;
}
