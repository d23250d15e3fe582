/** The starters: the examples, each made of a part for the provider, one for the framework and one for the backend. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What is chosen, one of each. */
export const kinds = ["provider", "framework", "backend"] as const;

/** `"provider"`, `"framework"` or `"backend"`. */
export type Kind = (typeof kinds)[number];

/** As much of a `package.json` as is read here. */
export interface Manifest {
  readonly description: string;
  /** Which parts it is made of. */
  readonly answerback?: Readonly<Record<Kind, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** One example. */
export interface Starter {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Which parts it is made of. */
  readonly parts: Readonly<Record<Kind, string>>;
}

/** The examples that the parts of an app are of. */
export type Parts = Readonly<Record<Kind, Starter>>;

/** All examples that say which parts they are made of, by name. */
export function readStarters(): Starter[] {
  return readdirSync(home)
    .toSorted()
    .flatMap((name) => {
      const folder = join(home, name);
      if (!existsSync(join(folder, "package.json"))) return [];
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
      return manifest.answerback ? [{ folder, manifest, parts: manifest.answerback }] : [];
    });
}

/** The names that can be chosen, each once. */
export function namesOf(starters: readonly Starter[], kind: Kind): string[] {
  return [...new Set(starters.map(({ parts }) => parts[kind]))].toSorted();
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Beside the code where npm has put it, else where they stand in the repository. */
const home = [at("../../starters"), at("../../../../examples")].find((folder) => existsSync(folder))!;
