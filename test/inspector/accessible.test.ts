/** Every view for everybody: axe's rules for WCAG 2.2 AA find nothing, in light and dark, wide and on a phone. */
import { source } from "axe-core";
import { expect, test } from "vitest";
import { describeWith } from "../support/engines.ts";
import { browserOfSuite, viewOf } from "./browser.ts";
import { inspected } from "./inspected.ts";

/** What axe found: of each rule that is broken, where. */
const broken = `axe
  .run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))`;

const views = {
  live: "What comes in",
  records: "found.",
  errors: "Retry all",
  record: "Key ",
} as const;

describeWith("chromium")("in a browser", () => {
  const opened = browserOfSuite();

  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [1_280, 360])
      test(`${colorScheme}, ${width} px wide`, async () => {
        const app = await inspected("Express", { actions: true, payloads: true });
        await app.deliver({ id: "c1", last_name: "dies of it" });
        await app.deliver({ id: "c2" });
        await app.receiver.records.pause("contact.delete");
        const { key } = (await app.receiver.records.list({ state: "dead" })).records[0]!;
        const page = await opened(app);
        await page.evaluate(source);
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        for (const [view, sign] of Object.entries(views)) {
          await page.goto(viewOf(app, view, { key }));
          await page.locator("main").getByText(sign).first().waitFor();
          if (view === "live") await page.getByRole("link", { name: "contact.create" }).first().waitFor();
          expect([view, await page.evaluate(broken)]).toEqual([view, []]);
        }
        await page.getByRole("button", { name: "Discard" }).click();
        await page.getByRole("dialog").waitFor();
        expect(["the dialog", await page.evaluate(broken)]).toEqual(["the dialog", []]);
      });
});
