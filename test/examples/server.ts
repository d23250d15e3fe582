/** An app's own server, as `npm start` runs it, with the request that its README shows. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { freePort } from "../support/free-port.ts";
import { promisedBy } from "./curl.ts";

/** Starts the server of an app, sends it what its README shows, and ends it: what came of it, beside what is promised. */
export async function playReadme(cwd: string, env: NodeJS.ProcessEnv) {
  const { path, init, ...promised } = promisedBy(readFileSync(join(cwd, "README.md"), "utf8"));
  const { url, end } = await startServer(cwd, { ...env, ...promised.env });
  const answer = await fetch(`${url}${path}`, init);
  const came = { status: answer.status, body: await answer.text(), ended: await end() };
  return { came, promised: { status: promised.status, body: promised.body, ended: [0, null] } };
}

/** A server that listens; `end` is SIGTERM, and says how it ended. */
export async function startServer(
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly url: string; end(): Promise<unknown[]> }> {
  const port = await freePort();
  const server = spawn(process.execPath, ["src/server.ts"], {
    cwd,
    env: { ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void server.kill("SIGKILL"));
  await listening(server);
  const end = () => {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    return ended;
  };
  return { url: `http://localhost:${port}`, end };
}

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
