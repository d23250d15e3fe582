/** Each example as its reader meets it: its own suite, and what its README says of starting it and sending to it. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { called, folderOfTest } from "../cli/support.ts";
import { describeWith, type EngineName } from "../support/engines.ts";
import { startPostgresServer } from "../support/postgres-server.ts";
import { startRedis } from "../support/redis-server.ts";
import { playReadme, startServer } from "./server.ts";

const workspace = join(import.meta.dirname, "../../examples");
/** Where they stand: copied out, with their packages from tarballs, or here, with the sources beside them. */
const home = process.env["EXAMPLES"] ?? workspace;
const here = home === workspace;

const examples = readdirSync(home).filter((name) => existsSync(join(home, name, "test")));

/** No more than a person's shell would have. */
const shell = {
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  ...(here && { NODE_OPTIONS: "--conditions=source" }),
};

for (const name of examples) {
  const cwd = join(home, name);
  const readme = readFileSync(join(cwd, "README.md"), "utf8");

  describeWith(...enginesOf(cwd))(`examples/${name}`, () => {
    it("passes its own suite", { timeout: 60_000 }, async () => {
      // vitest resolves by its config alone, whatever NODE_OPTIONS say; copied out, an example needs none
      const config = here ? ["--config", join(import.meta.dirname, "../vitest.config.ts")] : [];
      const args = ["node_modules/vitest/vitest.mjs", "run", ...config];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env: shell });
      expect(stdout).toMatch(/Tests .*\d+ passed/);
    });

    // one that is a part of an app has no server of its own
    const server = existsSync(join(cwd, "src/server.ts"));
    it.runIf(server)(
      "answers as its README promises, and ends well on SIGTERM",
      { timeout: 60_000 },
      async () => {
        const { came, promised } = await playReadme(cwd, { ...shell, ...(await placesOf(cwd)) });
        expect(came).toEqual(promised);
      },
    );

    const [, line] = /^npx answerback (send .*)$/m.exec(readme) ?? [];
    it.runIf(line)("takes what the command line of its README sends", { timeout: 60_000 }, async () => {
      const [, start = ""] = /^(\w+=\S+) npm start$/m.exec(readme) ?? [];
      const args = (url: string) =>
        line!
          .replace("http://localhost:3000", url)
          .replace("discord.pem", join(folder, "discord.pem"))
          .split(" ");
      const folder = folderOfTest();
      // Discord's key is made by the first run, which finds nobody there
      const [, publicKey] =
        /publicKey has to be (\w+)/.exec((await called(args("http://127.0.0.1:1"))).err) ?? [];
      const [variable, secret] = start.split("=") as [string, string];
      const env = { ...shell, ...(await placesOf(cwd)), [variable]: publicKey ?? secret };
      const { url } = await startServer(cwd, env);
      expect(await called(args(url))).toMatchObject({ code: 0 });
    });
  });
}

function enginesOf(cwd: string): EngineName[] {
  const file = join(cwd, "src/backend.ts");
  const backend = existsSync(file) ? readFileSync(file, "utf8") : "";
  return (["redis", "postgres"] as const)
    .filter((name) => backend.includes(`@answerback/${name}`))
    .map((name): EngineName => `${name}-server`);
}

/** A place for the records of this test alone. */
async function placesOf(cwd: string): Promise<NodeJS.ProcessEnv> {
  const engines = enginesOf(cwd);
  const server = engines.includes("redis-server")
    ? await startRedis()
    : engines.includes("postgres-server")
      ? await startPostgresServer()
      : undefined;
  if (server) onTestFinished(() => server.destroy());
  const variable = engines.includes("redis-server") ? "REDIS_URL" : "POSTGRES_URL";
  return { DATABASE_FILE: join(folderOfTest(), "answerback.db"), ...(server && { [variable]: server.url }) };
}
