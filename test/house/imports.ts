/** Every import in the tree, read as text: who takes what from whom. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the checkout. */
export const top: string = fileURLToPath(new URL("../..", import.meta.url));

/** One import or re-export. */
export interface Import {
  /** From the top: `"packages/core/src/index.ts"`. */
  readonly file: string;
  /** As written: `"./errors.ts"`, `"node:crypto"`. */
  readonly from: string;
  /** Erased before the code runs. */
  readonly typeOnly: boolean;
  /** For a relative one the file that it names, from the top. */
  readonly target: string | undefined;
}

/** The imports of the files that match, from the top. */
export function importsOf(pattern: string): Import[] {
  return filesOf(pattern).flatMap((file) => {
    const text = readFileSync(join(top, file), "utf8");
    return [...text.matchAll(statements)].map((match) => read(file, match));
  });
}

/** The files that match, without what was installed or built. */
export function filesOf(pattern: string): string[] {
  const files = globSync(pattern, {
    cwd: top,
    exclude: (name) => /(^|[/\\])(node_modules|dist)$/.test(String(name)),
  });
  return files.map((file) => file.split(sep).join("/"));
}

/** The folders of our packages: `"core"`, `"koa"`. */
export const packages: readonly string[] = filesOf("packages/*/package.json").map(
  (file) => file.split("/")[1]!,
);

/** The name of the package that an import is from: `"@koa/router"`, `"node:fs"`. */
export function packageOf(from: string): string {
  if (from.startsWith("node:")) return from;
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}

const statements =
  /^\s*(import|export)\s+(type\s+)?([^;"'()]*?\sfrom\s+)?["']([^"']+)["']|(\bimport)\(\s*["']([^"']+)["']/gm;

function read(file: string, [, , type, names = "", from = "", , dynamic]: RegExpMatchArray): Import {
  const source = from || (dynamic ?? "");
  const listed =
    /\{([^}]*)\}/
      .exec(names)?.[1]
      ?.split(",")
      .map((name) => name.trim())
      .filter(Boolean) ?? [];
  const allTypes = listed.length > 0 && listed.every((name) => name.startsWith("type "));
  const target = source.startsWith(".")
    ? relative(top, join(top, dirname(file), source))
        .split(sep)
        .join("/")
    : undefined;
  return { file, from: source, typeOnly: type !== undefined || allTypes, target };
}
