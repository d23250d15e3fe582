/** What becomes of an accepted event that failed: given back, tried again later, or a dead letter. */
import { RetryLater } from "../../errors.ts";
import type { Failure, Post } from "../../provider.ts";
import type { Hold } from "../record/hold.ts";
import { leaseMs, type Runtime } from "../runtime.ts";
import { codeOf, failureOf } from "../thrown.ts";
import { checkPost } from "./encoding.ts";
import { encodable, type EventInHand } from "./event.ts";
import type { Late } from "./finish.ts";
import { post } from "./post.ts";
import { postWork } from "./settle.ts";
import { writeNote, writeWork, type PostWork } from "./work.ts";

/** A run failed after the acknowledgement: again later, or for good. */
export async function failed(
  runtime: Runtime,
  { event, hold, attempts, answer, spent }: Late,
  error: unknown,
): Promise<void> {
  const code = codeOf(error);
  const note = writeNote(error);
  // not known to be accepted: free again, and the provider or, if it was, a worker comes back to it
  if (answer !== undefined) return void (await hold.persist({ note, forMs: 0 }));
  if (code === "closing")
    return void (await hold.persist({ note, forMs: 0, held: false, attempts: attempts - 1 }));
  // another event of its entity has the turn, or nobody could say; no handler was called
  if (code === "running" || code === "backend_away")
    return giveBack(hold, attempts, untilTurn(runtime, event));
  if (hopeless.has(code) || attempts >= runtime.maxAttempts)
    return bury(runtime, { event, hold, error, spent });
  await hold.persist({ note, forMs: backoff(runtime, attempts, error), held: false });
}

/** The longer it has waited, the less often it looks: a thousand that wait for one must not keep the engine busy. */
function untilTurn({ clock, random }: Runtime, { stored }: EventInHand): number {
  const age = clock.now() - stored.receivedAt;
  return Math.min(Math.max(age / 10, 500), 10_000) * (0.5 + random());
}

/** Errors that the same code would make again. */
const hopeless = new Set(["permanent", "invalid_answer", "callback_too_large", "malformed"]);

/** 10 s doubling to 1 h, full jitter; or what the handler asked for. */
function backoff({ random }: Runtime, attempts: number, error: unknown): number {
  if (error instanceof RetryLater && error.afterMs !== undefined) return error.afterMs;
  return Math.min(10_000 * 2 ** (attempts - 1), 3_600_000) * random();
}

/** Makes it a dead letter; with `whenDead` the provider is told first, which is the one use of the address. */
export async function bury(
  runtime: Runtime,
  {
    event,
    hold,
    error,
    spent,
  }: { event?: EventInHand; hold: Hold; error: unknown; spent?: boolean | undefined },
): Promise<void> {
  const failure = failureOf(error);
  const report = event?.stored.callbackUrl && !spent ? reportOf(runtime, event, failure) : undefined;
  if (!event || !report) return void (await hold.persist({ note: JSON.stringify(failure), forMs: null }));
  const work: PostWork = {
    ...postWork(runtime, event, report),
    dead: { event: event.stored, error: failure },
  };
  if (await hold.persist({ work: writeWork(work), attempts: 1, forMs: leaseMs }))
    await post(runtime, { hold, work, attempts: 1 });
}

/** What the provider is told of a dead letter. One that cannot be told of is a dead letter all the same. */
function reportOf(runtime: Runtime, event: EventInHand, failure: Failure): Post | undefined {
  try {
    const report = runtime.provider.whenDead?.(encodable(event), failure);
    return report && checkPost(runtime.provider, report);
  } catch {
    const message = `${event.seen.name}: whenDead threw, or gave what cannot be posted`;
    runtime.warn({ code: "when_dead_failed", message });
    return undefined;
  }
}

/** As if it had never been taken. */
export async function giveBack(hold: Hold, attempts: number, forMs: number): Promise<void> {
  await hold.save({ attempts: attempts - 1, forMs, held: false });
}
