/** A worker as its tools make it: one file, and what the runtime is told about it. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { onTestFinished } from "vitest";

/** Bundles the app; returns the path of a config for `workerd serve`, good until the end of the test. */
export async function bundleWorker(app: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "worker-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bundle = await rolldown({
    input: app,
    platform: "node",
    external: /^node:/,
    resolve: { conditionNames: ["source", "import"] },
  });
  await bundle.write({ file: join(folder, "worker.js"), format: "esm", codeSplitting: false });
  await bundle.close();
  const config = join(folder, "config.capnp");
  await writeFile(config, configOfWorker);
  return config;
}

const configOfWorker = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-07-01",
  compatibilityFlags = ["nodejs_compat"],
);
`;
