/** Ours on Express on each engine beside the durable routes that people write there. */
import { atLeast, type Findings } from "../../group.ts";
import type { apps } from "../../http/apps/durable.ts";
import { measureRounds, type Series } from "../../http/rounds.ts";
import type { Settings } from "../../settings.ts";
import { median, ratios, spread } from "../../statistics.ts";
import { enginesHere, withoutThem } from "../../work/stores.ts";

type AppName = keyof typeof apps;
type Durable = "sqlite" | "redis" | "postgres";

/** Of each engine: ours, the route by hand that does as much, and one that does less. */
const routes: Readonly<Record<Durable, readonly [ours: AppName, asMuch: AppName, less: AppName]>> = {
  sqlite: ["answerback on sqlite", "insert and update in sqlite", "the same, synchronous=normal"],
  redis: ["answerback on redis", "bullmq add and worker", "bullmq add alone"],
  postgres: ["answerback on postgres", "insert and update in postgres", "insert alone in postgres"],
};

/** All routes of the engines that are here, in the same rounds. */
export async function measureRoutes(settings: Settings): Promise<Findings> {
  const { here, away } = await enginesHere(["sqlite", "redis", "postgres"]);
  const engines = here as Durable[];
  const traffic = { sample: "json", status: 200, connections: 32 } as const;
  const subjects = engines.flatMap((engine) => routes[engine]).map((app) => ({ name: app, app, traffic }));
  const series = await measureRounds(
    { kind: "durable", format: "json", subjects, timed: false },
    // what the engine does needs no warming, and a slice has to be long beside the end of what it leaves to do
    { ...settings, sliceMs: 2 * settings.sliceMs, warmUp: Math.ceil(settings.warmUp / 4) },
  );
  const of = (name: AppName): Series => series.get(name)!;
  const rows = engines.flatMap((engine) => {
    const [, asMuch] = routes[engine];
    return routes[engine].map((name) => {
      const share = ratios(of(name).perSecond, of(asMuch).perSecond);
      return [name, median(of(name).perSecond), median(share), spread(share), median(of(name).cpu)];
    });
  });
  return {
    tables: [
      {
        title: `routes on express 5, 32 connections, until all is done${withoutThem(away)}; ratios are to the route by hand that does as much`,
        columns: ["", "events/s", "ratio", "± (middle half)", "CPU µs"],
        rows,
      },
    ],
    verdicts: engines.map((engine) => {
      const [ours, asMuch] = routes[engine];
      const value = median(ratios(of(ours).perSecond, of(asMuch).perSecond));
      return atLeast(6, `${ours} / ${asMuch}`, { value, bound: 1.2 });
    }),
  };
}
