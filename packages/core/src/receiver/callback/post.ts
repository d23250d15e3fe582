/** The post of a callback: sent by the holder of its record, which is told what came of it. */
import type { Change } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import type { DeadObservation, PostObservation } from "../observe.ts";
import { postAgainMs } from "../patience.ts";
import { causeOf, observeDead, type CauseOfDeath } from "../record/dead.ts";
import type { Lease } from "../record/lease.ts";
import { dead, toDo, writeNote, type PostWork } from "../record/stored.ts";
import type { Runtime } from "../runtime.ts";
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
  const { outcome, error, change, letter } = conclude(runtime, posting, verdict);
  const isSaved = await save(posting.lease, change);
  const { lease, work, attempts } = posting;
  const { key } = lease;
  const { type, name } = work;
  if (error) runtime.tell(error, { stage: "post", status: verdict.status, key, name, attempt: attempts });
  if (letter && isSaved) observeDead(runtime, { key, type, name, work: letter.work }, letter.cause);
  runtime.observe({
    kind: "post",
    receiver: runtime.name,
    key,
    type,
    name,
    attempt: attempts,
    outcome,
    status: verdict.status,
    code: error?.code,
    reason: error?.message,
    tookMs: runtime.clock.now() - startedAt,
  });
}

/** What an attempt means for its record. */
interface Conclusion {
  readonly outcome: PostObservation["outcome"];
  readonly change: Change;
  /** Why it was not taken. */
  readonly error?: AnswerbackError;
  /** What becomes a dead letter by it. */
  readonly letter?: { readonly work: DeadObservation["work"]; readonly cause: CauseOfDeath };
}

/** An `attempts` above 1 means that an earlier use may have arrived. */
function conclude(runtime: Runtime, posting: Posting, verdict: Verdict): Conclusion {
  const { work, attempts } = posting;
  switch (verdict.outcome) {
    case "accepted":
      return { outcome: "accepted", ...settled(runtime, work) };
    case "refused":
      if (attempts > 1) return { outcome: "presumed_delivered", ...settled(runtime, work) };
      // refused with certainty is as good as not tried: after a retry by hand it is a first use again
      return buried(runtime, { work, attempts: attempts - 1 }, rejected(work, verdict.status));
    case "forbidden":
      return buried(runtime, { work, attempts: attempts - 1 }, verdict.error);
    case "failed":
      return retried(runtime, posting, verdict);
  }
}

function retried(
  runtime: Runtime,
  { work, attempts }: Posting,
  { mayHaveArrived, status, askedMs, cause }: Extract<Verdict, { outcome: "failed" }>,
): Conclusion {
  const { shutdown, clock, random, callbackWithinMs } = runtime;
  const answered = status ? `answered the callback with ${status}` : "did not answer the callback";
  const error = new AnswerbackError("callback_failed", `${hostOf(work)} ${answered}`, { cause });
  const unposted = { ageMs: clock.now() - work.since, askedMs, withinMs: callbackWithinMs };
  const againMs = shutdown.isAborted ? 0 : postAgainMs(unposted, random);
  if (againMs === undefined) return buried(runtime, { work, attempts }, error);
  const left = mayHaveArrived ? attempts : attempts - 1;
  const change = { note: writeNote(error), forMs: againMs, held: false, attempts: left } as const;
  return { outcome: "failed", error, change };
}

/** The callback is over: its record is settled, or what remains is the dead letter that it reported. */
function settled(
  runtime: Runtime,
  { dead: reported, retentionMs }: PostWork,
): Pick<Conclusion, "change" | "letter"> {
  return reported ? reportedDead(runtime, reported) : { change: { work: null, forMs: retentionMs } };
}

function buried(
  runtime: Runtime,
  { work, attempts }: Pick<Posting, "work" | "attempts">,
  error: AnswerbackError,
): Conclusion {
  const outcome = error.code === "callback_rejected" ? "rejected" : "failed";
  if (work.dead) return { outcome, error, ...reportedDead(runtime, work.dead) };
  const cause = causeOf(error);
  return {
    outcome,
    error,
    change: { ...dead(runtime, cause.error), attempts },
    letter: { work: "callback", cause },
  };
}

/** The one use of the address is spent. */
function reportedDead(
  runtime: Runtime,
  { event, ...cause }: NonNullable<PostWork["dead"]>,
): Pick<Conclusion, "change" | "letter"> {
  const change = { ...toDo({ kind: "event", event, spent: true }), ...dead(runtime, cause.error) };
  return { change, letter: { work: "event", cause } };
}

function rejected(work: PostWork, status: number): AnswerbackError {
  return new AnswerbackError("callback_rejected", `${hostOf(work)} refused the callback with ${status}`);
}

/** The address is a secret, its host is not. */
function hostOf({ post: { url } }: PostWork): string {
  return new URL(url).hostname;
}

/** What a receiver that closes could not save is found out by whoever takes the record next. */
async function save(lease: Lease, change: Change): Promise<boolean> {
  try {
    return await lease.saveUntilKnown(change);
  } catch {
    return false;
  }
}
