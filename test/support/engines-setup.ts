/** Before all suites: which engines are to be had? After them, as the last words: what was not run, and how to get it. */
import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import pg from "pg";
import type { TestProject } from "vitest/node";
import type { Engine, EngineName, Engines } from "./engines.ts";

const run = promisify(execFile);

/** A server on this machine answers at once. */
const withinMs = 2_000;

const usual = {
  REDIS_URL: "redis://127.0.0.1:6379",
  POSTGRES_URL: "postgres://postgres@127.0.0.1:5432/test",
};
const { REDIS_URL, POSTGRES_URL } = { ...usual, ...process.env };

const cures: Record<EngineName, string> = {
  redis: `start Redis at ${usual.REDIS_URL}, or name another with REDIS_URL`,
  postgres: `start Postgres at ${usual.POSTGRES_URL}, or name another with POSTGRES_URL`,
  "redis-server": "put redis-server into PATH",
  chromium: "put chromium into PATH; in Debian its package is chromium",
  bun: "put bun into PATH; its npm package is bun",
  deno: "put deno into PATH; its npm package is deno",
  workerd: "put workerd into PATH; its npm package is workerd",
  "postgres-server": "put initdb and postgres into PATH; as root, have a user named postgres",
};

/**
 * Hands the suites what there is. With `REQUIRE_ENGINES=1` something that is missing fails the run, unless `SPARE_ENGINES` names
 * it: what could not be installed here.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const engines = await findEngines();
  project.provide("engines", engines);
  const missing = Object.values(engines).flatMap((engine) => ("missing" in engine ? engine.missing : []));
  const spared = process.env["SPARE_ENGINES"]?.split(" ") ?? [];
  const wanted = Object.entries(engines).filter(
    ([name, engine]) => "missing" in engine && !spared.includes(name),
  );
  if (process.env["REQUIRE_ENGINES"] === "1" && wanted.length > 0)
    throw new Error(`REQUIRE_ENGINES=1, but:\n${missing.join("\n")}`);
  return () => {
    if (missing.length > 0) console.log(`\nNot everything was run:\n${missing.join("\n")}`);
  };
}

async function findEngines(): Promise<Engines> {
  const [redis, postgres, redisServer, postgresServer, chromium, bun, deno, workerd] = await Promise.all([
    found("redis", pingRedis(REDIS_URL)),
    found("postgres", pingPostgres(POSTGRES_URL)),
    found("redis-server", findProgram("redis-server")),
    found("postgres-server", findPostgresPrograms()),
    found("chromium", findProgram("chromium")),
    found("bun", findProgram("bun")),
    found("deno", findProgram("deno")),
    found("workerd", findProgram("workerd")),
  ]);
  return {
    ...{ redis, postgres, "redis-server": redisServer, "postgres-server": postgresServer },
    ...{ chromium, bun, deno, workerd },
  };
}

async function found(name: EngineName, looking: Promise<Engine>): Promise<Engine> {
  return looking.catch((error: Error) => ({
    missing: `  no ${name} (${error.message.split("\n")[0]}): ${cures[name]}`,
  }));
}

async function pingRedis(url: string): Promise<Engine> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: withinMs, commandTimeout: withinMs });
  // why a connection failed is told to listeners alone; the first one is enough
  const failed = new Promise<never>((_, reject) => void client.once("error", reject));
  try {
    await Promise.race([failed, client.connect().then(() => client.ping())]);
    return { at: url, runAs: [] };
  } finally {
    client.on("error", () => {});
    client.disconnect();
  }
}

async function pingPostgres(url: string): Promise<Engine> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: withinMs });
  client.on("error", () => {});
  await client.connect();
  await client.end();
  return { at: url, runAs: [] };
}

async function findProgram(name: string): Promise<Engine> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const at = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (!at) throw new Error("not in PATH");
  await run(at, ["--version"]);
  return { at, runAs: [] };
}

/** In PATH, else the newest that Debian's packages put aside. */
async function findPostgresPrograms(): Promise<Engine> {
  const aside = globSync("/usr/lib/postgresql/*/bin").toSorted((a, b) =>
    b.localeCompare(a, "en", { numeric: true }),
  );
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...aside];
  const at = folders.find((folder) =>
    ["initdb", "postgres"].every((program) => existsSync(join(folder, program))),
  );
  if (!at) throw new Error("neither in PATH nor in /usr/lib/postgresql");
  return { at, runAs: await somebodyToRunAs(join(at, "initdb")) };
}

/** Postgres refuses root, unless the program in PATH is a wrapper that becomes somebody else by itself. */
async function somebodyToRunAs(initdb: string): Promise<readonly string[]> {
  if (!(await refusesUs(initdb, []))) return [];
  const ways = ["postgres", "nobody"].flatMap((user) => [
    ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"],
    ["runuser", "-u", user, "--"],
  ]);
  for (const way of ways) if (!(await refusesUs(initdb, way))) return way;
  throw new Error("it refuses to run as root");
}

/** It never gets so far as to make a folder under /dev/null, but says first who may not. */
async function refusesUs(initdb: string, way: readonly string[]): Promise<boolean> {
  const said = await run("env", ["LC_ALL=C", ...way, initdb, "-D", "/dev/null/data"]).then(
    () => "",
    ({ stderr, message }: { stderr?: string; message: string }) => stderr ?? message,
  );
  return !said.includes("/dev/null/data");
}
