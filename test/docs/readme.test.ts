/** What the READMEs show compiles, runs, and does what they say. */
import { once } from "node:events";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesOf, top } from "../house/imports.ts";
import { output, paste } from "./snippets.ts";

const tsc = join(top, "node_modules/typescript/bin/tsc");
const vitest = join(top, "test/node_modules/vitest/vitest.mjs");
const env = { UPSALES_KEY: "a-key-of-the-app-4711", POSTBACK_PASSWORD: "correct-horse-battery" };

describe.each(["README.md", ...filesOf("packages/*/*.md")])("%s", (readme) => {
  it("compiles", { timeout: 60_000 }, async () => {
    const { folder, files } = paste(readme);
    expect(files.length).toBeGreaterThan(0);
    expect(await output(process.execPath, [tsc, "--noEmit", "-p", "."], { cwd: folder })).toEqual({
      code: 0,
      text: "",
    });
  });

  it("runs, its tests pass", { timeout: 60_000 }, async () => {
    const { folder, files } = paste(readme);
    const config = join(top, "test/vitest.config.ts");
    for (const file of files.filter((name) => !name.endsWith(".test.ts") && name !== "server.ts")) {
      const program = `await import("./${file}"); process.exit(0)`;
      const { code, text } = await output(
        process.execPath,
        ["--conditions=source", "--input-type=module", "-e", program],
        { cwd: folder, env },
      );
      expect([file, code, text]).toEqual([file, 0, expect.not.stringContaining("Assertion failed")]);
    }
    if (!files.some((name) => name.endsWith(".test.ts"))) return;
    const { code, text } = await output(
      process.execPath,
      [vitest, "run", "--root", folder, "--config", config],
      { cwd: folder, env },
    );
    expect([code, text]).toEqual([0, expect.stringMatching(/Tests\s+.*[1-9]\d* passed/)]);
  });
});

it("README.md: the server answers, and ends on SIGTERM", { timeout: 60_000 }, async () => {
  const { folder } = paste("README.md");
  const server = spawn(process.execPath, ["--conditions=source", "server.ts"], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  const ended = once(server, "exit");
  const answer = await whenUp(() =>
    fetch("http://127.0.0.1:3000/upsales/external", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    }),
  );
  expect([answer.status, await answer.json()]).toEqual([401, { code: "unauthorized" }]);
  server.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

/** Tries until somebody listens. */
async function whenUp(request: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await request().catch(() => undefined);
    if (answer) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
