/** The examples are made of parts that are the same wherever they stand, so that any three of them are an app. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filesOf as appOf } from "../../packages/cli/src/create/app.ts";
import { namesOf, readStarters, type Kind } from "../../packages/cli/src/create/starters.ts";
import { providers } from "../../packages/cli/src/providers/index.ts";
import { filesOf, top } from "../house/imports.ts";

const starters = readStarters();

/** The texts that a file has in the examples with the same part. */
function textsOf(file: string, kind?: Kind): string[][] {
  const groups = Map.groupBy(starters, ({ parts }) => (kind ? parts[kind] : "all"));
  return [...groups.values()].map((group) => [
    ...new Set(group.map(({ folder }) => readFileSync(join(folder, file), "utf8"))),
  ]);
}

it.each<[string, Kind?]>([
  ["src/app.ts", "framework"],
  ["src/backend.ts", "backend"],
  ["src/server.ts"],
  ["tsconfig.json"],
])("%s is one text for each %s", (file, kind) => {
  for (const texts of textsOf(file, kind)) expect(texts).toHaveLength(1);
});

it("an app is the same, whichever example of its provider it is made of", () => {
  const apps = starters.map((starter) => ({
    provider: starter.parts.provider,
    files: appOf({ ...starter.parts, framework: "node", backend: "memory", name: "app" }, [
      starter,
      ...starters,
    ]),
  }));
  for (const [first, ...others] of Map.groupBy(apps, ({ provider }) => provider).values())
    for (const other of others) expect(other).toEqual(first);
});

it("each provider that the command line plays has one, and so has one of your own", () => {
  expect(namesOf(starters, "provider")).toEqual(["own", ...providers.map(({ name }) => name)].toSorted());
});

it("each framework and each backend of ours has one", () => {
  expect(namesOf(starters, "framework")).toEqual(["express", "fastify", "hono", "koa", "node"]);
  expect(namesOf(starters, "backend")).toEqual(["memory", "postgres", "redis", "sqlite"]);
});

it.each(["framework", "backend"] as const)("the README of create-answerback names each %s", (kind) => {
  const readme = readFileSync(join(top, "packages/create/README.md"), "utf8");
  for (const name of namesOf(starters, kind)) expect(readme).toContain(`\`${name}\``);
});

it("they name the packages by their own versions", () => {
  const manifests = filesOf("packages/*/package.json").map((file) =>
    JSON.parse(readFileSync(join(top, file), "utf8")),
  );
  const versions = new Map(manifests.map(({ name, version }) => [name, `^${version}`]));
  const named = starters.flatMap(({ folder, manifest }) =>
    Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([name]) => versions.has(name))
      .map(([name, range]) => ({ folder, name, range })),
  );
  expect(named).toEqual(named.map((one) => ({ ...one, range: versions.get(one.name) })));
});
