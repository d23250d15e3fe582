/** The page of guarantees: what is promised and what is not, clause by clause, with the tests that show each. */
import { sectionOf } from "../section.ts";
import { clauseWithTests } from "./clause.ts";
import { fromFile } from "./links.ts";
import { list, page, prose, table, type Page } from "./page.ts";
import { providers } from "./providers/list.ts";
import { clauses, legend, sections, subjects } from "./sources/protocols.ts";

/** Makes the page. */
export function guaranteesPage(): Page {
  const ofAll = sections.filter(({ title }) => !providers.some((one) => one.title === title));
  return page("guarantees.md", "What is promised, and what is not", [
    fromFile(sectionOf("README.md", "what-is-promised-and-what-is-not"), "README.md"),
    "## Clause by clause",
    `The whole contract has ${clauses.length} clauses, each with an id. A test whose title names the clause fails without it, and the links lead to these tests. ${prose(legend)}`,
    "Below is what holds for all providers. What holds for one stands on its page:",
    list(
      providers.map(({ name, title }) => `[${title}](/providers/${name}.md#the-contract-clause-by-clause)`),
    ),
    ...ofAll.flatMap(({ title, clauses: own }) => [`### ${title}`, ...own.map(clauseWithTests)]),
    "### What an event is about",
    "The id ([any.50](#any.50)) of the subject, not of the delivery; the first of those that are there.",
    table(
      ["provider", "events", "id"],
      subjects.map(({ provider, events, id }) => [provider, events, id]),
    ),
  ]);
}
