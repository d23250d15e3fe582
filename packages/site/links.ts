/** Links in Markdown: from files of the repository to pages of the site where there is one, else to the repository. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path/posix";
import type { Page } from "./generate/index.ts";
import { docs, repository, textOf, top } from "./generate/sources/repository.ts";
import { anchorsOf, headingsOf } from "./section.ts";

/** A file of the repository, or a section of it, that a page includes. */
export interface Included {
  readonly page: string;
  readonly file: string;
  readonly anchor: string | undefined;
  /** The heading of the page under which it stands; `undefined`: the page's own. */
  readonly under?: string | undefined;
  readonly text: string;
}

/** Where a text stands: on which page, and in which file of the repository it was written. */
export interface Place {
  readonly page: string;
  readonly file: string;
}

/** Makes what rewrites the links and the pictures of a text. It throws where one of them leads nowhere. */
export function createLinker(
  pages: readonly Page[],
  included: readonly Included[],
): (text: string, place: Place) => string {
  // of each file and heading of the repository the address on the site; the front page is the README's
  const addresses = new Map([
    ["README.md", "index.md"],
    ...pages.flatMap(({ path, markdown }) => addressesOf(`${docs}/${path}`, path, markdown)),
    ...included.flatMap(({ page, text }) => addressesOf(`${docs}/${page}`, page, text)),
    ...included.flatMap(({ page, file, anchor, under, text }) => {
      const [itself, ...inside] = addressesOf(file, page, text);
      if (anchor === undefined) return [itself, ...inside];
      const at = under === undefined ? page : `${page}#${under}`;
      return [...(isWhole(file, anchor) ? [[file, at]] : []), [`${file}#${anchor}`, at], ...inside];
    }),
  ] as [string, string][]);

  return (text, place) =>
    outsideCode(text, (words) =>
      words
        .replaceAll(/\]\(([^)\s]+)\)/g, (_, target: string) => `](${resolve(target, place)})`)
        .replaceAll(/ (src|srcset)="([^":]+)"/g, (_, name, target) => ` ${name}="${picture(target, place)}"`),
    );

  function resolve(target: string, { page, file }: Place): string {
    const web = new RegExp(`^${repository}/(?:blob|tree)/main/`);
    if (/^[a-z]+:/.test(target) && !web.test(target)) return target;
    const [path = "", anchor] = target.split("#");
    const written = fileOf(path, file, web).replace(/\/$/, "");
    const readme = `${written}/README.md`;
    const to = existsSync(join(top, readme)) ? readme : written;
    const hash = anchor === undefined ? "" : `#${anchor}`;

    const address = addresses.get(to + hash);
    if (address !== undefined) return relativeTo(page, address);
    if (!isThere(to, anchor)) throw new Error(`${file}: the link to ${target} leads nowhere`);
    const kind = statSync(join(top, written)).isDirectory() ? "tree" : "blob";
    return `${repository}/${kind}/main/${written}${hash}`;
  }
}

/** Is that the heading of the whole file? */
function isWhole(file: string, anchor: string): boolean {
  return headingsOf(textOf(file))[0]?.anchor === anchor;
}

/** The file of the repository that a path means: one from the site's top is a page's. */
function fileOf(path: string, file: string, web: RegExp): string {
  if (path === "") return file;
  if (web.test(path)) return path.replace(web, "");
  return path.startsWith("/") ? `${docs}${path}` : normalize(join(dirname(file), path));
}

/** A picture beside a file of the repository, as the site has it: at the same path. */
function picture(target: string, { file }: Place): string {
  const path = join(dirname(file), target);
  if (!existsSync(join(top, path))) throw new Error(`${file}: there is no picture ${target}`);
  return `/${path}`;
}

/** A text itself, and each place in it. */
function addressesOf(file: string, page: string, text: string): [string, string][] {
  return [[file, page], ...anchorsOf(text).map((id): [string, string] => [`${file}#${id}`, `${page}#${id}`])];
}

/** Is it in the repository, and where it is Markdown, does it have the anchor? */
function isThere(path: string, anchor: string | undefined): boolean {
  if (!existsSync(join(top, path)) || path.startsWith(docs)) return false;
  if (anchor === undefined || !path.endsWith(".md")) return true;
  return anchorsOf(textOf(path)).includes(anchor);
}

function relativeTo(page: string, address: string): string {
  const [path = "", anchor] = address.split("#");
  if (path === page && anchor !== undefined) return `#${anchor}`;
  const way = relative(dirname(page), path);
  return (way.startsWith(".") ? way : `./${way}`) + (anchor === undefined ? "" : `#${anchor}`);
}

/** Changes what is neither a block of code nor code in a line. */
function outsideCode(text: string, change: (words: string) => string): string {
  const code = /^```[^]*?^```$|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/gm;
  const kept: string[] = [];
  const hole = "\u0000";
  const words = text.replaceAll(code, (block) => (kept.push(block), hole));
  return change(words).replaceAll(hole, () => kept.shift()!);
}
