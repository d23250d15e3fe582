/** The site of the pages that build.ts has gathered: outline, search, pictures. A reader's browser asks nobody else. */
import { globSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import { repository, textOf, top } from "../generate/sources/repository.ts";
import { outline, titleOf } from "../outline.ts";
import { drawPictures } from "../pictures/draw.ts";
import { anchorOf } from "../section.ts";
import { plainEmptyHeads } from "./tables.ts";

const gathered = "packages/site/.pages";
const groups = outline(
  globSync("**/*.md", { cwd: join(top, gathered) }).map((path) => ({
    path,
    markdown: textOf(`${gathered}/${path}`),
  })),
);
const inHead = ["Start", "Guides", "Providers", "Reference"];
const linkTo = (path: string) => `/${path.replace(/(index)?\.md$/, "")}`;

export default defineConfig({
  title: "Answerback",
  description: "Webhooks, app callbacks and postbacks, received and answered correctly.",
  lang: "en",
  srcDir: ".pages",
  outDir: "dist",
  cleanUrls: true,
  metaChunk: true,
  head: [["link", { rel: "icon", href: "data:," }]],
  // the index of the search is one file, which is read when somebody searches
  vite: { build: { chunkSizeWarningLimit: 4_000 } },
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(markdown) {
      drawPictures(markdown);
      plainEmptyHeads(markdown);
    },
  },
  themeConfig: {
    search: {
      provider: "local",
      options: {
        // titles of tests name every word there is: they would be found in the place of what they show
        _render: (source, env, markdown) =>
          env.frontmatter?.search === false
            ? ""
            : markdown.render(source.replaceAll(/^::: details Shown by [^]*?^:::$/gm, ""), env),
        // who pastes a message looks for its cause and its cure
        miniSearch: {
          searchOptions: { boostDocument: (id: string) => (id.startsWith("/reference/messages#") ? 1.5 : 1) },
        },
      },
    },
    outline: "deep",
    nav: groups
      .filter(({ title }) => inHead.includes(title))
      .map(({ title, pages }) => ({ text: title, link: linkTo(pages[0]!.path) })),
    sidebar: groups.map(({ title, pages }) => ({
      text: title,
      items: pages.map((page) => ({ text: titleOf(page), link: linkTo(page.path) })),
    })),
    socialLinks: [{ icon: "github", link: repository }],
    footer: { message: "MIT" },
  },
});
