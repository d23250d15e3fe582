/** Gathers the pages: those that are written by hand, with what they include, and those that are generated. */
import { globSync } from "node:fs";
import { join } from "node:path";
import { generate, type Page } from "./generate/index.ts";
import { docs, textOf, top } from "./generate/sources/repository.ts";
import { createLinker, type Included } from "./links.ts";
import { headingsOf, sectionOf } from "./section.ts";

/** A line of its own that stands for a file of the repository, or for the section under one of its headings. */
const include = /^<!-- @include: ([^\s#]+)(?:#(\S+))? -->$/gm;

/** All pages. Throws where a link or an include leads nowhere. */
export async function gather(): Promise<readonly Page[]> {
  const written = globSync("**/*.md", { cwd: join(top, docs) }).map((path) => ({
    path,
    markdown: textOf(`${docs}/${path}`),
  }));
  const pages = [...written, ...(await generate())].toSorted((one, other) =>
    one.path < other.path ? -1 : 1,
  );
  const link = createLinker(pages, pages.flatMap(includesOf));
  return pages.map(({ path, markdown }) => ({
    path,
    markdown: link(markdown, { page: path, file: `${docs}/${path}` }).replaceAll(
      include,
      (_, file: string, anchor?: string) => link(sectionOf(file, anchor), { page: path, file }),
    ),
  }));
}

function includesOf({ path, markdown }: Page): Included[] {
  return Array.from(markdown.matchAll(include), ({ 1: file = "", 2: anchor, index }) => {
    const [, ...above] = headingsOf(markdown.slice(0, index));
    return { page: path, file, anchor, under: above.at(-1)?.anchor, text: sectionOf(file, anchor) };
  });
}
