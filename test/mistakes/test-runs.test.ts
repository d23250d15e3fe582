/** A test run is quiet: what its receivers forget is nobody's loss. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { appInbox, createReceiver, memory, uphance, type Warning } from "@answerback/core";
import { expect, it, onTestFinished } from "vitest";
import { expectWarning } from "../support/warnings.ts";

const run = promisify(execFile);

/** The environment of a process that no test runner began. */
const { VITEST: _v, JEST_WORKER_ID: _j, NODE_TEST_CONTEXT: _n, ...environment } = process.env;

const core = fileURLToPath(new URL("../../packages/core/src/index.ts", import.meta.url));
const twoReceivers = `
  import { appInbox, createReceiver } from ${JSON.stringify(core)};
  for (const name of ["one", "two"])
    createReceiver(appInbox(), { authenticate: false, handle: () => {}, name, background: false });
`;

/** What two receivers with the default backend print, in a process with these variables. */
async function printed(variables: Record<string, string>): Promise<string> {
  const args = [
    "--conditions=source",
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "-e",
    twoReceivers,
  ];
  const { stderr } = await run(process.execPath, args, { env: { ...environment, ...variables } });
  return stderr;
}

it.each([
  ["vitest", { VITEST: "true" }],
  ["jest", { JEST_WORKER_ID: "1" }],
  ["node:test", { NODE_TEST_CONTEXT: "child-v8" }],
])("any.12 under %s the default backend says nothing", async (_, variables) => {
  expect(await printed(variables)).toBe("");
});

it("any.12 elsewhere it says of each receiver that a restart forgets its records", async () => {
  expect((await printed({})).match(/memory_forgets/g)).toHaveLength(2);
});

it("any.12 node:test itself is known", async () => {
  const folder = mkdtempSync(join(tmpdir(), "answerback-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "app.test.mjs");
  writeFileSync(
    file,
    `import { test } from "node:test";\ntest("quiet", async () => {${""}\n  await import(${JSON.stringify("./receivers.mjs")});\n});\n`,
  );
  writeFileSync(join(folder, "receivers.mjs"), twoReceivers);
  const args = ["--conditions=source", "--disable-warning=ExperimentalWarning", "--test", file];
  const { stdout, stderr } = await run(process.execPath, args, { env: environment });
  expect(stdout).toContain("pass 1");
  expect(stdout + stderr).not.toContain("memory_forgets");
});

it("any.12 a test that hands in `warn` still gets it", async () => {
  const warnings: Warning[] = [];
  const warn = (warning: Warning) => void warnings.push(warning);
  const receiver = createReceiver(appInbox(), { authenticate: false, handle: () => {}, warn });
  await receiver.close();
  expect(warnings.map(({ code }) => code)).toEqual(["memory_forgets"]);
});

it("any.15 `requireHttps: false` written out is no warning, left out it is", async () => {
  const printing = expectWarning("plain_http");
  for (const requireHttps of [undefined, false, true]) {
    const backend = memory();
    const options = { authenticate: false, handle: () => {}, backend, requireHttps } as const;
    await createReceiver(uphance(), options).close();
  }
  expect(await printing()).toHaveLength(1);
});
