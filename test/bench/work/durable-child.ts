/** One durable backend and its raw counterpart in turns, many events in flight: events a second, and how late the loop is. */
import { hash, randomUUID } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { tell } from "../child.ts";
import { engines } from "./engines.ts";

/** Events a second, one figure a round; the loop's delay in ms. */
export interface DurableFigures {
  readonly ours: number[];
  readonly raw: number[];
  readonly medianDelay: number;
}

const [name, rounds, ms] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])];
const inFlight = 64;
const answer = JSON.stringify({ status: 200, headers: {}, body: "x".repeat(900) });
const engine = await engines[name]!();
const records = await engine.backend.open(`bench ${randomUUID()}`);
const delay = monitorEventLoopDelay({ resolution: 1 });
const figures = { ours: [] as number[], raw: [] as number[] };

await perSecond(ours, inFlight);
await perSecond(engine.raw, engine.rawInFlight);
for (let round = 0; round < rounds; round += 1) {
  delay.enable();
  figures.ours.push(await perSecond(ours, inFlight));
  delay.disable();
  figures.raw.push(await perSecond(engine.raw, engine.rawInFlight));
}
await engine.close();
// the histogram counts the resolution in
tell({ ...figures, medianDelay: delay.percentile(50) / 1e6 - 1 });

async function ours(key: string): Promise<void> {
  const token = randomUUID();
  await records.claim(key, { token, sequence: 0, leaseMs: 60_000 });
  await records.save(key, { token, sequence: 1, leaseMs: 60_000 }, { answer, work: null, forMs: 86_400_000 });
}

async function perSecond(
  event: (key: string, answer: string) => Promise<unknown>,
  width: number,
): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  const one = async () => {
    while (performance.now() - startedAt < ms) {
      await event(hash("sha256", randomUUID(), "base64url"), answer);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: width }, one));
  return (count / (performance.now() - startedAt)) * 1_000;
}
