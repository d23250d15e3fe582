/** An app of three parts: the files of the provider's example, with another's framework and another's backend. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { manifestOf } from "./manifest.ts";
import type { Kind, Parts, Starter } from "./starters.ts";

/** What the app is made of. */
export interface Choice extends Readonly<Record<Kind, string>> {
  /** Its name, as npm takes it. */
  readonly name: string;
}

/** The files that differ by framework and by backend; all others are the provider's, or the same everywhere. */
const files = { framework: "src/app.ts", backend: "src/backend.ts" } as const;

/** The files of an app, by their paths. */
export function filesOf({ name, ...choice }: Choice, starters: readonly Starter[]): Map<string, string> {
  const partOf = (kind: Kind) => starters.find(({ parts }) => parts[kind] === choice[kind])!;
  const parts: Parts = {
    provider: partOf("provider"),
    framework: partOf("framework"),
    backend: partOf("backend"),
  };
  const made = new Map(pathsOf(parts.provider).map((path) => [path, textOf(parts.provider, path)]));
  made.set(files.framework, textOf(parts.framework, files.framework));
  made.set(files.backend, textOf(parts.backend, files.backend));
  made.set("README.md", made.get("README.md")!.replace(/^# .*/, `# ${name}`));
  made.set("package.json", `${JSON.stringify(manifestOf(name, parts, made), null, 2)}\n`);
  made.set(".gitignore", "node_modules/\n*.db*\n");
  return made;
}

function pathsOf({ folder }: Starter): string[] {
  const inside = (path: string): string[] =>
    readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? inside(`${path}${entry.name}/`) : [`${path}${entry.name}`],
    );
  return ["README.md", "tsconfig.json", ...inside("src/"), ...inside("test/")];
}

const textOf = ({ folder }: Starter, path: string) => readFileSync(join(folder, path), "utf8");
