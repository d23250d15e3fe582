/** Work that waits in a store for a worker: accepted events, and callbacks, all of them due. */
import { RetryLater, type Receiver } from "@answerback/core";
import { runOf, runsReceiver, type RunsOptions } from "./runs.ts";

/** Where the work waits. */
type Place = Pick<RunsOptions, "backend" | "name">;

/** Accepts as many events as there are numbers: their first run asked for another one at once, which nobody has begun. */
export async function leaveRuns(place: Place, numbers: readonly number[]): Promise<void> {
  const handle = () => Promise.reject(new RetryLater({ after: 0 }));
  const receiver = runsReceiver({ ...place, background: false, answerWithin: 0, handle });
  await receiveAll(receiver, numbers);
}

/** Leaves the callbacks of runs whose replies never went out. */
export async function leavePosts(place: Place, numbers: readonly number[]): Promise<void> {
  await receiveAll(runsReceiver({ ...place, background: false }), numbers);
}

/** Whole numbers from this one on. */
export function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => first + at);
}

const atOnce = 64;

async function receiveAll(receiver: Receiver, numbers: readonly number[]): Promise<void> {
  const rest = numbers.values();
  const one = async () => {
    for (const number of rest) {
      const reply = await receiver.receive(runOf(number));
      if (reply?.status !== 200) throw new Error(`a run was answered ${reply?.status}`);
      reply.sent?.("not");
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  await receiver.idle();
  await receiver.close();
}
