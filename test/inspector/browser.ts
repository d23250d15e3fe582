/** A browser for a test file, with a profile of its own; whatever it complains of fails the test. */
import type { Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { chromiumOfSuite } from "../support/chromium.ts";
import type { Inspected } from "./inspected.ts";

/** An app whose inspector a browser opens. */
export type Opened = Pick<Inspected, "page" | "origin"> & { readonly receiver: { readonly name: string } };

/** Runs chromium beside the tests of a suite. Returns what opens a page at a view of an inspector. */
export function browserOfSuite(): (app: Opened, view?: string, query?: object) => Promise<Page> {
  const browser = chromiumOfSuite();
  return async (app, view = "", query = {}) => {
    const page = await browser().newPage();
    const complaints: string[] = [];
    // what the content security policy refuses is told as an error, too; so is a refusal that the page shows
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 409/.test(message.text()))
        complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(app.origin)) complaints.push(`it asks ${request.url()}`);
    });
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(viewOf(app, view, query));
    return page;
  };
}

/** The address of a view. */
export function viewOf(
  { page, receiver: { name: receiver } }: Opened,
  view: string,
  query: object = {},
): string {
  return view === "" ? page : `${page}#${view}?${String(new URLSearchParams({ receiver, ...query }))}`;
}
