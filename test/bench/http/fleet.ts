/** Servers as processes, all alive at once. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Format } from "../work/deliveries.ts";
import type { AppName } from "./apps.ts";

/** A server that runs. */
export interface Server {
  readonly name: AppName;
  readonly port: number;
  /** The CPU time that its process has used: µs. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

const entry = fileURLToPath(new URL("server.ts", import.meta.url));

/** Starts one server a name. */
export function startAll(names: readonly AppName[], format: Format): Promise<Server[]> {
  return Promise.all(names.map((name) => start(name, format)));
}

async function start(name: AppName, format: Format): Promise<Server> {
  const child = fork(entry, [name, format], { execArgv: ["--conditions=source"] });
  const { port } = await told<{ port: number }>(child);
  return {
    name,
    port,
    async cpu() {
      child.send("cpu");
      const { cpu } = await told<{ cpu: NodeJS.CpuUsage }>(child);
      return cpu.user + cpu.system;
    },
    async stop() {
      child.kill();
      await once(child, "exit");
    },
  };
}

/** The next message; rejects when the process ends instead. */
async function told<Message>(child: ChildProcess): Promise<Message> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`a server ended with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), ended]);
    return message;
  } finally {
    ended.catch(() => {});
    over.abort();
  }
}
