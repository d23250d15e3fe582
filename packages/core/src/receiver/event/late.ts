/** After the acknowledgement: how an accepted run ends. Its callback is posted, or its error decides what comes next. */
import type { Change } from "../../contract/backend.ts";
import { RetryLater, type ErrorCode } from "../../contract/errors.ts";
import type { Failure, Post } from "../../contract/callback-terms.ts";
import { checkPost, warnNearLimit } from "../callback/address.ts";
import { post } from "../callback/post.ts";
import { replyGone, replyGoneWithinMs } from "../callback/reply-first.ts";
import type { RunSuccess } from "../outcome.ts";
import { entityAgainMs, runAgainMs, times } from "../patience.ts";
import { causeOf, observeDead } from "../record/dead.ts";
import type { Lease } from "../record/lease.ts";
import { dead, keeping, toDo, writeNote, type EventWork, type PostWork } from "../record/stored.ts";
import { RolledBack } from "../record/unit-of-work.ts";
import type { Runtime } from "../runtime.ts";
import { codeOf } from "../thrown.ts";
import { aboutEvent, encodable, postWork, type LoadedEvent } from "./event.ts";
import type { Run } from "./run.ts";

/** A run of an event that was acknowledged before. */
export interface AcceptedRun {
  readonly event: LoadedEvent;
  readonly lease: Lease;
  readonly run: Run;
  /** The ordinal of the run, as the record says. */
  readonly attempts: number;
  /** What the record says is to be done. */
  readonly work: EventWork;
  /** The acknowledgement, where nobody knows whether it was stored. */
  readonly unknownAnswer?: string | undefined;
}

/** Waits for the handler, then settles, posts, retries or buries the event. */
export async function completeAccepted(runtime: Runtime, accepted: AcceptedRun): Promise<void> {
  const { run } = accepted;
  const result = await run.result;
  try {
    if ("error" in result) await retryOrBury(runtime, accepted, result.error);
    else await settle(runtime, accepted, result);
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    run.tell(error);
    await retryOrBury(runtime, accepted, error);
  } finally {
    run.unit.abandon();
  }
}

async function settle(
  runtime: Runtime,
  { event, lease, run, unknownAnswer }: AcceptedRun,
  result: RunSuccess,
): Promise<void> {
  const acknowledged: Change = unknownAnswer === undefined ? {} : { answer: unknownAnswer };
  const commit = (change: Change) => run.unit.commit({ ...acknowledged, ...change });
  await run.progressEnded();
  const { uses } = run;
  const { post: callback, droppedWhenLate = [] } = result.encoded;
  if (droppedWhenLate.length > 0) {
    const message = `${runtime.name}: ${event.view.name} was answered late: ${droppedWhenLate.join(", ")} had nowhere to go`;
    runtime.warn({ code: "late_answer_dropped", message });
  }
  if (result.isLater) await waitForAnswer(runtime, { event, lease, uses }, commit);
  else if (callback) await postLate(runtime, { event, lease, callback, uses }, commit);
  else
    await commit({
      work: null,
      note: null,
      forMs: event.stored.retentionMs,
      ...keeping(runtime, event.stored),
    });
}

/** An event waits for `receiver.answer`. Once its acknowledgement has gone, the record says so, for another process (any.38). */
async function waitForAnswer(
  runtime: Runtime,
  { event, lease, uses }: Omit<LateCallback, "callback">,
  commit: Run["unit"]["commit"],
): Promise<void> {
  if (!(await commit(untilAnswered(runtime, event, { uses })))) return;
  await replyGone(runtime, lease.key);
  if (!runtime.shutdown.isAborted) await lease.save(untilAnswered(runtime, event, { uses, replied: true }));
}

/** A callback of an event that was acknowledged before. */
export interface LateCallback {
  readonly event: LoadedEvent;
  readonly lease: Lease;
  readonly callback: Post;
  /** How many uses of its address were begun before. */
  readonly uses?: number | undefined;
}

/** The callback becomes the record's work, as begun once, and the holder of the record posts it. */
export async function postLate(
  runtime: Runtime,
  { event, lease, callback, uses }: LateCallback,
  save: Run["unit"]["commit"] = (change) => lease.saveUntilKnown(change),
): Promise<void> {
  const work = postWork(runtime, event, { post: callback, uses });
  const kept = keeping(runtime, event.stored);
  await postAsHolder(runtime, { lease, work }, (change) => save({ ...change, ...kept }));
}

/** What a record says while `receiver.answer` is to bring the answer (upsales.18). */
export function untilAnswered(
  { clock }: Runtime,
  { stored, terms }: LoadedEvent,
  known: Pick<EventWork, "uses" | "replied"> = {},
): Change {
  const { answerableMs = 0 } = terms.address ?? {};
  const leftMs = Math.max(stored.receivedAt + answerableMs - clock.now(), 0);
  return { ...toDo({ kind: "event", event: stored, later: true, ...known }), forMs: leftMs, held: false };
}

