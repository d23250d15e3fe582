/** A measurement in a process of its own: what others left on the heap, or made slow, is not in it. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Runs a module of the bench with these arguments. Resolves to what it sends. */
export async function inChild<Figures>(
  module: string,
  args: readonly (string | number)[] = [],
): Promise<Figures> {
  const file = fileURLToPath(new URL(module, import.meta.url));
  const execArgv = ["--conditions=source", "--expose-gc", "--no-warnings"];
  const child = fork(file, args.map(String), { execArgv, serialization: "advanced" });
  let figures: Figures | undefined;
  child.on("message", (message) => (figures = message as Figures));
  const [code] = await once(child, "close");
  if (code !== 0 || figures === undefined) throw new Error(`${module} ended with ${code}`);
  return figures;
}

/** Sends the figures of this child, and ends it. */
export function tell(figures: unknown): void {
  process.send!(figures, () => process.exit(0));
}
