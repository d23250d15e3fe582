/** Links: from what the sources name, a clause, an exported name or a file of the repository, to a page of the site. */
import { join } from "node:path/posix";
import { providers } from "./providers/list.ts";
import { entries, manifestOf, type Declared, type Entry } from "./sources/declared.ts";
import { sections } from "./sources/protocols.ts";
import { onTheWeb, repository } from "./sources/repository.ts";
import { prose } from "./page.ts";

/** Each clause stands once: a provider's on its page, what all promise among the guarantees. */
const clausePages = new Map(
  sections.flatMap(({ title, clauses }) => {
    const found = providers.find((one) => one.title === title);
    const page = found ? `/providers/${found.name}.md` : "/guarantees.md";
    return clauses.map(({ id }): [string, string] => [id, page]);
  }),
);

/** The first entry that exports a name shows it. */
const homes = new Map<
  string,
  { readonly folder: string; readonly entry: Entry; readonly declared: Declared }[]
>();
for (const entry of entries)
  for (const declared of entry.names)
    homes.set(declared.name, [
      ...(homes.get(declared.name) ?? []),
      { folder: entry.folder, entry, declared },
    ]);

/** The page of an entry: `@answerback/core/provider` is `core-provider.md`. */
export function apiPage({ name, folder }: Entry): string {
  const path = name.slice(manifestOf(folder).name.length).replaceAll("/", "-");
  return `/reference/api/${folder}${path}.md`;
}

/** The page of an entry's types: its own, unless they are so many that nobody would find what there is to call. */
export function typesPage(entry: Entry): string {
  const types = entry.names.filter(({ kind }) => kind === "type");
  return types.length > 60 ? apiPage(entry).replace(/\.md$/, "-types.md") : apiPage(entry);
}

/** The anchor of a name on the page of its package: two declarations of one name in a package are told apart by their entries. */
export function anchorOf({ name, file }: Declared, folder: string): string {
  const here = (homes.get(name) ?? []).filter((one) => one.folder === folder);
  const [first] = here;
  if (!first || first.declared.file === file) return name;
  return `${here
    .find((one) => one.declared.file === file)!
    .entry.name.split("/")
    .at(-1)}-${name}`;
}

/** Where an exported name is explained; `undefined`: nobody exports it. A name of the same package comes first. */
export function linkTo(name: string, folder?: string): string | undefined {
  const all = homes.get(name) ?? [];
  const home = all.find((one) => one.folder === folder) ?? all.find((one) => one.folder === "core") ?? all[0];
  if (!home) return undefined;
  const page = home.declared.kind === "type" ? typesPage(home.entry) : apiPage(home.entry);
  return `${page}#${anchorOf(home.declared, home.folder)}`;
}

/** Where a clause stands. */
export function clauseLink(id: string): string {
  return `[${id}](${whereClause(id)})`;
}

/** The address of a clause. */
function whereClause(id: string): string {
  const page = clausePages.get(id);
  if (page === undefined) throw new Error(`there is no clause ${id}`);
  return `${page}#${id}`;
}

/** The text of a docstring as Markdown of the site. */
export function fromDoc(text: string, folder: string): string {
  return prose(
    text.replaceAll(/\{@link ([^\s}]+)\s*([^}]*)\}/g, (_all, to: string, said: string) =>
      link(to, said, folder),
    ),
  );
}

function link(to: string, said: string, folder: string): string {
  const clause = to.startsWith(`${repository}/blob/main/PROTOCOLS.md#`) ? to.split("#")[1]! : undefined;
  if (clause !== undefined) return clauseLink(clause);
  if (/^https?:/.test(to)) return `[${said || to.replace(/^https?:\/\//, "")}](${to})`;
  const target = linkTo(to.split(".")[0]!, folder);
  return target ? `[\`${said || to}\`](${target})` : `\`${said || to}\``;
}

/** Markdown of a file of the repository as Markdown of the site: its links lead to a page, or into the repository. */
export function fromFile(text: string, file: string): string {
  return prose(
    text.replaceAll(
      /(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g,
      (_all, said: string, to: string) => `[${said}](${siteLink(to, file)})`,
    ),
  );
}

function siteLink(to: string, file: string): string {
  if (/^https?:/.test(to)) return to;
  const [path = "", anchor] = to.split("#");
  const target = path === "" ? file : join(file, "..", path);
  if (target === "PROTOCOLS.md" && anchor !== undefined && clausePages.has(anchor))
    return whereClause(anchor);
  if (target === "PROTOCOLS.md") return `/guarantees.md#${anchor ?? ""}`.replace(/#$/, "");
  return `${onTheWeb(target)}${anchor === undefined ? "" : `#${anchor}`}`;
}
