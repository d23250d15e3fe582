/** A Postgres of the test's own, in a temporary folder on a free port: to stop, kill, freeze and start again. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { engineOf } from "./engines.ts";
import { freePort } from "./free-port.ts";

const run = promisify(execFile);

/** A server in our hands. */
export interface PostgresServer {
  readonly url: string;
  /** On the same port, with what it had. Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it in order: connections are cut, everything is written. */
  stop(): Promise<void>;
  /** Ends it as a crash would: at its next start it recovers from its log. */
  crash(): Promise<void>;
  /** It keeps its connections and takes new ones, and says nothing more. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Ends it and leaves nothing. */
  destroy(): Promise<void>;
}

/** A server that runs, with a superuser `postgres` who needs no password. Needs `postgres-server`. */
export async function startPostgresServer(): Promise<PostgresServer> {
  const { at, runAs } = engineOf("postgres-server");
  const folder = mkdtempSync(join(tmpdir(), "answerback-postgres-"));
  // whoever it runs as makes the folder in it, and owns that
  chmodSync(folder, 0o777);
  const data = join(folder, "data");
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const command = (program: string, ...args: string[]) => [...runAs, join(at, program), "-D", data, ...args];
  let ended: Promise<unknown> = Promise.resolve();

  async function start(): Promise<void> {
    const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories="];
    const [program = "", ...args] = command("postgres", ...settings.flatMap((one) => ["-c", one]));
    ended = once(spawn(program, args, { stdio: "ignore" }), "exit");
    await untilItAnswers(url);
  }

  async function end(signal: "SIGINT" | "SIGQUIT"): Promise<void> {
    signalTo(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]!, signal);
    await ended;
  }

  async function signalAll(signal: "SIGSTOP" | "SIGCONT"): Promise<void> {
    const postmaster = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]!;
    signalTo(postmaster, signal);
    const { stdout } = await run("pgrep", ["-P", postmaster]);
    for (const child of stdout.trim().split("\n")) signalTo(child, signal);
  }

  const [initdb = "", ...args] = command(
    "initdb",
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-locale",
    "-N",
  );
  await run(initdb, args);
  await start();
  return {
    url,
    start,
    stop: () => end("SIGINT"),
    crash: () => end("SIGQUIT"),
    freeze: () => signalAll("SIGSTOP"),
    thaw: () => signalAll("SIGCONT"),
    async destroy() {
      await end("SIGQUIT").catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One that has ended meanwhile, as those of clients that are gone do, needs none. */
function signalTo(pid: string, signal: NodeJS.Signals): void {
  try {
    process.kill(Number(pid), signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

async function untilItAnswers(url: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    const failed = await client.connect().then(
      () => client.end(),
      (error: Error) => error,
    );
    if (!failed) return;
    await setTimeout(50);
  }
}
