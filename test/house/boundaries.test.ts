/** The arrows of the design: who may import whom, held by reading every import in the tree. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesOf, importsOf, packageOf, packages, top, type Import } from "./imports.ts";

/** Of each package of ours: what it may import at run time, and what as types alone. */
const arrows: Record<
  string,
  { readonly uses: readonly (string | RegExp)[]; readonly types?: readonly string[] }
> = {
  core: {
    uses: ["node:crypto", "node:zlib", "content-type", "jose", "zod"],
    types: ["@standard-schema/spec"],
  },
  node: { uses: ["@answerback/core", /^node:/, "ipaddr.js", "raw-body"] },
  fetch: { uses: ["@answerback/core"] },
  express: { uses: ["@answerback/node"], types: ["@answerback/core", "express"] },
  koa: { uses: ["@answerback/node"], types: ["@answerback/core", "koa"] },
  fastify: { uses: ["@answerback/node"], types: ["@answerback/core", "fastify"] },
  inspector: { uses: ["@answerback/core", "@answerback/node", /^node:/] },
  redis: { uses: ["@answerback/core", "ioredis", "node:crypto", "node:events"] },
  postgres: { uses: ["@answerback/core", "node:crypto", "pg"] },
  bullmq: { uses: ["@answerback/core", "bullmq", "ioredis"] },
  "pg-boss": { uses: ["@answerback/core", "pg-boss"] },
  opentelemetry: { uses: ["@answerback/core", "@opentelemetry/api"] },
  providers: {
    uses: ["@answerback/core", "node:crypto", "zod"],
    types: ["@slack/types", "@octokit/openapi-webhooks-types", "discord-api-types"],
  },
  conformance: { uses: [/^@answerback\/core\/backend$/, "node:crypto"] },
  simulator: { uses: ["@answerback/core", /^node:/] },
  cli: {
    uses: [
      ...["core", "providers", "simulator", "sqlite", "redis", "postgres"].map(
        (name) => `@answerback/${name}`,
      ),
      "@clack/prompts",
      "commander",
      /^node:/,
    ],
  },
  create: { uses: ["answerback"] },
  sqlite: { uses: ["@answerback/core", "node:fs", "node:path", "node:sqlite"] },
};

describe.each(packages)("packages/%s", (name) => {
  const imports = importsOf(`packages/${name}/src/**/*.ts`);
  const manifest = JSON.parse(readFileSync(join(top, `packages/${name}/package.json`), "utf8"));

  it("imports only what its place in the picture allows", () => {
    const { uses = [], types = [] } = arrows[name] ?? {};
    const allowed = ({ from, typeOnly }: Import) =>
      uses.some((one) => (typeof one === "string" ? one === packageOf(from) : one.test(from))) ||
      (typeOnly && types.includes(packageOf(from)));
    expect(imports.filter((one) => one.target === undefined && !allowed(one))).toEqual([]);
  });

  it("stays in its own folder", () => {
    expect(imports.filter(({ target }) => target && !target.startsWith(`packages/${name}/src/`))).toEqual([]);
    expect(imports.filter(({ target }) => target && !existsSync(join(top, target)))).toEqual([]);
  });

  it("declares what it imports, and nothing else", () => {
    const imported = new Set(
      imports
        .filter(({ target, from }) => !target && !from.startsWith("node:"))
        .map(({ from }) => packageOf(from)),
    );
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect([...imported].toSorted()).toEqual(declared.toSorted());
  });

  it("has no circle of imports, types included", () => {
    expect(circles(imports)).toEqual([]);
  });
});

