/** Builds the site: gathers the pages, has VitePress make them, and puts their Markdown and llms.txt beside them. */
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vitepress";
import { top } from "./generate/sources/repository.ts";
import { gather } from "./gather.ts";
import type { Page } from "./generate/index.ts";
import { fullText, listOfPages } from "./llms.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

const pages = await gather();
rmSync(join(here, ".pages"), { recursive: true, force: true });
write(".pages", pages);
copyPictures();
await build(here);
write("dist", [
  ...pages,
  { path: "llms.txt", markdown: listOfPages(pages) },
  { path: "llms-full.txt", markdown: fullText(pages) },
]);

function write(folder: string, files: readonly Page[]): void {
  for (const { path, markdown } of files) {
    const file = join(here, folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, markdown);
  }
}

/** The pictures beside READMEs stand on the site at the path that they have in the repository. */
function copyPictures(): void {
  for (const path of globSync("packages/*/pictures/*.webp", { cwd: top }))
    cpSync(join(top, path), join(here, ".pages/public", path));
}
