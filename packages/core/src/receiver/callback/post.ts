/** The post of a callback: sent by the holder of its record, which is told what came of it. */
import type { Change } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import type { PostObservation } from "../observe.ts";
import { postAgainMs } from "../patience.ts";
import type { Lease } from "../record/lease.ts";
import { dead, toDo, writeNote, type PostWork } from "../record/stored.ts";
import type { Runtime } from "../runtime.ts";
import { failureOf } from "../thrown.ts";
import { sendPost, type Verdict } from "./send.ts";

/** A callback to post. */
export interface Posting {
  readonly lease: Lease;
  readonly work: PostWork;
  /** The how-manieth use of the address this is; its record says so already. */
  readonly attempts: number;
}

/**
 * Posts a callback, and saves in its record what came of it.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.9 upsales.9}
 */
export async function post(runtime: Runtime, posting: Posting): Promise<void> {
  const startedAt = runtime.clock.now();
  const verdict = await sendPost(runtime, posting.work.post);
  const { outcome, code, change } = conclude(runtime, posting, verdict);
  await save(posting.lease, change);
  const { lease, work, attempts } = posting;
  runtime.observe({
    kind: "post",
    receiver: runtime.name,
    key: lease.key,
    type: work.type,
    name: work.name,
    attempt: attempts,
    outcome,
    status: verdict.status,
    code,
    tookMs: runtime.clock.now() - startedAt,
  });
}

/** What an attempt means for its record. */
type Conclusion = Pick<PostObservation, "outcome" | "code"> & { readonly change: Change };

/** An `attempts` above 1 means that an earlier use may have arrived. */
function conclude(runtime: Runtime, posting: Posting, verdict: Verdict): Conclusion {
  const { work, attempts } = posting;
  switch (verdict.outcome) {
    case "accepted":
      return { outcome: "accepted", change: settled(work) };
    case "refused":
      if (attempts > 1) return { outcome: "presumed_delivered", change: settled(work) };
      // refused with certainty is as good as not tried: after a retry by hand it is a first use again
      return buried(work, attempts - 1, rejected(verdict.status));
    case "forbidden":
      return buried(work, attempts, verdict.error);
    case "failed":
      return retried(runtime, posting, verdict);
  }
}

function retried(
  { shutdown, clock, random, callbackWithinMs }: Runtime,
  { work, attempts }: Posting,
  { mayHaveArrived, status, askedMs }: Extract<Verdict, { outcome: "failed" }>,
): Conclusion {
  const error = new AnswerbackError("callback_failed", status ? `answered ${status}` : "no answer");
  const unposted = { ageMs: clock.now() - work.since, askedMs, withinMs: callbackWithinMs };
  const againMs = shutdown.isAborted ? 0 : postAgainMs(unposted, random);
  if (againMs === undefined) return buried(work, attempts, error);
  const left = mayHaveArrived ? attempts : attempts - 1;
  const change = { note: writeNote(error), forMs: againMs, held: false, attempts: left } as const;
  return { outcome: "failed", code: "callback_failed", change };
}

/** The callback is over: its record is settled, or what remains is the dead letter that it reported. */
function settled({ dead: reported, retentionMs }: PostWork): Change {
  return reported ? reportedDead(reported) : { work: null, forMs: retentionMs };
}

function buried({ dead: reported }: PostWork, attempts: number, error: AnswerbackError): Conclusion {
  const outcome = error.code === "callback_rejected" ? "rejected" : "failed";
  const change = reported ? reportedDead(reported) : { ...dead(failureOf(error)), attempts };
  return { outcome, code: error.code, change };
}

/** The one use of the address is spent. */
function reportedDead({ event, error }: NonNullable<PostWork["dead"]>): Change {
  return { ...toDo({ kind: "event", event, spent: true }), ...dead(error) };
}

function rejected(status: number): AnswerbackError {
  return new AnswerbackError("callback_rejected", `the provider refused the callback with ${status}`);
}

/** What a receiver that closes could not save is found out by whoever takes the record next. */
async function save(lease: Lease, change: Change): Promise<void> {
  try {
    await lease.saveUntilKnown(change);
  } catch {
    // the lease ends, and the record is due
  }
}
