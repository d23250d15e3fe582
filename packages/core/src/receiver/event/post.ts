/** One post of a callback: sent, and what came of it written down by the holder of its record. */
import type { Change } from "../../backend.ts";
import { AnswerbackError } from "../../errors.ts";
import { rescue } from "../../soon.ts";
import type { Hold } from "../record/hold.ts";
import type { PostObservation } from "../observe.ts";
import type { Runtime } from "../runtime.ts";
import { sendPost, type Response } from "./send-post.ts";
import { writeNote, writeWork, type PostWork } from "./work.ts";

/** A callback to post, by whom, and the how-manieth use of the address this is. */
export interface Posting {
  readonly hold: Hold;
  readonly work: PostWork;
  readonly attempts: number;
}

/**
 * Posts, and says in the record what came of it. The attempt stands in the record already, so an `attempts` above 1
 * means that an earlier use may have arrived. @see upsales.9
 */
export async function post(runtime: Runtime, posting: Posting): Promise<void> {
  const startedAt = runtime.clock.now();
  const response = await sendPost(runtime, posting.work.post);
  const { outcome, code } = await writeDown(runtime, posting, response);
  runtime.observe({
    ...{
      kind: "post",
      receiver: runtime.name,
      key: posting.hold.key,
      type: posting.work.type,
      name: posting.work.name,
    },
    ...{
      attempt: posting.attempts,
      outcome,
      status: response.status,
      code,
      tookMs: runtime.clock.now() - startedAt,
    },
  });
}

type Verdict = Pick<PostObservation, "outcome" | "code">;

async function writeDown(runtime: Runtime, posting: Posting, response: Response): Promise<Verdict> {
  const { hold, attempts } = posting;
  if (response.outcome === "accepted") return settled(posting, "accepted");
  if (response.outcome === "refused") {
    if (attempts > 1) return settled(posting, "presumed_delivered");
    const error = new AnswerbackError(
      "callback_rejected",
      `the provider refused the callback with ${response.status}`,
    );
    return dead(posting, error);
  }
  if (response.outcome === "forbidden") return dead(posting, response.error);
  const left = response.arrived ? attempts : attempts - 1;
  const error = new AnswerbackError(
    "callback_failed",
    response.status ? `answered ${response.status}` : "no answer",
  );
  const delay = runtime.abandoned.hasRung ? 0 : backoff(runtime, posting.work, response.afterMs);
  if (delay === undefined) return dead(posting, error);
  await write(hold, { note: writeNote(error), forMs: delay, held: false, attempts: left });
  return { outcome: "failed", code: "callback_failed" };
}

/** As long again as it has been due, at most an hour; undefined: its time is over. */
function backoff(
  { clock, random, callbackWithinMs }: Runtime,
  { since }: PostWork,
  afterMs = 0,
): number | undefined {
  const age = clock.now() - since;
  const usual = Math.min(Math.max(age, 5_000), 3_600_000);
  const delay = Math.max(afterMs, usual * (0.5 + random() / 2));
  return age + delay > callbackWithinMs ? undefined : delay;
}

async function settled(
  { hold, work }: Posting,
  outcome: "accepted" | "presumed_delivered",
): Promise<Verdict> {
  if (work.dead) await bury({ hold, work }, work.dead);
  else await write(hold, { work: null, forMs: work.retentionMs });
  return { outcome };
}

async function dead({ hold, work, attempts }: Posting, error: AnswerbackError): Promise<Verdict> {
  if (work.dead) await bury({ hold, work }, work.dead);
  // refused with certainty is as good as not tried: a person's retry is a first use again
  else {
    const left = error.code === "callback_rejected" ? attempts - 1 : attempts;
    await write(hold, { note: writeNote(error), forMs: null, attempts: left });
  }
  return { outcome: error.code === "callback_rejected" ? "rejected" : "failed", code: error.code };
}

/** The report of a dead letter is over: what remains is the dead letter, its one use spent. */
async function bury(
  { hold }: Pick<Posting, "hold" | "work">,
  { event, error }: NonNullable<PostWork["dead"]>,
): Promise<void> {
  const work = writeWork({ kind: "event", event, spent: true });
  await write(hold, { work, note: JSON.stringify(error), forMs: null });
}

/** What a receiver that closes could not write is found out by whoever takes the record next. */
async function write(hold: Hold, change: Change): Promise<void> {
  await rescue(
    () => hold.persist(change),
    () => false,
  );
}
