/** llms.txt and llms-full.txt: the site for readers that take text. See llmstxt.org. */
import type { Page } from "./generate/index.ts";
import { outline, titleOf } from "./outline.ts";

/** A list of the pages, each a link to its Markdown. */
export function listOfPages(pages: readonly Page[]): string {
  const groups = outline(pages).map(
    ({ title, pages }) =>
      `## ${title}\n\n${pages.map((page) => `- [${titleOf(page)}](/${page.path})`).join("\n")}\n`,
  );
  return [
    "# Answerback\n",
    "> Webhooks, app callbacks and postbacks, received and answered correctly.\n",
    ...groups,
  ].join("\n");
}

/** All pages in one, in the order of the list. */
export function fullText(pages: readonly Page[]): string {
  const listed = outline(pages).flatMap((group) => group.pages);
  return listed.map(({ path, markdown }) => `<!-- /${path} -->\n\n${markdown.trim()}\n`).join("\n");
}
