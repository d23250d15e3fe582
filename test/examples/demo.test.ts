/** The demo ends by itself and well, and would not if anything went otherwise than it says. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { complaints } from "../../examples/demo/src/check.ts";
import { demo } from "../../examples/demo/src/demo.ts";
import { playScene } from "../../examples/demo/src/play-scene.ts";
import type { Scene } from "../../examples/demo/src/scene.ts";
import { scenes } from "../../examples/demo/src/scenes.ts";
import { output } from "../docs/snippets.ts";

const folder = join(import.meta.dirname, "../../examples/demo");
const [contact] = scenes as [Scene, ...Scene[]];

describe("the demo", { timeout: 60_000 }, () => {
  it("says what each provider concluded, and exits with 0", async () => {
    const { code, text } = await output(process.execPath, ["--conditions=source", "src/main.ts"], {
      cwd: folder,
    });
    expect([code, text]).toEqual([
      0,
      expect.stringContaining(`All ${scenes.length} scenes went as expected.`),
    ]);
    for (const concluded of [
      "will retry in 300 s, attempt 3 of 5",
      "acknowledged",
      "gave up after 2 attempts",
      "callback lost: answered 503",
      "callback accepted",
    ])
      expect(text).toContain(concluded);
  });

  it("fits on a screen", async () => {
    const lines: string[] = [];
    expect(await demo(scenes, (text) => lines.push(...text.split("\n")))).toBe(true);
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it("fails, and marks what is otherwise than expected", async () => {
    const printed: string[] = [];
    const [first, ...rest] = contact.expected;
    const wrong: Scene = { ...contact, expected: [["200", first![1], "acknowledged"], ...rest] };
    expect(await demo([wrong, contact], (text) => printed.push(text))).toBe(false);
    expect(printed.join("\n")).toContain(
      '✗ line 1 came to "500 {\\"code\\":\\"failed\\"}" · "Lue Jönsson" · "will retry in 300 s, attempt 2 of 5", and not to "200"',
    );
  });
});

describe("a scene", () => {
  it.each(scenes)("$title: nothing to complain of, and nothing too much expected", async (scene) => {
    const played = await playScene(scene);
    expect(complaints(scene, played)).toEqual([]);
    for (const at of scene.expected.keys()) {
      const expected = scene.expected.toSpliced(at, 1);
      expect(complaints({ ...scene, expected }, played)).not.toEqual([]);
    }
  });

  it("is complained of when a line is missing, a receiver warned or a dead letter is left", async () => {
    const played = await playScene(contact);
    expect(complaints(contact, { ...played, lines: played.lines.slice(0, 2) })).toHaveLength(1);
    expect(complaints(contact, { ...played, warnings: ["plain_http"] })).toEqual([
      "a receiver warned: plain_http",
    ]);
    expect(complaints(contact, { ...played, deadLetters: 1 })).toEqual(["dead letters are left: 1"]);
  });
});
