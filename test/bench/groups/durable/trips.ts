/** How often a delivery asks its backend. */
import { atMost, type Findings, type Verdict } from "../../group.ts";
import { countTrips, type Trips } from "../../work/trips.ts";

/** Verbs of a delivery: all of them, by the form of its answer. */
const mostTrips: Readonly<Record<string, number>> = {
  "in time": 2,
  "with a callback": 3,
  late: 3,
  "late, with a callback": 4,
};

/** One delivery of each form. */
export async function measureTrips(): Promise<Findings> {
  const trips = await countTrips();
  const rows = trips.map(({ name, beforeReply, all }) => [name, beforeReply, all]);
  const title = "verbs a delivery; each is one statement of its engine";
  return {
    tables: [{ title, columns: ["", "before the reply", "all"], rows }],
    verdicts: trips.flatMap(verdictsOf),
  };
}

function verdictsOf({ name, beforeReply, all }: Trips): Verdict[] {
  return [
    atMost(6, `round trips, ${name}`, { value: all, bound: mostTrips[name]! }),
    atMost(6, `round trips before the reply, ${name}`, { value: beforeReply, bound: 2 }),
  ];
}
