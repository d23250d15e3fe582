/** The page of guarantees: what is promised and what is not, clause by clause, with the tests that show each. */
import { fromFile } from "./links.ts";
import { folded, list, page, prose, type Page } from "./page.ts";
import { providers } from "./providers/list.ts";
import { clauses, legend, sections, subjects, type Clause } from "./sources/protocols.ts";
import { onTheWeb, textOf } from "./sources/repository.ts";
import { testsByClause, type Test } from "./sources/tests.ts";
import { table } from "./page.ts";

/** Makes the page. */
export function guaranteesPage(): Page {
  const tests = testsByClause(clauses.map(({ id }) => id));
  return page("guarantees.md", "What is promised, and what is not", [
    promises(),
    "## Clause by clause",
    `Below is the whole contract: ${clauses.length} clauses, each with an id. A test whose title names the clause fails without it, and the links lead to these tests. ${prose(legend)}`,
    ...sections.flatMap(({ title, clauses: own }) => [
      `### ${title}`,
      own.length > 0 ? providerLink(title) : "",
      ...own.map((clause) => shown(clause, tests.get(clause.id) ?? [])),
    ]),
    "### What an event is about",
    "The id ([any.50](#any.50)) of the subject, not of the delivery; the first of those that are there.",
    table(
      ["provider", "events", "id"],
      subjects.map(({ provider, events, id }) => [provider, events, id]),
    ),
  ]);
}

/** What the README says of it, which is written there once. */
function promises(): string {
  const title = "What is promised, and what is not";
  const section = textOf("README.md")
    .split(/^## /m)
    .find((part) => part.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`README.md has no section ${title}`);
  return fromFile(section.slice(title.length).trim(), "README.md");
}

function providerLink(title: string): string {
  const found = providers.find((one) => one.title === title);
  return found ? `Its page: [${title}](/providers/${found.name}.md).` : "";
}

function shown({ id, text, from }: Clause, tests: readonly Test[]): string {
  const links = tests.map(
    ({ title, file, line }) => `[${linkText(title)}](${onTheWeb(file, line)}) in \`${file}\``,
  );
  const count = tests.length === 1 ? "Shown by a test" : `Shown by ${tests.length} tests`;
  return [
    `<a id="${id}"></a>**${id}** ${fromFile(text, "PROTOCOLS.md")} _${from}_`,
    folded(count, list(links)),
  ].join("\n\n");
}

/** The title of a test as the text of a link. */
const linkText = (title: string) =>
  prose(title).replaceAll(/[[\]]/g, "\\$&").replaceAll(/[*_]/g, "\\$&").replaceAll("`", "");
