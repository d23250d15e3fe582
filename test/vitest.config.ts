/** The suites run on the packages' sources, so that nothing has to be built first. */

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const conditions = ["source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // many suites wait for engines and processes, so more of them than there are cores keep the cores busy
    maxWorkers: 4,
    globalSetup: fileURLToPath(new URL("support/engines-setup.ts", import.meta.url)),
    // no test measures time: a busy machine may take as long as it likes
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
