/** After the acknowledgement: the retries are ours, until an event is settled or a dead letter. */
import type { Change, Taken } from "../../backend.ts";
import { AnswerbackError, RetryLater } from "../../errors.ts";
import type { Failure, Post } from "../../provider.ts";
import { checkPost } from "./encoding.ts";
import { encodable, inHand, type EventInHand } from "./event.ts";
import { createHold, type Hold } from "../record/hold.ts";
import { RolledBack } from "../record/transaction.ts";
import { post } from "./post.ts";
import { startInTurn } from "./in-turn.ts";
import { handlerFor, tellOf, type Ended, type Run } from "./run.ts";
import { leaseMs, type Runtime } from "../runtime.ts";
import { postWork, waiting } from "./settle.ts";
import { codeOf, failureOf } from "../thrown.ts";
import { readWork, writeNote, writeWork, type EventWork, type PostWork } from "./work.ts";

/** Runs, and posts, at a time; what is more waits for its turn. */
export const slots = 16;

/** How long what has no slot, or no handler, here is left to others: ms. */
const elsewhereMs = { slot: 1_000, handler: 30_000 };

/** Works one due record. Never rejects. */
export async function workOn(runtime: Runtime, taken: Taken, token: string): Promise<void> {
  const hold = createHold(runtime, taken.key, token);
  try {
    const work = readWork(taken.work);
    if (work?.kind === "post")
      return await inSlot(runtime, "posts", { hold, taken }, () =>
        post(runtime, { hold, work, attempts: taken.attempts }),
      );
    if (work?.kind === "event")
      return await inSlot(runtime, "runs", { hold, taken }, () => rerun(runtime, { hold, taken, work }));
    await bury(runtime, {
      hold,
      error: new AnswerbackError("malformed", "no version of this package has written this record"),
    });
  } catch {
    // the receiver closed, or the engine went away: the lease ends, and somebody takes the record again
  } finally {
    hold.drop();
  }
}

/** A late end of a run that is accepted: the callback is posted, or the error decides what comes next. */
export interface Late {
  readonly event: EventInHand;
  readonly hold: Hold;
  readonly run: Run;
  readonly attempts: number;
  /** The acknowledgement, where nobody knows whether it was stored. */
  readonly answer?: string;
  /** The callback address has been used. */
  readonly spent?: boolean;
}

/** Waits for the handler, then settles, posts, retries or buries. */
export async function finish(runtime: Runtime, late: Late): Promise<void> {
  const ended = await late.run.done;
  if ("error" in ended) return failed(runtime, late, ended.error);
  try {
    await settleLate(runtime, late, ended);
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    tellOf(runtime, late.event, error);
    await failed(runtime, late, error);
  }
}

async function settleLate(
  runtime: Runtime,
  { event, hold, answer }: Late,
  ended: Exclude<Ended, { error: unknown }>,
): Promise<void> {
  const acknowledged: Change = answer === undefined ? {} : { answer };
  if ("later" in ended) return void (await hold.persist({ ...acknowledged, ...waiting(runtime, event) }));
  const { post: callback, lost = [] } = ended.encoded;
  if (lost.length > 0) {
    const message = `${event.seen.name} was answered late: ${lost.join(", ")} had nowhere to go`;
    runtime.warn({ code: "late_answer_dropped", message });
  }
  if (callback) return postLate(runtime, { event, hold, callback }, acknowledged);
  await hold.persist({ ...acknowledged, work: null, forMs: event.stored.retentionMs });
}

/** The callback becomes the record's work, as begun once, and its holder posts it. False: the record is not ours any more. */
export async function postLate(
  runtime: Runtime,
  { event, hold, callback }: { event: EventInHand; hold: Hold; callback: Post },
  more: Change = {},
): Promise<void> {
  const work = postWork(runtime, event, callback);
  if (await hold.persist({ ...more, work: writeWork(work), attempts: 1, forMs: leaseMs }))
    await post(runtime, { hold, work, attempts: 1 });
}

async function failed(
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

async function rerun(
  runtime: Runtime,
  { hold, taken, work }: { hold: Hold; taken: Taken; work: EventWork },
): Promise<void> {
  const stored = work.spent ? { ...work.event, callbackUrl: undefined } : work.event;
  const { attempts } = taken;
  const spent = work.spent ?? false;
  const event = await inHand(runtime.provider, stored).catch((error: unknown) => error);
  if (!isEvent(event)) return bury(runtime, { hold, error: event });
  if (work.later)
    return bury(runtime, {
      event,
      hold,
      error: new AnswerbackError("unanswered", "later() was returned, and nobody answered in time"),
    });
  if (attempts > runtime.maxAttempts) {
    return bury(runtime, {
      event,
      hold,
      spent,
      error: new AnswerbackError("attempts_used_up", `${attempts - 1} runs were begun and none ended`),
    });
  }
  if (!handlerFor(runtime, event.seen.type)) return giveBack(hold, attempts, elsewhereMs.handler);
  hold.keep();
  await finish(runtime, {
    event,
    hold,
    attempts,
    spent,
    run: startInTurn(runtime, event, { attempt: attempts, hold, atOnce: true }),
  });
}

function isEvent(event: unknown): event is EventInHand {
  return typeof event === "object" && event !== null && "stored" in event;
}

/** Works a record if there is room for its kind; else it is given back, as if never taken. */
async function inSlot(
  { working }: Runtime,
  kind: "runs" | "posts",
  { hold, taken }: { hold: Hold; taken: Taken },
  work: () => Promise<void>,
): Promise<void> {
  if (working[kind] >= slots) return giveBack(hold, taken.attempts, elsewhereMs.slot);
  working[kind] += 1;
  try {
    await work();
  } finally {
    working[kind] -= 1;
  }
}

/** As if it had never been taken. */
async function giveBack(hold: Hold, attempts: number, forMs: number): Promise<void> {
  await hold.save({ attempts: attempts - 1, forMs, held: false });
}
