/** What the forge runs: it calls what is there, on the Nodes that the packages promise, and holds no more rights than it needs. */
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { filesOf, top } from "./imports.ts";

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Job {
  readonly uses?: string;
  readonly container?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly services?: Readonly<Record<string, { image: string }>>;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const text = (file: string) => readFileSync(join(top, file), "utf8");
const workflow = (name: string): Workflow => parse(text(`.github/workflows/${name}`), { strict: true });
const manifest = (file: string) => JSON.parse(text(file));

const files = filesOf(".github/workflows/*").map((file) => file.split("/")[2]!);
const ci = workflow("ci.yml").jobs["run"]!;
const nodes = ci.strategy!.matrix.node;

describe.each(files)("%s", (file) => {
  const jobs = Object.values(workflow(file).jobs);
  const steps = jobs.flatMap(({ steps = [] }) => steps);

  it("calls scripts that are there", () => {
    const commands = steps.flatMap((step) => [step.run ?? "", ...Object.values(step.with ?? {})]);
    const scripts = commands.flatMap((command) => String(command).match(/\.ci\/[\w-]+/g) ?? []);
    expect(scripts).not.toEqual([]);
    for (const script of scripts) accessSync(join(top, script), constants.X_OK);
  });

  it("takes the actions of others at one commit, whose version stands beside it", () => {
    const used = text(`.github/workflows/${file}`).match(/(?<=uses: ).+/g) ?? [];
    const [own, others] = [
      used.filter((one) => one.startsWith("./")),
      used.filter((one) => !one.startsWith("./")),
    ];
    for (const one of own) accessSync(join(top, one));
    for (const one of others) expect(one).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

describe("ci.yml", () => {
  it("runs all on the oldest Node that the packages promise, on the workspace's, and on the newest", () => {
    const published = filesOf("packages/*/package.json")
      .map(manifest)
      .filter((one) => !one.private);
    const promised = published.map(({ engines }) => engines.node);
    const [oldest, usual, newest] = nodes;
    expect(new Set(promised)).toEqual(new Set([`>=${oldest!.replace(/\.0$/, "")}`]));
    expect(manifest("package.json").devDependencies.node).toMatch(new RegExp(`^\\^${usual}\\.`));
    expect(text(".ci/other-nodes")).toContain(`${oldest} ${newest}`);
    expect(ci.container).toContain("${{ matrix.node }}");
    expect(ci.steps!.map(({ run }) => run)).toEqual(
      expect.arrayContaining([".ci/run", ".ci/installed ${{ matrix.node }}"]),
    );
  });

  it("has the engines without which the run fails", () => {
    expect(Object.keys(ci.services!)).toEqual(["redis", "postgres"]);
  });
});

describe("release.yml", () => {
  const { jobs, permissions } = workflow("release.yml");

  it("publishes without a token, and lets no job but that one vouch for a package", () => {
    expect(permissions).toEqual({});
    const vouching = Object.keys(jobs).filter((name) => jobs[name]!.permissions?.["id-token"]);
    expect(vouching).toEqual(["publish"]);
    expect(jobs["publish"]!.steps!.at(-1)).toEqual({ run: ".ci/publish" });
    expect(text(".ci/publish")).toContain("--provenance");
    expect(text(".github/workflows/release.yml")).not.toMatch(/secrets\.|NPM_TOKEN/);
  });
});
