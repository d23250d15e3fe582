/** Interleaved rounds: every subject is measured once a round, so that a slow moment of the machine meets them all. */
import type { Settings } from "../settings.ts";
import type { Format } from "../work/deliveries.ts";
import type { AppKind } from "./app.ts";
import { startAll, type Server } from "./fleet.ts";
import { atRate, saturate } from "./load.ts";
import type { Traffic } from "./requests.ts";

/** Servers that are measured in turns. */
export interface Comparison {
  readonly kind: AppKind;
  readonly format: Format;
  readonly subjects: readonly Subject[];
  /** Are times taken as well, at a rate below saturation? Default: yes. */
  readonly timed?: boolean;
}

/** A server under one kind of traffic. */
export interface Subject {
  readonly name: string;
  /** The server's name among those of its kind. */
  readonly app: string;
  readonly traffic: Traffic;
}

/** What came of a subject, one figure a round. */
export interface Series {
  /** Requests a second, counted until all is done that they have left to do. */
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
  { kind, format, subjects, timed = true }: Comparison,
  { restarts, rounds, sliceMs, warmUp }: Settings,
): Promise<Map<string, Series>> {
  const series = new Map(subjects.map(({ name }) => [name, { perSecond: [], cpu: [], took: [] } as Series]));
  const names = [...new Set(subjects.map(({ app }) => app))];
  for (let start = 0; start < restarts; start += 1) {
    const servers = await startAll(kind, names, format);
    const serverOf = ({ app }: Subject) => servers.find(({ name }) => name === app)!;
    for (const one of subjects) {
      await saturate(serverOf(one).port, one.traffic, { count: warmUp });
      await serverOf(one).idle();
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const one of turned(subjects, round))
        await measureOnce(serverOf(one), one, { into: series.get(one.name)!, ms: sliceMs });
    }
    if (timed)
      for (const one of subjects) {
        const took = await atRate(serverOf(one).port, one.traffic, { perSecond, ms: 5 * sliceMs });
        series.get(one.name)!.took.push(...took);
      }
    await Promise.all(servers.map((server) => server.stop()));
  }
  return series;
}

async function measureOnce(
  server: Server,
  { traffic }: Subject,
  { into, ms }: { into: Series; ms: number },
): Promise<void> {
  const before = await server.cpu();
  const startedAt = performance.now();
  const count = await saturate(server.port, traffic, { ms });
  await server.idle();
  into.perSecond.push((count / (performance.now() - startedAt)) * 1_000);
  into.cpu.push(((await server.cpu()) - before) / count);
}

/** Each round begins with another, so that none is always the one after the slowest. */
function turned<Item>(list: readonly Item[], by: number): Item[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
