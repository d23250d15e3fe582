/** Every name that a package exports says what it is, at its declaration; so does every member of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { entriesOf, exportedMembers, exportedNames, type Declared } from "./declarations.ts";
import { packages, top } from "./imports.ts";

describe.each(packages)("packages/%s", (name) => {
  const entries = entriesOf(`packages/${name}/package.json`);

  it("exports no name without a docstring", () => {
    expect(silent(entries.flatMap(exportedNames))).toEqual([]);
  });

  it("exports nothing with a member that has no docstring", () => {
    expect(silent(entries.flatMap(exportedMembers))).toEqual([]);
  });

  it("lists its exports by hand", () => {
    for (const entry of entries) {
      expect(readFileSync(join(top, entry), "utf8")).not.toMatch(/export \*/);
      expect(exportedNames(entry).length).toBeGreaterThan(0);
    }
  });
});

/** What lacks its docstring, as `file: Interface.member`. */
function silent(all: readonly Declared[]): string[] {
  const missing = all.filter(({ isDocumented }) => !isDocumented).map(({ file, name }) => `${file}: ${name}`);
  return [...new Set(missing)];
}
