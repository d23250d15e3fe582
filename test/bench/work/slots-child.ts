/** Accepted events that wait, worked by one receiver, round after round: events a second, for each length of the handler. */
import { setTimeout as sleep } from "node:timers/promises";
import { tell } from "../child.ts";
import { runsReceiver } from "./runs.ts";
import { stores, type EngineName } from "./stores.ts";
import { leaveRuns, numbersFrom } from "./waiting.ts";

/** How long each handler takes, and how many events wait for it. */
export interface Load {
  readonly handlerMs: number;
  readonly waiting: number;
}

const [engine, given] = process.argv.slice(2) as [EngineName, string];
const { slots, rounds, loads }: { slots: number; rounds: number; loads: Load[] } = JSON.parse(given);
// the timers of a receiver keep no process alive; and what is stuck ends some time
setTimeout(() => process.exit(1), 600_000);
const { backend, close } = await stores[engine]();
const perSecond: number[][] = [];

for (const load of loads) {
  const each: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    each.push(await measureOnce(`${load.handlerMs} ms, round ${round}`, load));
  }
  perSecond.push(each);
}
await close();
tell(perSecond);

/** From the first run that begins to the last one that is settled. */
async function measureOnce(name: string, { handlerMs, waiting }: Load): Promise<number> {
  await leaveRuns({ backend, name }, numbersFrom(1, waiting));
  let startedAt = 0;
  let left = waiting;
  const allRun = Promise.withResolvers<void>();
  const receiver = runsReceiver({
    backend,
    name,
    concurrency: { runs: slots, posts: slots },
    async handle() {
      startedAt ||= performance.now();
      await sleep(handlerMs);
      left -= 1;
      if (left === 0) allRun.resolve();
      return {};
    },
  });
  await allRun.promise;
  await receiver.idle();
  const tookMs = performance.now() - startedAt;
  await receiver.close();
  return (waiting / tookMs) * 1_000;
}
