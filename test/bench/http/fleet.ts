/** Servers as processes, all alive at once. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Format } from "../work/deliveries.ts";
import type { AppKind } from "./app.ts";

/** A server that runs. */
export interface Server {
  readonly name: string;
  readonly port: number;
  /** The CPU time that its process has used: µs. */
  cpu(): Promise<number>;
  /** Resolves when all is done that the requests so far have left to do. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** What a server is asked over its channel. */
export type Question = "cpu" | "idle" | "close";

const entry = fileURLToPath(new URL("server.ts", import.meta.url));

/** Starts one server a name. */
export function startAll(kind: AppKind, names: readonly string[], format: Format): Promise<Server[]> {
  return Promise.all(names.map((name) => start(kind, name, format)));
}

async function start(kind: AppKind, name: string, format: Format): Promise<Server> {
  const child = fork(entry, [kind, name, format], { execArgv: ["--conditions=source", "--no-warnings"] });
  const ask = async <Answer>(question: Question): Promise<Answer> => {
    child.send(question);
    return told<Answer>(child);
  };
  return {
    name,
    port: await told<number>(child),
    async cpu() {
      const { user, system } = await ask<NodeJS.CpuUsage>("cpu");
      return user + system;
    },
    idle: () => ask("idle"),
    async stop() {
      await ask("close");
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

/** The next answer; rejects when the process ends instead. */
async function told<Answer>(child: ChildProcess): Promise<Answer> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`a server ended with ${code}`);
  });
  try {
    const [{ answer }] = await Promise.race([once(child, "message", { signal }), ended]);
    return answer;
  } finally {
    ended.catch(() => {});
    over.abort();
  }
}
