/** One kind of work in every slot and more of it waiting: how long one of the other kind waits, once it is due. */
import { setTimeout as sleep } from "node:timers/promises";
import { RetryLater, type Receiver } from "@answerback/core";
import { tell } from "../child.ts";
import { numberIn, runOf, runsReceiver, withCallback } from "./runs.ts";
import { stores, type EngineName } from "./stores.ts";
import { leavePosts, leaveRuns, numbersFrom } from "./waiting.ts";

/** How long each of the probes has waited: ms. */
export interface FairnessFigures {
  readonly postBehindRuns: number[];
  readonly runBehindPosts: number[];
}

const engine = process.argv[2] as EngineName;
const [slots, waiting, takesMs, probes] = process.argv.slice(3).map(Number) as [
  number,
  number,
  number,
  number,
];
/** Between two probes, so that they meet the others in all phases: ms. */
const pauseMs = 0.37 * takesMs;
// the timers of a receiver keep no process alive; and what is stuck ends some time
setTimeout(() => process.exit(1), 600_000);
const { backend, close } = await stores[engine]();

const figures: FairnessFigures = {
  postBehindRuns: await postBehindRuns({ backend, name: "runs" }),
  runBehindPosts: await runBehindPosts({ backend, name: "posts" }),
};
await close();
tell(figures);

type Place = Parameters<typeof leaveRuns>[0];

async function postBehindRuns(place: Place): Promise<number[]> {
  await leaveRuns(place, numbersFrom(1, waiting));
  const { full, occupy } = createOccupation();
  const begun = createProbes();
  const receiver = runsReceiver({
    ...{ ...place, concurrency: { runs: slots, posts: slots } },
    handle: async (number) => (begun.has(number) ? withCallback : await occupy()),
    async transport(url) {
      begun.get(numberIn(url))?.resolve(performance.now());
      return new Response();
    },
  });
  await full;
  return probe(receiver, begun);
}

/** A run is due when its first one, which its delivery began, asks for another at once. */
async function runBehindPosts(place: Place): Promise<number[]> {
  await leavePosts(place, numbersFrom(1, waiting));
  const { full, occupy } = createOccupation();
  const begun = createProbes();
  const again = new Set<number>();
  const receiver = runsReceiver({
    ...{ ...place, concurrency: { runs: slots, posts: slots } },
    answerWithin: 0,
    handle(number) {
      if (again.has(number)) return begun.get(number)?.resolve(performance.now());
      again.add(number);
      throw new RetryLater({ after: 0 });
    },
    async transport() {
      await occupy();
      return new Response();
    },
  });
  await full;
  return probe(receiver, begun);
}

type Probes = ReadonlyMap<number, PromiseWithResolvers<number>>;

/** The runs that are sent to see how long they wait: each resolves to when it was begun. */
function createProbes(): Probes {
  const numbers = numbersFrom(waiting + 1, probes);
  return new Map(numbers.map((number) => [number, Promise.withResolvers<number>()]));
}

/** What takes its time in a slot: the first of it not before all slots are taken. */
function createOccupation(): { full: Promise<void>; occupy: () => Promise<object> } {
  const full = Promise.withResolvers<void>();
  let occupied = 0;
  return {
    full: full.promise,
    async occupy() {
      occupied += 1;
      if (occupied === slots) full.resolve();
      await full.promise;
      await sleep(takesMs);
      return {};
    },
  };
}

async function probe(receiver: Receiver, begun: Probes): Promise<number[]> {
  const waitedMs: number[] = [];
  for (const [number, { promise }] of begun) {
    const reply = await receiver.receive(runOf(number));
    const dueAt = performance.now();
    reply?.sent?.("not");
    waitedMs.push((await promise) - dueAt);
    await sleep(pauseMs);
  }
  await receiver.close({ within: 0 });
  return waitedMs;
}
