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

/** A handler's answer, and the sentence that the compiler has for it; `undefined`: it is good. */
const answers: readonly (readonly [string, string, (string | undefined)?])[] = [
  ["external", '{ calback: { notify: "x" } }', "the answer has no field 'calback': is it 'callback'?"],
  [
    "external",
    '{ callbacks: { notify: "x" }, more: 1 }',
    "the answer has no field 'callbacks': is it 'callback'?",
  ],
  ["external", '{ callback: { notfy: "x" } }', "the answer has no field 'notfy'"],
  ["external", '{ notify: "x" }', "the answer has no field 'notify': it belongs into 'callback'"],
  ["order.insert", "{ appData: { a: 1 } }", "the answer has no field 'appData': it belongs into 'callback'"],
  ["order.edit", "{ visble: { order: {} } }", "the answer has no field 'visble': is it 'visible'?"],
  [
    "external",
    '{ callback: { notifyUserIds: "12" } }',
    "the answer's 'callback.notifyUserIds' is a string, and must be a list",
  ],
  [
    "external",
    '{ callback: { notifyUserIds: ["12"] } }',
    "the answer's 'callback.notifyUserIds[]' is a string, and must be a number",
  ],
  [
    "external",
    '{ callback: { status: "1" } }',
    "the answer's 'callback.status' is a string, and must be a number",
  ],
  [
    "external",
    "{ callback: { notifyAll: 1 } }",
    "the answer's 'callback.notifyAll' is a number, and must be a boolean",
  ],
  ["external", "{ callback: true }", "the answer's 'callback' is a boolean, and must be an object"],
  ["external", 'reply("", { callback: { notfy: "x" } })', "the answer has no field 'notfy'"],
  ["widget", '{ rows: [], calback: { notify: "x" } }', "the answer has no field 'calback'"],
  ["widget", '{ type: "gadget", rows: [] }', "the answer's 'type' is 'gadget', and must be 'widget'"],
  ["widget", '{ type: "widget" }', "Property 'rows' is missing"],
  ["external", '{ valid: true, message: "fine", status: "ok", callback: {} }'],
  ["external", "event.user ? { callback: { notifyUserIds: [event.user.id, 5] } } : undefined"],
  ["external", "event.data as any"],
  ["widgetRow", '{ type: "new", callback: { notfy: 1 } }'],
];

it(
  "upsales.11 what is wrong with an answer is a compile error whose sentence names it",
  { timeout: 60_000 },
  async () => {
    const lines = answers.flatMap(([type, answer]) => [
      `createReceiver(upsales(), { authenticate: false, handle: { "${type}": (event) => (void event, ${answer}) } });`,
      `createReceiver(upsales(), { authenticate: false, handle: { "${type}": async (event) => (void event, ${answer}) } });`,
    ]);
    const { text } = await compile(
      `import { createReceiver, reply, upsales } from "@answerback/core";\n${lines.join("\n")}`,
    );
    const said = text.split(/^app\.ts\(/m).slice(1);
    for (const [at, [, answer, sentence]] of answers.entries()) {
      for (const line of [2 * at + 2, 2 * at + 3]) {
        const about = said.filter((one) => one.startsWith(`${line},`));
        expect([answer, about.length]).toEqual([answer, sentence === undefined ? 0 : 1]);
        expect(about.join("")).toContain(sentence ?? "");
        expect(about.join("")).not.toContain("replyBrand");
      }
    }
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
