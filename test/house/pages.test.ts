/** Every link of every page leads somewhere, and those of a package do so from a registry, too, where no file is beside it. */
import { expect, it } from "vitest";
import { filesOf } from "./imports.ts";
import { leadsSomewhere, linksOf } from "./pages.ts";

const packed = filesOf("packages/*/*.md");
const pages = [...filesOf("*.md"), ...packed, ...filesOf("examples/*/*.md"), ...filesOf("test/**/*.md")];

it.each(pages)("%s: every link leads to a file, and to an anchor in it", (page) => {
  expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
});

it.each(packed)("%s: no link needs a file beside it", (page) => {
  const isAnywhere = (link: string) => link.startsWith("https://") || link.startsWith("#");
  expect(linksOf(page).filter((link) => !isAnywhere(link))).toEqual([]);
});
