/** The reference of a package: all that it exports, entry by entry, from the docstrings. */
import { apiPage, fromDoc, linkTo } from "../links.ts";
import { block, code, page, table, type Page } from "../page.ts";
import { entries, folders, manifestOf, type Declared, type Entry } from "../sources/declared.ts";
import { onTheWeb } from "../sources/repository.ts";
import { explained } from "../types.ts";

/** Makes a page for each package, and one that lists them. */
export function apiPages(): Page[] {
  return [indexPage(), ...folders.map(packagePage)];
}

function indexPage(): Page {
  const rows = folders.map((folder) => {
    const { name, description } = manifestOf(folder);
    return [`[${code(name)}](${apiPage(folder)})`, description];
  });
  return page("reference/api/index.md", "Packages", [
    "What each package exports, from the docstrings of its sources.",
    table(["package", ""], rows),
  ]);
}

function packagePage(folder: string): Page {
  const { name, description } = manifestOf(folder);
  const own = entries.filter((entry) => entry.folder === folder);
  return page(`reference/api/${folder}.md`, name, [
    `${description} Its [README and its sources](${onTheWeb(`packages/${folder}`)}).`,
    block("sh", `npm install ${name}`),
    ...own.flatMap((entry, index) => entryOf(entry, own.slice(0, index))),
  ]);
}

/** An entry: what it alone exports is explained, what an entry before it has as well is linked. */
function entryOf({ name, folder, names }: Entry, before: readonly Entry[]): string[] {
  const known = before.flatMap((entry) => entry.names);
  const isKnown = (one: Declared) =>
    known.some((other) => other.name === one.name && other.file === one.file);
  const own = names.filter((one) => !isKnown(one));
  const also = names.filter(isKnown).map((one) => `[${code(one.name)}](${linkTo(one.name, folder)})`);
  return [
    `## ${code(name)}`,
    contents(own, folder),
    also.length > 0 ? `From above, also here: ${also.join(", ")}.` : "",
    ...kinds.flatMap(({ kind, title }) => {
      const some = own.filter((one) => one.kind === kind);
      return some.length === 0 ? [] : [`**${title}**`, ...some.map((one) => explained(one, folder, 3))];
    }),
  ];
}

const kinds = [
  { kind: "function", title: "Functions" },
  { kind: "class", title: "Classes" },
  { kind: "value", title: "Values" },
  { kind: "type", title: "Types" },
] as const;

/** What an entry has to call, with the first sentence of each. */
function contents(own: readonly Declared[], folder: string): string {
  const callable = own.filter(({ kind }) => kind !== "type");
  const rows = callable.map(({ name, doc }) => {
    const [first = ""] = /^[^]*?\.(?=\s|$)/.exec(doc.text) ?? [doc.text];
    return [`[${code(name)}](${linkTo(name, folder)})`, fromDoc(first, folder)];
  });
  return table(["", ""], rows);
}
