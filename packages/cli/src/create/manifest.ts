/** The `package.json` of an app: what its files import, in the versions that the examples have. */
import type { Parts, Starter } from "./starters.ts";

type Versions = Readonly<Record<string, string>>;

/** A `package.json` for an app with these files, which are there by their paths. */
export function manifestOf(name: string, parts: Parts, files: ReadonlyMap<string, string>): object {
  const { provider, framework, backend } = parts;
  const { answerback: _parts, ...manifest } = provider.manifest;
  const known: Versions = Object.assign({}, ...[provider, framework, backend].map(dependenciesOf));
  const sources = [...files].filter(([path]) => path.startsWith("src/"));
  const imported = new Set(sources.flatMap(([, text]) => importsOf(text)));
  const types = chosen(framework.manifest.devDependencies, (one) => one.startsWith("@types/"));
  const tools: Versions = { ...types, ...provider.manifest.devDependencies };
  const isTyped = (types: string) => !(types in known) || imported.has(types);
  return {
    ...manifest,
    name,
    dependencies: chosen(known, (one) => imported.has(one)),
    devDependencies: chosen(tools, (one) => isTyped(one.replace("@types/", ""))),
  };
}

const dependenciesOf = ({ manifest }: Starter) => manifest.dependencies;

/** The packages that a file imports. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/ from "((?:@[^/"]+\/)?[^/"]+)/g)].map(([, name]) => name!);
}

function chosen(versions: Versions, isChosen: (name: string) => boolean): Versions {
  const entries = Object.entries(versions).filter(([name]) => isChosen(name));
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
