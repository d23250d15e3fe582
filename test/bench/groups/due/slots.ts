/** Accepted events that wait for a worker: how many a second one receiver runs. */
import { inChild } from "../../child.ts";
import { atLeast, type Findings, type Verdict } from "../../group.ts";
import type { Settings } from "../../settings.ts";
import { median, spread } from "../../statistics.ts";
import type { Load } from "../../work/slots-child.ts";
import { enginesHere, withoutThem, type EngineName } from "../../work/stores.ts";

/** Runs at a time: what a receiver has unless it is told otherwise. */
export const slots = 16;

/** Some 500 at full scale, and so many that no slot is without one in the last turn. */
export function waitingAt(scale: number): number {
  return slots * Math.max(Math.ceil((500 / slots) * scale), 2);
}

/** A handler that takes longer than anything else: the slots are the limit. */
const longMs = 100;
/** A handler so short that the engine is the limit. */
const shortMs = 5;
/** Events a second that each engine has to give then. */
const bounds: Readonly<Record<EngineName, number>> = {
  memory: 1_500,
  sqlite: 1_500,
  redis: 1_500,
  postgres: 700,
};

/** What one engine gave under one load. */
interface Measured extends Load {
  readonly engine: EngineName;
  readonly perSecond: readonly number[];
}

/** Both handlers on each engine that is here. */
export async function measureSlots(settings: Settings): Promise<Findings> {
  const { here, away } = await enginesHere(["memory", "sqlite", "redis", "postgres"]);
  const measured: Measured[] = [];
  for (const engine of here) measured.push(...(await measureEngine(engine, settings)));
  const rows = measured.map(({ engine, waiting, handlerMs, perSecond }) => {
    const figure = median(perSecond);
    return [
      ...[engine, waiting, handlerMs, figure, spread(perSecond)],
      ...[possible(handlerMs), figure / possible(handlerMs)],
    ];
  });
  const columns = [
    ...["", "waiting", "handler ms", "events/s"],
    ...["± (middle half)", "slots ÷ handler", "share"],
  ];
  const title = `accepted events waiting, ${slots} slots${withoutThem(away)}`;
  return { tables: [{ title, columns, rows }], verdicts: measured.map(verdictOf) };
}

async function measureEngine(engine: EngineName, { scale, rounds }: Settings): Promise<Measured[]> {
  const loads: Load[] = [
    { handlerMs: longMs, waiting: waitingAt(scale) },
    // all of them are through at once, so that a first look can afford them
    { handlerMs: shortMs, waiting: waitingAt(Math.min(10 * scale, 1)) },
  ];
  const options = { slots, loads, rounds: Math.min(rounds, 4) };
  const figures = await inChild<number[][]>("work/slots-child.ts", [engine, JSON.stringify(options)]);
  return loads.map((load, at) => {
    const [first, ...more] = figures[at]!;
    // the first is for V8, unless it is all there is
    return { engine, ...load, perSecond: more.length > 0 ? more : [first!] };
  });
}

/** Events a second if no slot were ever idle. */
function possible(handlerMs: number): number {
  return (slots / handlerMs) * 1_000;
}

function verdictOf({ engine, handlerMs, perSecond }: Measured): Verdict {
  const value = median(perSecond);
  if (handlerMs === shortMs)
    return atLeast(7, `${engine}: events/s, handlers of ${shortMs} ms`, { value, bound: bounds[engine] });
  const share = value / possible(handlerMs);
  return atLeast(7, `${engine}: events/s / (slots ÷ handler of ${longMs} ms)`, { value: share, bound: 0.9 });
}
