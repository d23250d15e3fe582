/** Every name that a package exports says what it is, at its declaration. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesOf, top } from "./imports.ts";

describe.each(filesOf("packages/*/src/{index,conformance/index}.ts"))("%s", (index) => {
  it("exports no name without a docstring", () => {
    expect(exportsOf(index).filter(({ name, file }) => !isDocumented(name, file))).toEqual([]);
  });

  it("lists its exports by hand", () => {
    expect(readFileSync(join(top, index), "utf8")).not.toMatch(/export \*/);
    expect(exportsOf(index).length).toBeGreaterThan(0);
  });
});

/** The names that an index passes on, and the files that declare them. */
function exportsOf(index: string): { name: string; file: string }[] {
  const text = readFileSync(join(top, index), "utf8");
  return Array.from(text.matchAll(/export (?:type )?\{([^}]*)\} from "([^"]+)"/g)).flatMap(
    ([, names = "", from = ""]) =>
      names
        .split(",")
        .map((name) => name.trim().replace(/^type /, ""))
        .filter(Boolean)
        .map((name) => ({ name: name.split(" as ")[0]!, file: join(dirname(index), from) })),
  );
}

function isDocumented(name: string, file: string): boolean {
  const text = readFileSync(join(top, file), "utf8");
  const declared = new RegExp(
    `\\*/\\n(?:[^\\n]*overload[^\\n]*\\n)*export (?:declare )?(?:async )?(?:function|const|class|interface|type) ${name}\\b`,
  );
  return declared.test(text) || (/export \{/.test(text) && reexported(name, file, text));
}

/** Passed on once more. */
function reexported(name: string, file: string, text: string): boolean {
  const found = Array.from(text.matchAll(/export (?:type )?\{([^}]*)\} from "([^"]+)"/g)).find(
    ([, names = ""]) => new RegExp(`\\b${name}\\b`).test(names),
  );
  return found !== undefined && isDocumented(name, join(dirname(file), found[2]!));
}