/** The rooms of core, floor by floor, each with those that it may import below it: ARCHITECTURE.md draws them. */
const floors = [
  ["index.ts", "provider.ts", "adapter.ts", "backend.ts"],
  ["receiver/create-receiver.ts"],
  ["receiver/create-runtime.ts", "receiver/worker.ts", "receiver/admin/"],
  ["receiver/delivery/"],
  ["receiver/event/"],
  ["receiver/callback/"],
  ["receiver/record/"],
  ["receiver/refusal.ts"],
  ["receiver/runtime.ts"],
  [
    "receiver/outcome.ts",
    "receiver/terms.ts",
    "receiver/tasks.ts",
    "receiver/follow.ts",
    "receiver/pauses.ts",
  ],
  ["receiver/settings.ts"],
  ["receiver/tell.ts"],
  ["receiver/options.ts", "receiver/handlers.ts"],
  ["receiver/instrument.ts"],
  ["handler", "observe", "order", "names", "patience", "thrown"].map((name) => `receiver/${name}.ts`),
  ["backends/"],
  ["providers/", "authenticators/"],
  ["decoding/", "mounting/"],
  ["contract/"],
  ["lib/"],
];

function isIn(file: string, room: string): boolean {
  const path = file.replace("packages/core/src/", "");
  return room.endsWith("/") ? path.startsWith(room) : path === room;
}

describe("inside core", () => {
  const imports = importsOf("packages/core/src/**/*.ts").filter(({ target }) => target);

  it("a room imports only the rooms below it, types included", () => {
    const floorOf = (file: string) => floors.findIndex((rooms) => rooms.some((room) => isIn(file, room)));
    const roomOf = (file: string) => floors.flat().find((room) => isIn(file, room));
    const upwards = ({ file, target }: Import) =>
      floorOf(target!) <= floorOf(file) && roomOf(target!) !== roomOf(file);
    expect(imports.filter(({ file }) => floorOf(file) < 0)).toEqual([]);
    expect(imports.filter(upwards).map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it("a provider imports the contract and the decoding, never another provider", () => {
    const under = imports.filter(({ file }) => isIn(file, "providers/"));
    const allowed = ["contract/", "decoding/", "providers/"];
    expect(under.filter(({ target }) => !allowed.some((room) => isIn(target!, room)))).toEqual([]);
    const across = under.filter(({ file, target }) => {
      const [one, other] = [file, target!].map((path) => /providers\/([a-z-]+)/.exec(path)?.[1]);
      return other !== undefined && one !== other;
    });
    expect(across).toEqual([]);
  });
});

it("the site has no circle of imports", () => {
  expect(circles(importsOf("packages/site/**/*.ts"))).toEqual([]);
});

describe("inside the simulator", () => {
  it("a room imports only the rooms below it, types included", () => {
    const floors = ["index.ts", "judge", "play", "callbacks", "senders", "deliveries", "protocols", "lib"];
    const floorOf = (file: string) => floors.indexOf(file.split("/")[3]!);
    const imports = importsOf("packages/simulator/src/**/*.ts").filter(({ target }) => target);
    expect(imports.filter(({ file }) => floorOf(file) < 0)).toEqual([]);
    expect(imports.filter(({ file, target }) => floorOf(target!) < floorOf(file))).toEqual([]);
  });
});

describe("the workspace", () => {
  it("installs nothing at its top that a package imports", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
    const imported = new Set(importsOf("packages/*/src/**/*.ts").map(({ from }) => packageOf(from)));
    expect(Object.keys(devDependencies).filter((name) => imported.has(name))).toEqual([]);
  });

  it("has nothing at its top but what the picture shows", () => {
    const folders = new Set(filesOf("*/*").map((file) => file.split("/")[0]!));
    expect([...folders].filter((name) => !name.startsWith(".")).toSorted()).toEqual([
      "examples",
      "packages",
      "test",
    ]);
  });
});

/** Files that import each other, however far around, each circle as its way from file to file. */
function circles(imports: readonly Import[]): string[][] {
  const next = Map.groupBy(
    imports.filter(({ target }) => target),
    ({ file }) => file,
  );
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) return void found.push([...path.slice(path.indexOf(file)), file]);
    if (done.has(file)) return;
    for (const { target } of next.get(file) ?? []) walk(target!, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) walk(file, []);
  return found;
}
