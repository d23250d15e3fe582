/** What is made runs: all combinations compile, each provider's tests pass, each framework answers on each backend. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { namesOf, readStarters } from "../../packages/cli/src/create/starters.ts";
import { called } from "../cli/support.ts";
import { playReadme } from "../examples/server.ts";
import { packageOf } from "../house/imports.ts";
import { describeWith, type EngineName } from "../support/engines.ts";
import { startPostgresServer } from "../support/postgres-server.ts";
import { startRedis } from "../support/redis-server.ts";
import { createWorkshop, make, nameOf, type Made } from "./apps.ts";

const run = promisify(execFile);
const starters = readStarters();
const [providers, frameworks, backends] = (["provider", "framework", "backend"] as const).map((kind) =>
  namesOf(starters, kind),
) as [string[], string[], string[]];
const all = providers.flatMap((provider) =>
  frameworks.flatMap((framework) => backends.map((backend): Made => ({ provider, framework, backend }))),
);

const { root, remove } = createWorkshop();
afterAll(remove);
const shell = { PATH: process.env["PATH"], HOME: root, NODE_OPTIONS: "--conditions=source" };

it(`all ${all.length} combinations name what they import, and compile`, { timeout: 120_000 }, async () => {
  for (const made of all) {
    const folder = await make(root, made);
    expect([made, unnamed(folder)]).toEqual([made, { missing: [], unused: [] }]);
  }
  const { compilerOptions } = JSON.parse(readFileSync(join(root, nameOf(all[0]!), "tsconfig.json"), "utf8"));
  const options = { ...compilerOptions, lib: ["ES2024", "DOM"], customConditions: ["source"] };
  const tsconfig = { compilerOptions: options, include: ["*/src", "*/test"] };
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify(tsconfig));
  const compile = run(process.execPath, ["node_modules/typescript/bin/tsc", "--listFiles"], {
    cwd: root,
    maxBuffer: 1e8,
  });
  const said = (await compile.catch(({ stdout }: { stdout: string }) => ({ stdout }))).stdout.split("\n");
  // the packages' sources have compiler options of their own
  expect(said.filter((line) => line.includes("error TS") && !line.startsWith("../"))).toEqual([]);
  const compiled = said.filter((line) => line.startsWith(root) && line.endsWith("/src/backend.ts"));
  expect(compiled).toHaveLength(all.length);
});

it(
  "each provider's tests pass, on another framework than its examples have",
  { timeout: 120_000 },
  async () => {
    const chosen = providers.map((provider, at): Made => {
      const its = starters.filter(({ parts }) => parts.provider === provider);
      const others = frameworks.filter((one) => its.every(({ parts }) => parts.framework !== one));
      return { provider, framework: others[at % others.length]!, backend: "memory" };
    });
    const folders = chosen.map((made) => `${nameOf(made)}/`);
    const report = join(root, "report.json");
    const config = join(import.meta.dirname, "../vitest.config.ts");
    const args = [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--root",
      root,
      "--config",
      config,
      "--reporter=json",
      `--outputFile=${report}`,
    ];
    await run(process.execPath, [...args, ...folders], { cwd: root, env: shell, maxBuffer: 1e8 });
    const { success, testResults } = JSON.parse(readFileSync(report, "utf8"));
    const passed = new Set<string>(
      testResults.map(({ name }: { name: string }) => name.slice(root.length + 1).split("/")[0]!),
    );
    expect([success, [...passed].toSorted()]).toEqual([true, chosen.map(nameOf).toSorted()]);
  },
);

describe.each(frameworks)("on %s", (framework) => {
  it("a callback goes inline", { timeout: 60_000 }, async () => {
    const folder = await makeOnce({ provider: "upsales", framework, backend: "memory" });
    const { came } = await playReadme(folder, shell);
    expect(JSON.parse(came.body)).toHaveProperty("callback");
  });

  for (const [at, backend] of backends.entries()) {
    const engines = (["redis", "postgres"] as const).filter((name) => name === backend);
    describeWith(...engines.map((name): EngineName => `${name}-server`))(`records in ${backend}`, () => {
      it("the request of its README is answered, and its event is there", { timeout: 60_000 }, async () => {
        const provider = answered[(at + frameworks.indexOf(framework) * backends.length) % answered.length]!;
        const folder = await makeOnce({ provider, framework, backend });
        const { env, address } = await placeOf(backend, folder);
        const { came, promised } = await playReadme(folder, { ...shell, ...env });
        expect(came).toEqual(promised);
        if (address === undefined) return;
        const { out } = await called(["records", "list", "--backend", address, "--json"]);
        expect(JSON.parse(out).records[0]).toMatchObject({ receiver: provider, state: "settled" });
      });
    });
  }
});

/** Providers whose README shows a request that is handled. */
const answered = ["app-inbox", "github", "meta", "postback", "shopify", "telegram", "uphance", "upsales"];

async function makeOnce(made: Made): Promise<string> {
  const folder = join(root, "run", nameOf(made));
  return make(join(folder, ".."), made);
}

/** A place for the records of one app: what the app is told of it, and the command line. */
async function placeOf(backend: string, folder: string) {
  if (backend === "memory") return { env: {}, address: undefined };
  if (backend === "sqlite") return { env: {}, address: `sqlite:${join(folder, "answerback.db")}` };
  const server = backend === "redis" ? await startRedis() : await startPostgresServer();
  onTestFinished(() => server.destroy());
  return { env: { [`${backend.toUpperCase()}_URL`]: server.url }, address: server.url };
}

/** What the files import and the package does not name, and what it names and no file imports. */
function unnamed(folder: string): { readonly missing: string[]; readonly unused: string[] } {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const imported = new Set(
    ["app", "backend", "receiver", "server", "settings"]
      .flatMap((name) => [
        ...readFileSync(join(folder, `src/${name}.ts`), "utf8").matchAll(/ from "([^".][^"]*)"/g),
      ])
      .map(([, from]) => packageOf(from!))
      .filter((name) => !name.startsWith("node:")),
  );
  const named = Object.keys(manifest.dependencies);
  // the protocol of one's own is in a file of its own
  const own = manifest.description.includes("of its own") ? ["zod"] : [];
  return {
    missing: [...imported].filter((name) => !named.includes(name)),
    unused: named.filter((name) => !imported.has(name) && !own.includes(name)),
  };
}
