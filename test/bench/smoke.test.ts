/** The benchmark runs: every group in a form too short to say anything of time. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { groups } from "./groups.ts";
import { startAll } from "./http/fleet.ts";
import { isMet } from "./group.ts";
import { printed, shortfalls } from "./print.ts";
import { settingsOf, smoke } from "./settings.ts";

describe("the benchmark", () => {
  // half of the work would be to compile the same modules in each of some fifty processes
  const compiled = mkdtempSync(join(tmpdir(), "answerback-bench-"));
  beforeAll(async () => {
    vi.stubEnv("NODE_COMPILE_CACHE", compiled);
    const [first] = await startAll("unsigned", ["bare"], "json");
    await first!.stop();
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(compiled, { recursive: true });
  });

  test.each(groups)(
    "$name finds a figure for every row and every goal",
    async ({ measure }) => {
      const findings = await measure(smoke);
      expect(findings.tables.length).toBeGreaterThan(0);
      for (const { columns, rows } of findings.tables) {
        expect(rows.map((row) => row.length)).toEqual(rows.map(() => columns.length));
      }
      for (const { value, what } of findings.verdicts)
        expect([what, Number.isFinite(value)]).toEqual([what, true]);
      expect(printed(findings)).toContain("beside the goals");
    },
    180_000,
  );

  test("says which figures fall short", () => {
    const verdicts = [
      { goal: 1, what: "ours / theirs", value: 0.5, bound: 0.9, sense: "at least" as const },
      { goal: 5, what: "bytes", value: 90, bound: 130, sense: "at most" as const },
    ];
    expect(verdicts.map(isMet)).toEqual([false, true]);
    expect(shortfalls(verdicts)).toBe(
      "1 of 2 figures fall short of their goals:\n  goal 1: ours / theirs is 0.5, to be at least 0.9\n",
    );
  });

  test("knows its options, and refuses what it does not know", () => {
    const names = groups.map(({ name }) => name);
    expect(settingsOf(["--quick", "--only", "http,memory", "--rounds", "2"], names)).toMatchObject({
      only: ["http", "memory"],
      rounds: 2,
      restarts: 1,
    });
    expect(settingsOf([], names).only).toEqual(names);
    expect(() => settingsOf(["--only", "tcp"], names)).toThrow('no group "tcp"');
    expect(() => settingsOf(["--rounds", "many"], names)).toThrow("many is not");
  });
});
