/** The work that the app is there for; this one counts letters, as slowly as it is told to. */
import { setTimeout as sleep } from "node:timers/promises";

/** Ends early when `signal` aborts, since nobody wants the number then. */
export async function crunch(
  words: readonly string[],
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<number> {
  await sleep(seconds * 1_000, undefined, { signal });
  return words.join("").length;
}
