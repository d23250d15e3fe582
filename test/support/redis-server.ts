/** Redis servers of a test's own: each on a free port and in a folder of its own, and gone at the end. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { engineOf } from "./engines.ts";
import { freePort } from "./free-port.ts";

/** A server that may be killed, started again on its data, and made to hang. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** As a power cut would. */
  kill(): Promise<void>;
  /** Again where it was killed, on the same port and data. Resolves when it takes connections. */
  start(): Promise<void>;
  /** From now on it answers nobody, and closes nothing. */
  freeze(): void;
  thaw(): void;
  /** How many names of this pattern it has. */
  count(pattern: string): Promise<number>;
  /** Ends it, and its folder. */
  destroy(): Promise<void>;
}

/** They end with this process, also when the runner ends in the middle of a test. */
const children = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** A server with these settings, as in `redis.conf`; by default it keeps nothing on disk. */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const { at } = engineOf("redis-server");
  const dir = mkdtempSync(join(tmpdir(), "answerback-redis-"));
  const port = await freePort();
  const all = { bind: "127.0.0.1", port: `${port}`, dir, save: "", ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  let child: ChildProcess | undefined;

  const isAlive = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  async function start(): Promise<void> {
    if (isAlive()) return;
    child = spawn(at, args, { stdio: ["ignore", "pipe", "inherit"] });
    children.add(child);
    await untilItSays(child, /Ready to accept connections/);
  }

  async function kill(): Promise<void> {
    if (!child || !isAlive()) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    children.delete(child);
  }

  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
    async count(pattern) {
      const client = new Redis(port);
      const keys = await client.keys(pattern);
      client.disconnect();
      return keys.length;
    },
    async destroy() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function untilItSays(child: ChildProcess, words: RegExp): Promise<void> {
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    said.push(line);
    if (!words.test(line)) continue;
    child.stdout!.resume();
    return;
  }
  throw new Error(`redis-server did not start:\n${said.join("\n")}`);
}
