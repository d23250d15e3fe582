/** What a mistake in the options looks like to the person who made it: the compiler's own words. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { output } from "../docs/snippets.ts";
import { top } from "../house/imports.ts";

const tsc = join(top, "node_modules/typescript/bin/tsc");

it("upsales.11 what compiles and what does not is as test/types says", { timeout: 60_000 }, async () => {
  const { code, text } = await compile(`import "../../types/public-face.test-d.ts";`);
  expect([code, text]).toEqual([0, ""]);
});

it(
  "upsales.11 a misspelt field of a callback is a compile error that names it",
  { timeout: 60_000 },
  async () => {
    const { code, text } = await compile(`
    import { createReceiver, upsales } from "@answerback/core";
    createReceiver(upsales(), { authenticate: false, handle: { external: async () => ({ callback: { notify: "x", appDta: {} } }) } });`);
    expect([code, text]).toEqual([
      expect.any(Number),
      expect.stringContaining(`"the answer has no field 'appDta'"`),
    ]);
    expect(code).not.toBe(0);
  },
);

it("a misspelt event is a compile error that names it", { timeout: 60_000 }, async () => {
  const { text } = await compile(`
    import { createReceiver, upsales } from "@answerback/core";
    createReceiver(upsales(), { authenticate: false, handle: { "order.insrt": () => {} } });`);
  expect(text).toMatch(/'"order.insrt"' does not exist in type/);
});

async function compile(code: string): Promise<{ code: number; text: string }> {
  mkdirSync(join(top, "test/.pasted"), { recursive: true });
  const folder = mkdtempSync(join(top, "test/.pasted/types-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "app.ts"), code);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] }),
  );
  return output(process.execPath, [tsc, "--noEmit", "-p", "."], { cwd: folder });
}
