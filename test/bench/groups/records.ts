/** Goal 10: a million records, and whatever of them is asked for comes at once, for no more than deliveries cost before. */
import { inChild } from "../child.ts";
import { atMost, type Group, type Table, type Verdict } from "../group.ts";
import type { Settings } from "../settings.ts";
import { median, spread } from "../statistics.ts";
import type { RecordsFigures } from "../work/records-child.ts";
import { enginesHere, withoutThem, type EngineName } from "../work/stores.ts";

/** Nobody who looks at a page notices it: ms. */
const longestPageMs = 20;

type Measured = readonly [engine: EngineName, figures: RecordsFigures];

export const records: Group = {
  name: "records",
  title: "a million records in all states: pages of 50, counts, causes, and deliveries beside them",
  async measure(settings) {
    const { here, away } = await enginesHere(["sqlite", "redis", "postgres"]);
    const count = Math.ceil(1_000_000 * settings.scale);
    const measured: Measured[] = [];
    for (const engine of here) measured.push([engine, await figuresOf(engine, count, settings)]);
    const tables = measured.map(([engine, figures]) => listTable(engine, figures, count));
    const title = `claim and save of a 1 kB answer, 64 events in flight${withoutThem(away)}`;
    return {
      tables: [...tables, { ...deliveryTable(measured), title }],
      verdicts: measured.flatMap(verdictsOf),
    };
  },
};

function figuresOf(
  engine: EngineName,
  count: number,
  { rounds, sliceMs }: Settings,
): Promise<RecordsFigures> {
  return inChild("work/records-child.ts", [engine, count, rounds, sliceMs]);
}

function listTable(engine: EngineName, { lists }: RecordsFigures, count: number): Table {
  return {
    title: `${engine}: ${count} records`,
    columns: ["", "pages", "records", "median ms", "worst ms", "all ms"],
    rows: lists.map(({ what, took, found }) => [
      ...[what, took.length, found, median(took), Math.max(...took)],
      took.reduce((sum, ms) => sum + ms, 0),
    ]),
  };
}

function deliveryTable(measured: readonly Measured[]): Omit<Table, "title"> {
  return {
    columns: ["", "empty store, events/s", "full store, events/s", "± (middle half)", "ratio"],
    rows: measured.map(([engine, { empty, full }]) => [
      ...[engine, median(empty), median(full), spread(full), median(full) / median(empty)],
    ]),
  };
}

/** The list that takes longest, and what is asked every ten seconds. */
function verdictsOf([engine, { lists }]: Measured): Verdict[] {
  const mediansOf = (isAsked: (what: string) => boolean) =>
    lists.filter(({ what }) => isAsked(what)).map(({ took }) => median(took));
  const page = Math.max(...mediansOf((what) => what !== "stats" && what !== "causes"));
  const stats = Math.max(...mediansOf((what) => what === "stats"));
  return [
    atMost(10, `${engine}: a page of the slowest list, median ms`, { value: page, bound: longestPageMs }),
    atMost(10, `${engine}: stats, median ms`, { value: stats, bound: longestPageMs }),
  ];
}
