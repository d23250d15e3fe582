/** Exported types as Markdown: a table of members, and what else the docstring says. */
import { block, code, heading, list, table } from "./page.ts";
import { anchorOf, fromDoc, linkTo } from "./links.ts";
import type { Declared, Member } from "./sources/declared.ts";
import { tagsOf, type Doc } from "./sources/doc.ts";

/** The members of a type, row by row: the name, and beside it the type above the words, so that a phone shows both. */
export function membersTable(members: readonly Member[], folder: string): string {
  const shown = members.filter(({ type }) => !type.startsWith("Misplaced<"));
  const rows = shown.flatMap(({ name, type, doc, or }) => {
    const said = saidOf(doc, folder);
    const row = [code(name), [type === "" ? "" : code(type), said].filter(Boolean).join("<br>")];
    return or ? [["_or_", ""], row] : [row];
  });
  return table(["", ""], rows);
}

/** What a docstring says in the cell of a table: its text, with its links behind. */
function saidOf(doc: Doc, folder: string): string {
  const sees = tagsOf(doc, "see").map((see) => fromDoc(see, folder));
  const cures = tagsOf(doc, "cure").map((cure) => `_Cure:_ ${fromDoc(cure, folder)}`);
  const throws = tagsOf(doc, "throws").map((text) => `Throws ${fromDoc(text, folder)}`);
  const examples = tagsOf(doc, "example")
    .filter((text) => !text.includes("\n"))
    .map((text) => `E.g. ${code(text)}`);
  return [fromDoc(doc.text, folder), ...cures, ...throws, ...examples, ...sees].filter(Boolean).join(" ");
}

/** What is said of a name beside its text: parameters, what it throws and returns, examples, links. */
export function tagsSaid(doc: Doc, folder: string): string[] {
  const params = [...tagsOf(doc, "param")].map((text) => {
    const [, name = "", said = ""] = /^(\S+)\s*-?\s*([^]*)$/.exec(text) ?? [];
    return `${code(name)}: ${fromDoc(said, folder)}`;
  });
  return [
    list(params.map((text) => text.replaceAll("\n", " "))),
    ...tagsOf(doc, "returns").map((text) => `Returns: ${fromDoc(text, folder)}`),
    ...tagsOf(doc, "throws").map((text) => `Throws: ${fromDoc(text, folder)}`),
    ...tagsOf(doc, "example").map((text) => block("js", text)),
    seeAlso(tagsOf(doc, "see").map((text) => fromDoc(text, folder))),
  ].filter(Boolean);
}

const seeAlso = (links: readonly string[]) => (links.length === 0 ? "" : `See ${links.join(", ")}.`);

/** A name with all that is said of it, under a heading of its own. */
export function explained(declared: Declared, folder: string, level: number): string {
  const { name, doc, signature, members } = declared;
  return [
    heading(level, code(name), anchorOf(declared, folder)),
    fromDoc(doc.text, folder),
    isOnlyMembers(declared) ? "" : block("ts", signature),
    named(declared, folder),
    membersTable(members, folder),
    ...tagsSaid(doc, folder),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** Does the table of members say all that the signature would? */
function isOnlyMembers({ kind, signature, members }: Declared): boolean {
  if (members.length === 0) return false;
  return (
    /^(?:interface|class) \w+$/.test(signature) ||
    (kind === "type" && /^type \w+ =\s*(?:\{|\|?\s*")/.test(signature))
  );
}

/** Links to the exported names that a signature and its members are made of. */
function named({ name: own, signature, members }: Declared, folder: string): string {
  const text = [signature, ...members.map(({ type }) => type)].join(" ").replaceAll(/"[^"]*"/g, "");
  const names = new Set(text.match(/\b[A-Z]\w+\b/g));
  names.delete(own);
  const links = [...names].flatMap((name) => {
    const to = linkTo(name, folder);
    return to === undefined ? [] : [`[${code(name)}](${to})`];
  });
  return links.length === 0 ? "" : `Types: ${links.join(", ")}.`;
}
