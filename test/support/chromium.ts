/** Debian's chromium with an empty profile, for the tests of a file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { engineOf } from "./engines.ts";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Starts it before the tests of the suite and ends it after them. Call what it returns inside a test. */
export function chromiumOfSuite(): () => BrowserContext {
  let profile: string | undefined;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    const { at: executablePath } = engineOf("chromium");
    profile = mkdtempSync(join(tmpdir(), "answerback-browser-"));
    context = await chromium.launchPersistentContext(profile, { executablePath, args, locale: "en-US" });
    context.setDefaultTimeout(20_000);
  }, 60_000);

  afterAll(async () => {
    await context?.close();
    if (profile) rmSync(profile, { recursive: true, force: true });
  });

  return () => context!;
}
