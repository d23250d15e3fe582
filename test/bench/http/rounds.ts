/** Interleaved rounds: every subject is measured once a round, so that a slow moment of the machine meets them all. */
import type { Settings } from "../settings.ts";
import type { Format } from "../work/deliveries.ts";
import type { AppName } from "./apps.ts";
import { startAll, type Server } from "./fleet.ts";
import { atRate, saturate } from "./load.ts";
import type { Traffic } from "./requests.ts";

/** A server under one kind of traffic. */
export interface Subject {
  readonly name: string;
  readonly app: AppName;
  readonly traffic: Traffic;
}

/** What came of a subject, one figure a round. */
export interface Series {
  /** Requests a second. */
  readonly perSecond: number[];
  /** Of the server: µs a request. */
  readonly cpu: number[];
  /** At a rate below saturation, all of them: ms. */
  readonly took: number[];
}

/** Well below what the slowest of them takes. */
const perSecond = 1_000;

/** Measures the subjects on fresh servers, as often as the settings say, and pools the rounds. */
export async function measureRounds(
  format: Format,
  subjects: readonly Subject[],
  settings: Settings,
): Promise<Map<string, Series>> {
  const series = new Map(subjects.map(({ name }) => [name, { perSecond: [], cpu: [], took: [] } as Series]));
  const names = [...new Set(subjects.map(({ app }) => app))];
  for (let start = 0; start < settings.restarts; start += 1) {
    const servers = await startAll(names, format);
    const serverOf = ({ app }: Subject) => servers.find(({ name }) => name === app)!;
    for (const one of subjects) await saturate(serverOf(one).port, one.traffic, { count: settings.warmUp });
    for (let round = 0; round < settings.rounds; round += 1) {
      for (const one of turned(subjects, round))
        await measureOnce(serverOf(one), one, { series, ms: settings.sliceMs });
    }
    for (const one of subjects) {
      const took = await atRate(serverOf(one).port, one.traffic, { perSecond, ms: 5 * settings.sliceMs });
      series.get(one.name)!.took.push(...took);
    }
    await Promise.all(servers.map((server) => server.stop()));
  }
  return series;
}

async function measureOnce(
  server: Server,
  { name, traffic }: Subject,
  { series, ms }: { series: ReadonlyMap<string, Series>; ms: number },
): Promise<void> {
  const before = await server.cpu();
  const { count, perSecond } = await saturate(server.port, traffic, { ms });
  const { perSecond: all, cpu } = series.get(name)!;
  all.push(perSecond);
  cpu.push(((await server.cpu()) - before) / count);
}

/** Each round begins with another, so that none is always the one after the slowest. */
function turned<Item>(list: readonly Item[], by: number): Item[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
