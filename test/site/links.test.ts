/** A page that includes or links to what is not there is not built. */
import { expect, test } from "vitest";
import { createLinker } from "../../packages/site/links.ts";
import { outline } from "../../packages/site/outline.ts";
import { drawLine } from "../../packages/site/pictures/line.ts";
import { headingsOf, sectionOf } from "../../packages/site/section.ts";
import { repository } from "../../packages/site/generate/sources/repository.ts";

const pages = [
  { path: "index.md", markdown: "# Front" },
  { path: "guides/order.md", markdown: "# Order\n\n## Stale" },
];
const link = createLinker(pages, [
  {
    page: "guides/order.md",
    file: "packages/sqlite/README.md",
    anchor: "what-it-promises",
    text: "### Versions",
  },
  {
    page: "guides/order.md",
    file: "packages/fetch/README.md",
    anchor: "answerbackfetch",
    under: "stale",
    text: "",
  },
]);
const onFront = { page: "index.md", file: "packages/site/docs/index.md" };
const inReadme = { page: "guides/order.md", file: "packages/sqlite/README.md" };

test("a link between pages stays one, a link to what a page includes becomes one", () => {
  expect(link("[a](./guides/order.md#stale)", onFront)).toBe("[a](./guides/order.md#stale)");
  expect(link("[a](../../../packages/sqlite#what-it-promises)", onFront)).toBe("[a](./guides/order.md)");
  expect(link(`[a](${repository}/blob/main/packages/sqlite/README.md#versions)`, onFront)).toBe(
    "[a](./guides/order.md#versions)",
  );
  expect(link("[a](/guides/order.md#stale)", onFront)).toBe("[a](./guides/order.md#stale)");
  expect(link("[a](../../README.md)", inReadme)).toBe("[a](../index.md)");
  expect(link("[a](../../../packages/fetch)", onFront)).toBe("[a](./guides/order.md#stale)");
});

test("any other file of the repository is looked at there", () => {
  expect(link("[a](../koa)", inReadme)).toBe(`[a](${repository}/tree/main/packages/koa)`);
  expect(link("[a](../../PROTOCOLS.md#any.11)", inReadme)).toBe(
    `[a](${repository}/blob/main/PROTOCOLS.md#any.11)`,
  );
  expect(link("[a](https://example.com)", inReadme)).toBe("[a](https://example.com)");
});

test("code is left alone", () => {
  const code = "`[a](nowhere)` and `` `[a](nowhere) `` and\n```ts\n[a](nowhere)\n```";
  expect(link(code, inReadme)).toBe(code);
});

test.each([
  ["a file that is not there", "../nowhere.md"],
  ["a heading that is not there", "../../README.md#nowhere"],
  ["a heading that the page has not", "../site/docs/guides/order.md#nowhere"],
])("a link to %s is a mistake", (_, target) => {
  expect(() => link(`[a](${target})`, inReadme)).toThrow("leads nowhere");
});

test("a section ends where the next of its level begins", () => {
  expect(sectionOf("packages/sqlite/README.md", "what-it-promises")).not.toMatch(/^## /m);
  expect(sectionOf("packages/sqlite/README.md", "what-it-promises")).toMatch(/\.$/);
  expect(() => sectionOf("packages/sqlite/README.md", "nowhere")).toThrow("no heading #nowhere");
});

test("headings are those of GitHub", () => {
  const anchors = headingsOf(
    "# A `b`, c\n```\n# none\n```\n## [D](d.md) & e\n## Own {#mine}\n## Twice\n## Twice",
  );
  expect(anchors.map(({ anchor }) => anchor)).toEqual(["a-b-c", "d--e", "mine", "twice", "twice-1"]);
});

test("a page that no group has is a mistake", () => {
  expect(() => outline([{ path: "lost.md", markdown: "# Lost" }])).toThrow(
    "in no group of outline.ts: lost.md",
  );
});

test("a line of time has moments and spans, and nothing else", () => {
  expect(drawLine("0 | begins\n0-9 | lasts")).toContain("<rect");
  expect(() => drawLine("soon | begins")).toThrow("neither a moment nor a span");
});
