/** What scenarios demand again and again, and how they say that it wasn't met. */
import type { RawDelivery } from "../deliveries/delivery.ts";
import type { AttemptEntry } from "../journal.ts";
import type { Stage } from "./stage.ts";

/** The provider must be told that all is well. */
export function demandAcknowledged(stage: Stage, seen: AttemptEntry | undefined, clause?: string): void {
  const says = seen ? `did not acknowledge: the provider says "${seen.concluded.says}"` : "was never asked";
  stage.demand(seen?.concluded.kind === "acknowledged", says, clause);
}

/** The handler must have run so often, as far as anybody says. */
export async function demandRuns(stage: Stage, { id, event }: RawDelivery, times: number): Promise<void> {
  const runs = await stage.runs(id);
  const ok = runs === undefined || runs === times;
  stage.demand(ok, `handled ${event} ${id} ${inTimes(runs)} instead of ${inTimes(times)}`);
}

/** The delivery must be refused with this status, every time, and not handled. */
export async function demandRefused(stage: Stage, delivery: RawDelivery, status: number): Promise<void> {
  const before = await stage.runs(delivery.id);
  const [seen] = await stage.play(delivery, { ...once, callbackWithinMs: 0 });
  const runs = await stage.runs(delivery.id);
  stage.demand(statusOf(seen) === status, `answered ${statusOf(seen)} instead of ${status}`);
  stage.demand(runs === before, `handled what it had to refuse`);
}

/** One attempt tells it all. */
const once = {
  appInbox: { attempts: 1 },
  uphance: { giveUpAfterMs: 0 },
  postback: { number_of_attempts: 1 },
};

/** The status, or what was seen in its place. */
export const statusOf = (entry: AttemptEntry | undefined): number | string =>
  entry?.seen.kind === "answered" ? entry.seen.status : (entry?.seen.kind ?? "nothing");

const inTimes = (times: number | undefined) => (times === 1 ? "once" : `${times} times`);
