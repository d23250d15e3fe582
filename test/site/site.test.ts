/** The site as its readers get it: whole, linked, readable on a phone, searched without a network. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { source } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { chromiumOfSuite } from "../support/chromium.ts";
import { describeWith } from "../support/engines.ts";
import { dist, siteOfSuite } from "./built.ts";
import { printed } from "./printed.ts";

/** What axe found: of each rule that is broken, where. */
const broken = `axe
  .run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))`;

/** Tables that are cut off, and those of two columns that do not fit. */
const badTables = `Array.from(document.querySelectorAll(".vp-doc table"), (table) => {
  const isWide = table.scrollWidth > table.clientWidth + 1;
  const scrolls = getComputedStyle(table).overflowX === "auto";
  return isWide && (!scrolls || table.rows[0].cells.length < 3) ? table.innerText.slice(0, 80) : "";
}).filter(Boolean)`;

const originOf = siteOfSuite();
const read = (path: string) => readFileSync(join(dist, path), "utf8");
const pagePaths = () => globSync("**/*.html", { cwd: dist }).filter((path) => path !== "404.html");

describe("its files", () => {
  test("every link between pages leads to a page, and to a place on it", () => {
    const idsOf = new Map(
      pagePaths().map((path) => [
        path,
        new Set(Array.from(read(path).matchAll(/ id="([^"]+)"/g), ([, id]) => id)),
      ]),
    );
    const dead = pagePaths().flatMap((from) =>
      hrefsOf(read(from))
        .filter((href) => !leads(href, from))
        .map((href) => `${from}: ${href}`),
    );
    expect(idsOf.size).toBeGreaterThan(15);
    expect(dead).toEqual([]);

    function leads(href: string, from: string): boolean {
      if (/^(https:|data:)/.test(href)) return true;
      const { pathname, hash } = new URL(href, `http://site/${from}`);
      const to = decodeURI(pathname.slice(1))
        .replace(/(^|\/)$/, "$1index")
        .replace(/\.html$/, "");
      const ids = idsOf.get(`${to}.html`);
      if (!ids) return globSync(to, { cwd: dist }).length > 0;
      return hash === "" || ids.has(decodeURI(hash.slice(1)));
    }
  });

  test("no page is so long that a phone would not show it at once", () => {
    expect(pagePaths().filter((path) => read(path).length > 320_000)).toEqual([]);
  });

  test("each page has its Markdown beside it, which llms.txt lists and llms-full.txt holds", () => {
    const listed = Array.from(read("llms.txt").matchAll(/\]\(\/(.+)\.md\)/g), ([, path]) => path!);
    expect(listed.toSorted()).toEqual(
      pagePaths()
        .map((path) => path.replace(/\.html$/, ""))
        .toSorted(),
    );
    for (const path of listed) {
      expect(read(`${path}.md`)).toMatch(/^# /m);
      expect(read("llms-full.txt")).toContain(read(`${path}.md`).trim());
    }
  });

  test("what a page includes stands in its Markdown, with links that lead on from there", () => {
    const operate = read("guides/operate.md");
    expect(operate).toContain("# Operate it");
    expect(operate).toContain("[metrics](../tools/opentelemetry.md)");
    expect(pagePaths().filter((path) => read(path.replace(/html$/, "md")).includes("@include"))).toEqual([]);
  });
});

describeWith("chromium")("in a browser", () => {
  const browser = chromiumOfSuite();

  /** A page that nothing but the site answers; whatever it complains of fails the test. */
  async function open(path: string): Promise<Page> {
    const page = await browser().newPage();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(originOf()))
        complaints.push(`it asks ${request.url()}`);
    });
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(`${originOf()}/${path}`);
    return page;
  }

  for (const [colorScheme, width] of [
    ["light", 1_280],
    ["dark", 360],
  ] as const)
    test(
      `${colorScheme}, ${width} px wide: nothing is cut off, and axe finds nothing`,
      { timeout: 300_000 },
      async () => {
        const page = await open("");
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        const folders = Map.groupBy(pagePaths(), dirname);
        for (const [folder, paths] of folders)
          for (const [index, path] of paths.entries()) {
            await page.goto(`${originOf()}/${path.replace(/(index)?\.html$/, "")}`);
            await page.locator("h1").first().waitFor();
            const widest = await page.evaluate("document.documentElement.scrollWidth");
            expect([path, widest]).toEqual([path, width]);
            expect([path, await page.evaluate(badTables)]).toEqual([path, []]);
            // axe takes a second a page: of pages that are made from the code, one stands for all in its folder
            if (index > 0 && !/^(start|guides)$/.test(folder)) continue;
            await page.evaluate(source);
            expect([path, await page.evaluate(broken)]).toEqual([path, []]);
          }
      },
    );

  test("a search finds a page, and goes there", async () => {
    const page = await open("start/express");
    await page.getByRole("button", { name: "Search" }).first().click();
    await page.getByRole("searchbox").fill("dead letters grow");
    await page.getByRole("option").first().click();
    await page.getByRole("heading", { name: "Dead letters grow" }).waitFor();
    expect(page.url()).toMatch(/\/guides\/operate(\.html)?#dead-letters-grow$/);
  });

  test("what an app prints of a mistake is found, with its cause and its cure", async () => {
    const page = await open("start/express");
    for (const [mistake, message] of Object.entries(await printed())) {
      await page.goto(`${originOf()}/start/express`);
      await page.getByRole("button", { name: "Search" }).first().click();
      await page.getByRole("searchbox").fill(message);
      await page.getByRole("option").first().click();
      await expect.poll(() => page.url(), { message: mistake }).toMatch(/\/reference\/messages(\.html)?#/);
      // the words without the names in them, which are the app's own
      const [, words = ""] = /: (there is no option|.*)/.exec(message)!;
      const section = page
        .locator(`id=${new URL(page.url()).hash.slice(1)}`)
        .locator("xpath=following-sibling::*[1]");
      expect([mistake, await section.innerText()]).toEqual([
        mistake,
        expect.stringContaining(words.split(";")[0]!),
      ]);
    }
  });

  test("pictures are drawn, say what they show, and turn with light and dark", async () => {
    const page = await open("start/how-it-works");
    const pictures = page.getByRole("img");
    expect(await pictures.count()).toBe(4);
    expect(await pictures.first().getAttribute("aria-label")).toBe(
      "The handler is done in time, and its answer is the reply.",
    );
    const colour = () => page.evaluate(`getComputedStyle(document.querySelector(".picture svg text")).fill`);
    await page.emulateMedia({ colorScheme: "light" });
    const light = await colour();
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(colour).not.toBe(light);
  });
});

function hrefsOf(html: string): string[] {
  return Array.from(html.matchAll(/<a [^>]*href="([^"]+)"/g), ([, href]) => href!.replaceAll("&amp;", "&"));
}
