/** The suites run on the packages' sources, so that nothing has to be built first. */

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = fileURLToPath(new URL(".", import.meta.url));

// an example's own suite, and one that was pasted from a README, run with this config as their reader runs them
const isOurs = `${process.cwd()}/` === here;

const conditions = ["source", "module", "node", "development|production"];
const resolving = { resolve: { conditions }, ssr: { resolve: { conditions } } };

const each = {
  // no test measures time: a busy machine may take as long as it likes
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 30_000 } },
};

const files = (folders: string) => `${folders}/**/*.test.ts`;
const sharing = files("{adapters,conformance,guarded-fetch,hostile,life-cycle,providers,strangers,unit}");
const setupFiles = [fileURLToPath(new URL("support/warnings-setup.ts", import.meta.url))];
const suites = { ...each, setupFiles };

export default defineConfig({
  ...resolving,
  test: {
    ...each,
    // many suites wait for engines and processes, so more of them than there are cores keep the cores busy
    maxWorkers: 4,
    globalSetup: fileURLToPath(new URL("support/engines-setup.ts", import.meta.url)),
    ...(isOurs && {
      projects: [
        // what leaves nothing behind in its process shares one with others, which spares them the loading of all packages
        { ...resolving, test: { ...suites, name: "shared", include: [sharing], isolate: false } },
        {
          ...resolving,
          test: { ...suites, name: "own", include: [files("*")], exclude: [sharing, "**/node_modules/**"] },
        },
      ],
    }),
  },
});
