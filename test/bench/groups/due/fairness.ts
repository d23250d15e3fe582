/** Runs and posts do not starve each other: how long one of them waits while the other kind has every slot of its own. */
import { inChild } from "../../child.ts";
import { atMost, type Findings, type Verdict } from "../../group.ts";
import type { Settings } from "../../settings.ts";
import { median } from "../../statistics.ts";
import type { FairnessFigures } from "../../work/fairness-child.ts";
import { enginesHere, withoutThem } from "../../work/stores.ts";
import { slots, waitingAt } from "./slots.ts";

/** How long each of the others takes: ms. */
const takesMs = 100;
/** Some turns of the others at most, where all that wait before it take 32: ms. */
const longestWaitMs = 500;

/** Both kinds on each engine that is here. */
export async function measureFairness({ scale }: Settings): Promise<Findings> {
  const { here, away } = await enginesHere(["memory", "sqlite", "redis", "postgres"]);
  const [waiting, probes] = [waitingAt(scale), Math.max(Math.round(20 * scale), 2)];
  const measured: [what: string, waitedMs: number[]][] = [];
  for (const engine of here) {
    const args = [engine, slots, waiting, takesMs, probes];
    const figures = await inChild<FairnessFigures>("work/fairness-child.ts", args);
    measured.push([`${engine}: a due post, behind runs`, figures.postBehindRuns]);
    measured.push([`${engine}: a due run, behind posts`, figures.runBehindPosts]);
  }
  const title = `${slots} slots full of the other kind, ${takesMs} ms each, and ${waiting} waiting${withoutThem(away)}`;
  const columns = ["", "waits ms", "longest ms"];
  const rows = measured.map(([what, waitedMs]) => [what, median(waitedMs), Math.max(...waitedMs)]);
  return { tables: [{ title, columns, rows }], verdicts: measured.map(verdictOf) };
}

function verdictOf([what, waitedMs]: [string, number[]]): Verdict {
  return atMost(7, `${what}: longest wait, ms`, { value: Math.max(...waitedMs), bound: longestWaitMs });
}
