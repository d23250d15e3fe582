/** Goal 11: how long an app waits for core to be imported, as it is published, beside a Node that imports nothing. */
import { execFileSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { atMost, type Findings, type Group } from "../group.ts";
import { median, spread } from "../statistics.ts";

const inTop = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const load: Group = {
  name: "load",
  title: "a process that imports a package and ends",
  async measure({ restarts, rounds }): Promise<Findings> {
    execFileSync(process.execPath, [inTop(".ci/bundle.mjs")]);
    const programs = {
      nothing: "",
      core: `import ${JSON.stringify(pathToFileURL(inTop("packages/core/dist/bundled/index.js")))}`,
      zod: `import ${JSON.stringify(import.meta.resolve("zod"))}`,
      express: `import ${JSON.stringify(import.meta.resolve("express"))}`,
    };
    const names = Object.keys(programs) as (keyof typeof programs)[];
    const found = { nothing: [], core: [], zod: [], express: [] } as Record<keyof typeof programs, number[]>;
    for (let start = 0; start < restarts * rounds; start += 1)
      for (const name of names) found[name].push(msToRun(programs[name]));
    const added = (name: keyof typeof programs) => median(found[name]) - median(found.nothing);
    return {
      tables: [
        {
          title: "ms from start to end",
          columns: ["imports", "ms", "± (middle half)", "beside nothing"],
          rows: names.map((name) => [name, median(found[name]), spread(found[name]), added(name)]),
        },
      ],
      verdicts: [atMost(11, "importing core, ms", { value: added("core"), bound: 60 })],
    };
  },
};

function msToRun(program: string): number {
  const start = performance.now();
  execFileSync(process.execPath, ["--input-type=module", "--eval", program], { env: {} });
  return performance.now() - start;
}