/** A run failed after the acknowledgement: again later, or for good. */
export async function retryOrBury(
  runtime: Runtime,
  { event, lease, run, attempts, work, unknownAnswer }: AcceptedRun,
  error: unknown,
): Promise<void> {
  const code = codeOf(error);
  const note = writeNote(error);
  await run.progressEnded();
  // whoever runs it next may post at once
  await replyGone(runtime, lease.key);
  if (unknownAnswer !== undefined) {
    // free again: the provider comes back to it, or a worker if it was accepted after all
    await lease.saveUntilKnown({ note, forMs: 0 });
  } else if (code === "closing") {
    const forMs = replyGoneWithinMs(runtime, lease.key);
    await lease.saveUntilKnown({ note, forMs, held: false, attempts: attempts - 1 });
  } else if (code === "running" || code === "backend_away") {
    // another event of its entity is handled, or nobody could say; no handler was called
    const ageMs = runtime.clock.now() - event.stored.receivedAt;
    await giveBack(lease, attempts, entityAgainMs(ageMs, runtime.random));
  } else {
    const againMs = hopeless.has(code) ? undefined : againAfter(runtime, { work, attempts, error });
    if (againMs === undefined)
      return bury(runtime, { event, lease, error, isSpent: work.spent, uses: run.uses });
    const again = toDo({ ...work, uses: run.uses, ended: attempts });
    await lease.saveUntilKnown({ ...again, note, forMs: againMs, held: false });
  }
}

function againAfter(
  { clock, random, retryForMs }: Runtime,
  { work, attempts, error }: Pick<AcceptedRun, "work" | "attempts"> & { readonly error: unknown },
): number | undefined {
  const ageMs = clock.now() - (work.since ?? work.event.receivedAt);
  const askedMs = error instanceof RetryLater ? error.afterMs : undefined;
  return runAgainMs({ attempts, ageMs, askedMs, retryForMs }, random);
}

/** Errors that the same code would make again. */
export const hopeless: ReadonlySet<ErrorCode> = new Set([
  "permanent",
  "invalid_answer",
  "callback_too_large",
  "malformed",
]);

/** A record that becomes a dead letter. */
export interface Burial {
  readonly lease: Lease;
  readonly error: unknown;
  /** Absent where the record holds no event that can be read. */
  readonly event?: LoadedEvent;
  /** The callback address has been used. */
  readonly isSpent?: boolean | undefined;
  /** How many uses of it were begun. */
  readonly uses?: number | undefined;
}

/** Makes it a dead letter. With `whenDead` the provider is told first, which is the one use of the address (upsales.19). */
export async function bury(runtime: Runtime, { event, lease, error, isSpent, uses }: Burial): Promise<void> {
  runtime.tell(error, { stage: "run", key: lease.key, name: event?.view.name });
  const cause = causeOf(error);
  const report = event?.stored.callbackUrl && !isSpent ? reportOf(runtime, event, cause.error) : undefined;
  if (event && report) {
    const work = {
      ...postWork(runtime, event, { post: report, uses }),
      dead: { event: event.stored, ...cause },
    };
    return postAsHolder(runtime, { lease, work });
  }
  const letter = { ...(event && aboutEvent(event)), key: lease.key, work: "event" } as const;
  if (await lease.saveUntilKnown(dead(runtime, cause.error))) observeDead(runtime, letter, cause);
}

/** Gives a record back as if it had never been taken. */
export async function giveBack(lease: Lease, attempts: number, forMs: number): Promise<void> {
  await lease.save({ attempts: attempts - 1, forMs, held: false });
}

async function postAsHolder(
  runtime: Runtime,
  { lease, work }: { readonly lease: Lease; readonly work: PostWork },
  save: Run["unit"]["commit"] = (change) => lease.saveUntilKnown(change),
): Promise<void> {
  lease.startRenewing();
  await replyGone(runtime, lease.key);
  if (await save({ ...toDo(work), attempts: 1, forMs: times.lease }))
    await post(runtime, { lease, work, attempts: 1 });
}

/** What the provider is told of a dead letter. An event that cannot be reported is a dead letter all the same. */
function reportOf(runtime: Runtime, event: LoadedEvent, failure: Failure): Post | undefined {
  try {
    const report = runtime.provider.whenDead?.(encodable(event), failure);
    if (!report) return undefined;
    const { address } = event.terms;
    const checked = checkPost(runtime.provider, address, report);
    warnNearLimit(runtime, address!, report);
    return checked;
  } catch {
    const message = `${runtime.name}: ${event.view.name}: whenDead threw, or gave what cannot be posted`;
    runtime.warn({ code: "when_dead_failed", message });
    return undefined;
  }
}
