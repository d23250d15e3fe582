/** The mistakes of integrators: each is made, and each is told with its code and its cure. */
import { rmSync } from "node:fs";
import { OptionError } from "@answerback/core";
import { afterAll, describe, expect, it } from "vitest";
import { two } from "../life-cycle/support.ts";
import { atCreation } from "./at-creation.ts";
import { atRunTime } from "./at-run-time.ts";
import { folder, shown } from "./javascript.ts";
import { plain } from "./mistake.ts";
import { page } from "./table.ts";

afterAll(() => rmSync(folder, { recursive: true }));

describe.each(atCreation)("$title", ({ rows }) => {
  it.each(rows)("$mistake: $code", async ({ make, code, says }) => {
    const error = await refusalOf(make);
    expect(error).toBeInstanceOf(OptionError);
    expect([error.code, shown(error.message)]).toEqual([code, plain(says)]);
    expect(error.message.startsWith(`${error.option}: `)).toBe(true);
    expect(says).toMatch(/\*\*.+\*\*/);
  });
});

describe.each(two)("$name", (framework) => {
  describe.each(atRunTime)("$title", ({ rows }) => {
    it.each(rows)("$mistake: $code", async ({ meet, status, code, says }) => {
      const met = await meet(framework);
      expect(met.warnings.map((warning) => [warning.code, warning.message])).toEqual([[code, plain(says)]]);
      expect(met.status).toBe(status);
    });
  });
});

describe("the table", () => {
  it("has sixty rows and more, and no mistake twice", () => {
    const mistakes = [...atCreation, ...atRunTime].flatMap(({ title, rows }) =>
      rows.map(({ mistake }) => `${title}: ${mistake}`),
    );
    expect(mistakes.length).toBeGreaterThanOrEqual(60);
    expect(new Set(mistakes).size).toBe(mistakes.length);
  });

  it("is the page that people read", async () => {
    await expect(page(atCreation, atRunTime)).toMatchFileSnapshot("README.md");
  });
});

/** The error that a mistake is refused with. */
async function refusalOf(make: () => unknown): Promise<OptionError> {
  try {
    await make();
  } catch (error) {
    return error as OptionError;
  }
  throw new Error("the mistake was not refused");
}
