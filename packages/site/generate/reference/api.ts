/** The reference of a package: all that it exports, entry by entry, from the docstrings. */
import { apiPage, fromDoc, linkTo, typesPage } from "../links.ts";
import { block, code, page, table, type Page } from "../page.ts";
import { entries, folders, manifestOf, type Declared, type Entry } from "../sources/declared.ts";
import { onTheWeb } from "../sources/repository.ts";
import { explained } from "../types.ts";

/** Makes a page for each entry of a package, and one that lists them. */
export function apiPages(): Page[] {
  return [indexPage(), ...entries.flatMap(entryPages)];
}

function indexPage(): Page {
  const rows = folders.flatMap((folder) => {
    const [first, ...more] = entriesOf(folder);
    if (!first) return [];
    const { description } = manifestOf(folder);
    return [[entryLink(first), description], ...more.map((entry) => [entryLink(entry), ""])];
  });
  return page("reference/api/index.md", "Packages", [
    "What each package exports, entry by entry, from the docstrings of its sources.",
    table(["import from", ""], rows),
  ]);
}

const entriesOf = (folder: string) => entries.filter((entry) => entry.folder === folder);
const entryLink = (entry: Entry) => `[${code(entry.name)}](${apiPage(entry)})`;

/** The page of an entry, and where its types are many, theirs. */
function entryPages(entry: Entry): Page[] {
  const { name, folder } = entry;
  const manifest = manifestOf(folder);
  const known = namesBefore(entry);
  const isKnown = (one: Declared) =>
    known.some((other) => other.name === one.name && other.file === one.file);
  const own = entry.names.filter((one) => !isKnown(one));
  const also = entry.names.filter(isKnown).map((one) => `[${code(one.name)}](${linkTo(one.name, folder)})`);
  const others = entriesOf(folder).filter((one) => one !== entry);
  const types = own.filter(({ kind }) => kind === "type");
  const [path, pathOfTypes] = [apiPage(entry), typesPage(entry)];
  const isApart = path !== pathOfTypes;
  const first = page(path.slice(1), name, [
    `${manifest.description} Its [README and its sources](${onTheWeb(`packages/${folder}`)}).`,
    block("sh", `npm install ${manifest.name}`),
    others.length > 0 ? `Beside it: ${others.map(entryLink).join(", ")}.` : "",
    isApart ? `Its types have [a page of their own](${pathOfTypes}).` : "",
    contents(own, folder),
    also.length > 0 ? `From elsewhere in the package, also here: ${also.join(", ")}.` : "",
    ...kinds.flatMap(({ kind, title }) => {
      const some = own.filter((one) => one.kind === kind && !(isApart && kind === "type"));
      return some.length === 0 ? [] : [`## ${title}`, ...some.map((one) => explained(one, folder, 3))];
    }),
  ]);
  if (!isApart) return [first];
  const second = page(pathOfTypes.slice(1), `${name}, types`, [
    `The types that ${entryLink(entry)} exports.`,
    ...types.map((one) => explained(one, folder, 2)),
  ]);
  return [first, second];
}

/** What the entries before it in its package export: it is explained there. */
function namesBefore(entry: Entry): Declared[] {
  const all = entriesOf(entry.folder);
  return all.slice(0, all.indexOf(entry)).flatMap(({ names }) => names);
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
