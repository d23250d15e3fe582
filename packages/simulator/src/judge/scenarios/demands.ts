/** What scenarios demand again and again, and the sentences for a receiver that does not meet it. */
import type { AnyDelivery } from "../../protocols/protocol.ts";
import type { AttemptEntry } from "../../play/journal.ts";
import type { Stage } from "../scenario.ts";

/** The receiver must have acknowledged the attempt. */
export function demandAcknowledged(stage: Stage, attempt: AttemptEntry | undefined, clause?: string): void {
  const says = attempt
    ? `did not acknowledge: the provider says "${attempt.concluded.says}"`
    : "was never asked";
  stage.demand(attempt?.concluded.kind === "acknowledged", says, clause);
}

/** The handler must have run so often, where the subject tells. */
export async function demandRuns(stage: Stage, { id, event }: AnyDelivery, times: number): Promise<void> {
  const runs = await stage.runs(id);
  const ok = runs === undefined || runs === times;
  stage.demand(ok, `handled ${event} ${id} ${inTimes(runs)} instead of ${inTimes(times)}`);
}

/** The delivery must be refused with this status, every time, and not handled. */
export async function demandRefused(stage: Stage, delivery: AnyDelivery, status: number): Promise<void> {
  const before = await stage.runs(delivery.id);
  const [attempt] = await stage.play(delivery, { ...oneAttempt, callbackWithinMs: 0 });
  const runs = await stage.runs(delivery.id);
  stage.demand(statusOf(attempt) === status, `answered ${statusOf(attempt)} instead of ${status}`);
  stage.demand(runs === before, "handled what it had to refuse");
}

/** Upsales must have accepted exactly one callback, and it must have come this way. */
export function demandAccepted(stage: Stage, how?: "posted"): void {
  const accepted = stage.uses.filter(({ concluded }) => concluded.kind === "callback accepted");
  stage.demand(accepted.length === 1, "let its callback get lost");
  const other = accepted.find((use) => how && use.how !== how);
  stage.demand(!other, `sent its callback ${other?.how} instead of ${how}`);
}

/** Upsales may have refused no callback. */
export function demandNoRefusal(stage: Stage): void {
  for (const { concluded, how } of stage.uses)
    stage.demand(
      concluded.kind !== "callback refused",
      `sent a callback ${how} that was refused: "${concluded.says}"`,
    );
}

/** The receiver must have sent so many requests to the callbackUrl. */
export function demandPosts(stage: Stage, times: number): void {
  const posts = stage.uses.filter(({ how }) => how === "posted");
  stage.demand(posts.length === times, `posted to its callbackUrl ${posts.length} times instead of ${times}`);
}

/** The status, or what was seen in its place. */
export const statusOf = (entry: AttemptEntry | undefined): number | string =>
  entry?.seen.kind === "answered" ? entry.seen.status : (entry?.seen.kind ?? "nothing");

/** No provider sends again: the first attempt shows the status. */
const oneAttempt = {
  appInbox: { attempts: 1 },
  uphance: { giveUpAfterMs: 0 },
  postback: { number_of_attempts: 1 },
};

const inTimes = (times: number | undefined) => (times === 1 ? "once" : `${times} times`);
