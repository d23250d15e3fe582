/** The verbs of the durable backends beside their raw clients. */
import { inChild } from "../../child.ts";
import { atLeast, atMost, type Findings, type Verdict } from "../../group.ts";
import type { Settings } from "../../settings.ts";
import { median, ratios, spread } from "../../statistics.ts";
import type { DurableFigures } from "../../work/durable-child.ts";
import { enginesHere, withoutThem, type EngineName } from "../../work/stores.ts";

/** What ours must reach of the raw client: a commit a verb would be half of one, so SQLite's has to be shared. */
const bounds: Readonly<Record<string, number>> = { sqlite: 2, redis: 0.8, postgres: 0.8 };

/** Claim and save of a 1 kB answer, 64 events in flight. */
export async function measureVerbs(settings: Settings): Promise<Findings> {
  const { here, away } = await enginesHere(["sqlite", "redis", "postgres"]);
  const found: [EngineName, DurableFigures][] = [];
  for (const name of here) found.push([name, await figuresOf(name, settings)]);
  const rows = found.map(([name, { ours, raw, medianDelay }]) => {
    const share = ratios(ours, raw);
    return [name, median(ours), median(raw), median(share), spread(share), medianDelay];
  });
  return {
    tables: [
      {
        title: `claim and save of a 1 kB answer, 64 events in flight, beside the raw client (SQLite: one write and fdatasync)${withoutThem(away)}`,
        columns: ["", "events/s", "raw/s", "ratio", "± (middle half)", "median loop delay ms"],
        rows,
      },
    ],
    verdicts: found.flatMap(verdictsOf),
  };
}

async function figuresOf(name: EngineName, { restarts, rounds, sliceMs }: Settings): Promise<DurableFigures> {
  const all: DurableFigures[] = [];
  for (let start = 0; start < restarts; start += 1) {
    all.push(await inChild<DurableFigures>("work/durable-child.ts", [name, rounds, sliceMs]));
  }
  return {
    ours: all.flatMap(({ ours }) => ours),
    raw: all.flatMap(({ raw }) => raw),
    medianDelay: median(all.map(({ medianDelay }) => medianDelay)),
  };
}

function verdictsOf([name, { ours, raw, medianDelay }]: [string, DurableFigures]): Verdict[] {
  const ratio = atLeast(6, `${name}: events/s / raw`, {
    value: median(ratios(ours, raw)),
    bound: bounds[name]!,
  });
  if (name !== "sqlite") return [ratio];
  return [ratio, atMost(6, "sqlite: median loop delay, ms", { value: medianDelay, bound: 2 })];
}
