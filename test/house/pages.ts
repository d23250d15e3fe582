/** The Markdown pages of the repository: the links in them, and the places that a link may lead to. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { repository, textOf } from "../../packages/site/generate/sources/repository.ts";
import { anchorsOf } from "../../packages/site/section.ts";
import { top } from "./imports.ts";

/** What a page links to, as written: `"https://…"`, `"../koa"`, `"#in-order"`. */
export function linksOf(page: string): string[] {
  const text = proseOf(page);
  const inline = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, to]) => to!);
  const defined = Array.from(text.matchAll(/^\[[^\]]+\]: *(\S+)/gm), ([, to]) => to!);
  return [...inline, ...defined];
}

/** Does a link lead to a place in the repository that is there, or out of it? Looked up in the checkout, never over the wire. */
export function leadsSomewhere(page: string, link: string): boolean {
  const inside = insideOf(link);
  if (inside === undefined) return /^https:\/\/[\w.-]+\.[a-z]+(\/|$)/.test(link);
  const [path = "", anchor] = inside.split("#");
  const target = link.startsWith(repository) ? path : relative(top, join(top, dirname(page), path));
  const file = path === "" && !link.startsWith(repository) ? page : target;
  return existsSync(join(top, file)) && isShownAs(link, file) && (!anchor || hasAnchor(file, anchor));
}

/** A link's path in the repository and its anchor; `undefined`: it leads out. */
function insideOf(link: string): string | undefined {
  if (!/^[a-z]+:/.test(link)) return link;
  const rest = link.startsWith(repository) ? link.slice(repository.length) : undefined;
  return rest === undefined
    ? undefined
    : (/^\/(?:blob|tree)\/main\/(.*)$/.exec(rest)?.[1] ?? (rest === "#readme" ? rest : undefined));
}

/** A forge shows files under `blob`, and folders under `tree`. */
function isShownAs(link: string, file: string): boolean {
  const isFolder = statSync(join(top, file)).isDirectory();
  return !link.includes(isFolder ? "/blob/main/" : "/tree/main/");
}

/** A folder is shown with its README. */
function hasAnchor(file: string, anchor: string): boolean {
  const isFolder = statSync(join(top, file)).isDirectory();
  const page = isFolder ? join(file, "README.md") : file;
  return (isFolder && anchor === "readme") || anchorsOf(textOf(page)).includes(anchor);
}

/** The page without its code. */
function proseOf(page: string): string {
  return textOf(page)
    .replaceAll(/^(```+)[^]*?^\1$/gm, "")
    .replaceAll(/`[^`\n]*\]\([^`\n]*`/g, "");
}
