/** Each example as its reader meets it: its own suite, and what its README says of starting it and sending to it. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { promisedBy } from "./curl.ts";

const workspace = join(import.meta.dirname, "../../examples");
/** Where they stand: copied out, with their packages from tarballs, or here, with the sources beside them. */
const home = process.env["EXAMPLES"] ?? workspace;
const here = home === workspace;

const examples = readdirSync(home).filter((name) => existsSync(join(home, name, "src/server.ts")));

/** No more than a person's shell would have. */
const shell = {
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  ...(here && { NODE_OPTIONS: "--conditions=source" }),
};

describe.each(examples)("examples/%s", (name) => {
  const cwd = join(home, name);

  it("passes its own suite", { timeout: 60_000 }, async () => {
    // vitest resolves by its config alone, whatever NODE_OPTIONS say; copied out, an example needs none
    const config = here ? ["--config", join(import.meta.dirname, "../vitest.config.ts")] : [];
    const args = ["node_modules/vitest/vitest.mjs", "run", ...config];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env: shell });
    expect(stdout).toMatch(/Tests .*\d+ passed/);
  });

  it("answers as its README promises, and ends well on SIGTERM", { timeout: 30_000 }, async () => {
    const promised = promisedBy(readFileSync(join(cwd, "README.md"), "utf8"));
    const port = await freePort();
    const server = spawn(process.execPath, ["src/server.ts"], {
      cwd,
      env: { ...shell, ...promised.env, PORT: String(port) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void server.kill("SIGKILL"));
    await listening(server);

    const answer = await fetch(`http://localhost:${port}${promised.path}`, promised.init);
    expect([answer.status, await answer.text()]).toEqual([promised.status, promised.body]);

    const ended = once(server, "exit");
    server.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});

/** Resolves when the server says so; rejects when it ends before. */
async function listening({ stdout }: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    stdout?.on("data", (chunk) => {
      said += String(chunk);
      if (said.includes("Listening on ")) resolve();
    });
    stdout?.once("end", () => reject(new Error(`It ended without listening, and said: ${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}
