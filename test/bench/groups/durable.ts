/** Goal 6: the durable backends beside their raw clients, and how often a delivery asks them. */
import { inChild } from "../child.ts";
import { atLeast, atMost, type Group, type Table, type Verdict } from "../group.ts";
import type { Settings } from "../settings.ts";
import { median, ratios, spread } from "../statistics.ts";
import type { DurableFigures } from "../work/durable-child.ts";
import { engines } from "../work/engines.ts";
import { countTrips, type Trips } from "../work/trips.ts";

/** What ours must reach of the raw client: a commit a verb would be half of one, so SQLite's has to be shared. */
const bounds: Readonly<Record<string, number>> = { sqlite: 2, redis: 0.8, postgres: 0.8 };

/** Verbs of a delivery: all of them, by the form of its answer. */
const mostTrips: Readonly<Record<string, number>> = {
  "in time": 2,
  "with a callback": 3,
  late: 3,
  "late, with a callback": 4,
};

export const durable: Group = {
  name: "durable",
  title:
    "claim and save of a 1 kB answer, 64 events in flight, beside the raw client (SQLite: one write and fdatasync)",
  async measure(settings) {
    const found: [string, DurableFigures][] = [];
    const away: string[] = [];
    for (const name of Object.keys(engines)) {
      const figures = await figuresOf(name, settings).catch(() => undefined);
      if (figures) found.push([name, figures]);
      else away.push(name);
    }
    const trips = await countTrips();
    return {
      tables: [tableOf(found, away), tripsTable(trips)],
      verdicts: [...found.flatMap(verdictsOf), ...trips.flatMap(tripVerdicts)],
    };
  },
};

async function figuresOf(name: string, { restarts, rounds, sliceMs }: Settings): Promise<DurableFigures> {
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

function tableOf(found: readonly [string, DurableFigures][], away: readonly string[]): Table {
  const rows = found.map(([name, { ours, raw, medianDelay }]) => {
    const share = ratios(ours, raw);
    return [name, median(ours), median(raw), median(share), spread(share), medianDelay];
  });
  const columns = ["", "events/s", "raw/s", "ratio", "± (middle half)", "median loop delay ms"];
  const without = away.length > 0 ? `; not to be had: ${away.join(", ")}` : "";
  return { title: `durable before the answer${without}`, columns, rows };
}

function verdictsOf([name, { ours, raw, medianDelay }]: [string, DurableFigures]): Verdict[] {
  const ratio = atLeast(6, `${name}: events/s / raw`, {
    value: median(ratios(ours, raw)),
    bound: bounds[name]!,
  });
  if (name !== "sqlite") return [ratio];
  return [ratio, atMost(6, "sqlite: median loop delay, ms", { value: medianDelay, bound: 2 })];
}

function tripsTable(trips: readonly Trips[]): Table {
  const rows = trips.map(({ name, beforeReply, all }) => [name, beforeReply, all]);
  return {
    title: "verbs a delivery; each is one statement of its engine",
    columns: ["", "before the reply", "all"],
    rows,
  };
}

function tripVerdicts({ name, beforeReply, all }: Trips): Verdict[] {
  return [
    atMost(6, `round trips, ${name}`, { value: all, bound: mostTrips[name]! }),
    atMost(6, `round trips before the reply, ${name}`, { value: beforeReply, bound: 2 }),
  ];
}
