/** The pages in the order in which one reads them, in groups: what the sidebar and llms.txt show. */
import { dirname } from "node:path/posix";
import type { Page } from "./generate/index.ts";
import { headingsOf } from "./section.ts";

/** A group of pages. */
export interface Group {
  readonly title: string;
  readonly pages: readonly Page[];
}

/** Of each group its pages, or a folder: those in it that are named nowhere, by their titles. */
const groups: Readonly<Record<string, readonly string[]>> = {
  Start: ["index.md", ...inFolder("start", ["express", "koa", "others", "create", "how-it-works"])],
  Guides: inFolder("guides", [
    ...["mount", "authenticate", "answer-late", "deduplicate", "order", "go-durable", "test", "errors"],
    ...[
      "operate",
      "records",
      "security",
      "past-one-machine",
      "own-provider",
      "own-backend",
      "one-added-line",
    ],
  ]),
  Providers: ["providers/index.md", "providers/"],
  Backends: inFolder("backends", ["sqlite", "redis", "postgres", "bullmq", "pg-boss"]),
  Tools: inFolder("tools", ["cli", "inspector", "opentelemetry"]),
  Reference: [
    "guarantees.md",
    ...inFolder("reference", ["messages", "options", "observations", "figures"]),
    "reference/",
  ],
  API: ["reference/api/index.md", "reference/api/"],
};

/** Each page once. Throws where a page is in no group. */
export function outline(pages: readonly Page[]): readonly Group[] {
  const named = new Set(Object.values(groups).flat());
  const byTitle = pages.toSorted((one, other) => titleOf(one).localeCompare(titleOf(other), "en"));
  const found = Object.entries(groups).map(([title, names]) => ({
    title,
    pages: names.flatMap((name) =>
      name.endsWith("/")
        ? byTitle.filter(({ path }) => `${dirname(path)}/` === name && !named.has(path))
        : pages.filter(({ path }) => path === name),
    ),
  }));
  const listed = new Set(found.flatMap((group) => group.pages));
  const lost = pages.filter((page) => !listed.has(page)).map(({ path }) => path);
  if (lost.length > 0) throw new Error(`these pages are in no group of outline.ts: ${lost.join(", ")}`);
  return found.filter((group) => group.pages.length > 0);
}

/** Its first heading. */
export function titleOf({ path, markdown }: Page): string {
  const [heading] = headingsOf(markdown);
  if (heading?.level !== 1) throw new Error(`${path} does not begin with its title`);
  return heading.text.replaceAll("`", "");
}

function inFolder(folder: string, names: readonly string[]): string[] {
  return names.map((name) => `${folder}/${name}.md`);
}
