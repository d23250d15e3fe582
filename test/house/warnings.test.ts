/** The suite prints no warning that a test did not ask for: such a test fails. */
import { expect, it } from "vitest";
import { expectWarning } from "../support/warnings.ts";

it.fails("a test that warns of what it did not ask for fails", () => {
  expect(process.emitWarning("unasked", { code: "unasked" })).toBeUndefined();
});

it.fails("a test that asks for another warning fails", () => {
  expectWarning("another");
  expect(process.emitWarning("unasked", { code: "unasked" })).toBeUndefined();
});

it("a test that asks for it hears it", async () => {
  const warnings = expectWarning("asked");
  process.emitWarning("Mind the gap", { code: "asked" });
  expect((await warnings()).map(({ message }) => message)).toEqual(["Mind the gap"]);
});
