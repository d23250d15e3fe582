/** Processes that work what a carrier brings, and what they had in their hands when. */
import { once } from "node:events";
import type { ChildProcess } from "node:child_process";
import type { Orders, Spell } from "./carrier-worker.ts";
import { forkTool, heard } from "./sqlite-file.ts";

/** A process at work. */
export interface WorkerProcess {
  /** All that it began, in that order. */
  readonly begun: readonly Spell[];
  readonly done: readonly Required<Spell>[];
  /** Stops its work, closes its backend twice; resolves to how it ended. */
  end(): Promise<unknown[]>;
  kill(): Promise<void>;
}

/** One that works from now on, until the test is finished. */
export async function startWorker(orders: Orders): Promise<WorkerProcess> {
  const child: ChildProcess = forkTool("carrier-worker.ts", [JSON.stringify(orders)]);
  const begun: Spell[] = [];
  const done: Required<Spell>[] = [];
  const died = once(child, "exit").then(() => Promise.reject(new Error("the worker died as it was born")));
  await Promise.race([heard(child), died]);
  died.catch(() => {});
  child.on("message", (spell: Spell) => {
    if (spell.to === undefined) begun.push(spell);
    else done.push(spell as Required<Spell>);
  });
  const ended = once(child, "exit");
  return {
    begun,
    done,
    async end() {
      child.send("end");
      return ended;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** How many were in somebody's hands at once, at most. */
export function mostAtOnce(spells: readonly Required<Spell>[]): number {
  return Math.max(
    ...spells.map(({ from }) => spells.filter((one) => one.from <= from && from < one.to).length),
  );
}
