/** PROTOCOLS.md, read: its sections, the clauses in each, and the ids by which events are found. */
import { textOf } from "./repository.ts";

/** A part of the page. */
export interface Section {
  /** Its heading: `"Upsales"`. */
  readonly title: string;
  /** Its clauses, in order. */
  readonly clauses: readonly Clause[];
}

/** A sentence of the contract. */
export interface Clause {
  /** `"upsales.7"`. */
  readonly id: string;
  /** What it says, as Markdown of the repository. */
  readonly text: string;
  /** Where it is from: `"doc"`, `"seen"`, `"ours"`, or several of them. */
  readonly from: string;
}

/** What the provider's own id of an event's subject is. */
export interface Subject {
  /** The provider, as its section is called. */
  readonly provider: string;
  /** Which events. */
  readonly events: string;
  /** Which id. */
  readonly id: string;
}

const parts = textOf("PROTOCOLS.md")
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.slice(0, text.indexOf("\n")), text }));

/** The sections that have clauses. */
export const sections: readonly Section[] = parts
  .map(({ title, text }) => ({ title, clauses: clausesIn(text) }))
  .filter(({ clauses }) => clauses.length > 0);

/** All clauses, in the order of the page. */
export const clauses: readonly Clause[] = sections.flatMap((section) => section.clauses);

function clausesIn(text: string): Clause[] {
  const rows = text.matchAll(/^\| <a id="([a-z]+\.\d+)"><\/a>\1 +\| (.*?) +\| (.*?) +\|$/gm);
  return Array.from(rows, ([, id, said, from]) => ({ id: id!, text: said!, from: from! }));
}

/** What the words of the last column mean, as the page itself says it. */
export const legend: string = /_doc_:[^]*?\n\n/.exec(textOf("PROTOCOLS.md"))![0].replaceAll("\n", " ").trim();

/** The subjects of events, row by row; a row without a provider is of the one before. */
export const subjects: readonly Subject[] = subjectsIn(
  parts.find(({ title }) => title === "What an event is about")!.text,
);

function subjectsIn(text: string): Subject[] {
  const rows = [...text.matchAll(/^\| (.*?) +\| (.*?) +\| (.*?) +\|$/gm)].slice(2);
  let provider = "";
  return rows.map(([, name, events, id]) => {
    if (name!.trim() !== "") provider = name!.trim();
    return { provider, events: events!, id: id! };
  });
}
