/** The post of a callback: sent by the holder of its record, which is told what came of it. */
import type { Change } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import type { Post } from "../../contract/callback-terms.ts";
import { within } from "../follow.ts";
import type { DeadObservation, PostObservation } from "../observe.ts";
import { postAgainMs } from "../patience.ts";
import { causeOf, observeDead, type CauseOfDeath } from "../record/dead.ts";
import type { Lease } from "../record/lease.ts";
import { dead, toDo, writeNote, type PostWork } from "../record/stored.ts";
import type { Runtime } from "../runtime.ts";
import { hostOf } from "./address.ts";
import { replyGoneWithinMs } from "./reply-first.ts";
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
  const { lease, work, attempts } = posting;
  const { key } = lease;
  const { type, name, id } = work;
  const about = { key, type, name, id };
  const startedAt = runtime.clock.now();
  const followed = runtime.follow?.({ kind: "post", trace: work.trace, host: hostOf(work.post.url) });
  const verdict =
    forbidden(runtime, posting) ?? (await within(followed, () => sendPost(runtime, work.post, about)));
  const { outcome, error, change, letter } = conclude(runtime, posting, verdict);
  const isSaved = await save(lease, change);
  if (error) runtime.tell(error, { stage: "post", status: verdict.status, key, name, attempt: attempts });
  if (letter && isSaved) observeDead(runtime, { ...about, work: letter.work }, letter.cause);
  const observation: PostObservation = {
    kind: "post",
    receiver: runtime.name,
    ...about,
    attempt: (work.uses ?? 0) + attempts,
    final: true,
    outcome,
    status: verdict.status,
    code: error?.code,
    reason: error?.message,
    tookMs: runtime.clock.now() - startedAt,
  };
  runtime.observe(observation);
  followed?.end(observation);
}

/** What is not sent at all: the address has ended, has no use left, or may have been used for just this. */
function forbidden({ clock, terms }: Runtime, { work, attempts }: Posting): Verdict | undefined {
  const { uses = 1 } = terms(work.type).address ?? {};
  if (work.expiresAt !== undefined && clock.now() >= work.expiresAt)
    return { outcome: "forbidden", error: expired(work) };
  if (uses === 1 && !work.inline) return undefined;
  if (attempts > 1 && !isIdempotent(work.post)) return { outcome: "forbidden", error: unsure(work) };
  if ((work.uses ?? 0) + attempts > uses) return { outcome: "forbidden", error: spent(work, uses) };
  return undefined;
}

/** May it be sent twice? Where an address has more uses than one, a second POST would be a second callback (any.39). */
export function isIdempotent({ method = "POST", idempotent = method !== "POST" }: Post): boolean {
  return idempotent;
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

/** An `attempts` above 1 means that an earlier use may have arrived; then an address of one use refuses the second. */
function conclude(runtime: Runtime, posting: Posting, verdict: Verdict): Conclusion {
  const { work, attempts } = posting;
  const { uses = 1 } = runtime.terms(work.type).address ?? {};
  switch (verdict.outcome) {
    case "accepted":
      return { outcome: "accepted", ...settled(runtime, work) };
    case "refused":
      if (attempts > 1 && uses === 1) return { outcome: "presumed_delivered", ...settled(runtime, work) };
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
  { lease, work, attempts }: Posting,
  { mayHaveArrived, status, askedMs, cause }: Extract<Verdict, { outcome: "failed" }>,
): Conclusion {
  const { shutdown, clock, random, terms } = runtime;
  const { uses = 1, retryForMs = 0 } = terms(work.type).address ?? {};
  const answered = status ? `answered the callback with ${status}` : "did not answer the callback";
  const error = new AnswerbackError("callback_failed", `${hostOf(work.post.url)} ${answered}`, { cause });
  const now = clock.now();
  const leftMs = Math.min(work.since + retryForMs, work.expiresAt ?? Infinity) - now;
  const againMs = shutdown.isAborted
    ? replyGoneWithinMs(runtime, lease.key)
    : postAgainMs({ ageMs: now - work.since, askedMs, leftMs }, random);
  const isUnsure = uses > 1 && mayHaveArrived && status === undefined && !isIdempotent(work.post);
  if (againMs === undefined || isUnsure) return buried(runtime, { work, attempts }, error);
  const again = { note: writeNote(error), forMs: againMs, held: false } as const;
  if (!mayHaveArrived) return { outcome: "failed", error, change: { ...again, attempts: attempts - 1 } };
  if (uses === 1) return { outcome: "failed", error, change: { ...again, attempts } };
  // its answer says that it took nothing, and the use counts all the same
  const used = toDo({ ...work, uses: (work.uses ?? 0) + 1 });
  return { outcome: "failed", error, change: { ...again, ...used, attempts: attempts - 1 } };
}

/** The callback is over: its record is settled, or what remains is the dead letter that it reported. */
function settled(
  runtime: Runtime,
  { dead: reported, retentionMs }: PostWork,
): Pick<Conclusion, "change" | "letter"> {
  return reported
    ? reportedDead(runtime, reported)
    : { change: { work: null, note: null, forMs: retentionMs } };
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
  return new AnswerbackError(
    "callback_rejected",
    `${hostOf(work.post.url)} refused the callback with ${status}`,
  );
}

function expired(work: PostWork): AnswerbackError {
  return new AnswerbackError("callback_expired", `the address on ${hostOf(work.post.url)} has expired`);
}

function spent(work: PostWork, uses: number): AnswerbackError {
  return new AnswerbackError(
    "callback_spent",
    `all ${uses} uses of the address on ${hostOf(work.post.url)} are spent`,
  );
}

function unsure(work: PostWork): AnswerbackError {
  return new AnswerbackError(
    "callback_failed",
    `nobody knows whether the callback arrived at ${hostOf(work.post.url)}; it is not sent again by itself, since it would be shown twice`,
  );
}

/** What a receiver that closes could not save is found out by whoever takes the record next. */
async function save(lease: Lease, change: Change): Promise<boolean> {
  try {
    return await lease.saveUntilKnown(change);
  } catch {
    return false;
  }
}
