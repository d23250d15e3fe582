/** One durable backend and its raw counterpart in turns, many events in flight: events a second, and how late the loop is. */
import { randomUUID } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { tell } from "../child.ts";
import { engines } from "./engines.ts";
import { claimAndSave, perSecond } from "./events.ts";

/** Events a second, one figure a round; the loop's delay in ms. */
export interface DurableFigures {
  readonly ours: number[];
  readonly raw: number[];
  readonly medianDelay: number;
}

const [name, rounds, ms] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])];
const engine = await engines[name]!();
const ours = claimAndSave(await engine.backend.open(`bench ${randomUUID()}`));
const raw = { width: engine.rawInFlight, ms };
const delay = monitorEventLoopDelay({ resolution: 1 });
const figures = { ours: [] as number[], raw: [] as number[] };

await perSecond(ours, { width: 64, ms });
await perSecond(engine.raw, raw);
for (let round = 0; round < rounds; round += 1) {
  delay.enable();
  figures.ours.push(await perSecond(ours, { width: 64, ms }));
  delay.disable();
  figures.raw.push(await perSecond(engine.raw, raw));
}
await engine.close();
// the histogram counts the resolution in
tell({ ...figures, medianDelay: delay.percentile(50) / 1e6 - 1 });
