/** Work that is due: after the acknowledgement retries are ours, until an event is settled or a dead letter. */
import type { Taken, Worker } from "../contract/backend.ts";
import { AnswerbackError } from "../contract/errors.ts";
import { post } from "./callback/post.ts";
import { loadEvent, type LoadedEvent } from "./event/event.ts";
import { bury, completeAccepted, giveBack, untilAnswered } from "./event/late.ts";
import { Run } from "./event/run.ts";
import { times } from "./patience.ts";
import { Lease } from "./record/lease.ts";
import { readWork, type EventWork } from "./record/stored.ts";
import type { Runtime } from "./runtime.ts";
import { handlerFor } from "./handlers.ts";
import { pausesKey } from "./record/keys.ts";
import { park } from "./record/paused-work.ts";
import { isPausedNow, putPausesBack } from "./record/pauses-record.ts";

/** The receiver as a backend hands it what is due. */
export function createWorker(runtime: Runtime): Worker {
  const { tasks, concurrency } = runtime;
  return {
    leaseMs: times.lease,
    slots: { run: concurrency.runs, post: concurrency.posts },
    each: (taken, token) => tasks.track(workOn(runtime, taken, token)),
    taking: (take) => void tasks.track(take),
  };
}

/** Works what has been due longest. `false`: nothing is due, and nothing runs. */
export async function workNext(runtime: Runtime): Promise<boolean> {
  const token = runtime.newToken();
  const taken = await runtime.records.take({ token, sequence: 0, leaseMs: times.lease });
  if (taken) await runtime.tasks.track(workOn(runtime, taken, token));
  return taken !== undefined || runtime.tasks.isBusy();
}

/** Works one due record. Never rejects. */
async function workOn(runtime: Runtime, taken: Taken, token: string): Promise<void> {
  const lease = new Lease(runtime, taken.key, token);
  try {
    if (taken.key === pausesKey) return await putPausesBack(lease, taken.work);
    const work = readWork(taken.work);
    if (work?.kind === "post") await post(runtime, { lease, work, attempts: taken.attempts });
    else if (work?.kind === "event") await rerun(runtime, { lease, work, attempts: taken.attempts });
    else await bury(runtime, { lease, error: unreadable() });
  } catch {
    // the receiver closed, or the engine went away: the lease ends, and somebody takes the record again
  } finally {
    lease.stopRenewing();
  }
}

/** An event in the hands of a worker. */
interface Rerun {
  readonly lease: Lease;
  readonly work: EventWork;
  /** This run included. */
  readonly attempts: number;
}

async function rerun(runtime: Runtime, { lease, work, attempts }: Rerun): Promise<void> {
  const { spent: isSpent, ended = 0, uses } = work;
  let event: LoadedEvent;
  try {
    event = await loadEvent(runtime, isSpent ? { ...work.event, callbackUrl: undefined } : work.event);
  } catch (error) {
    return bury(runtime, { lease, error });
  }
  if (work.later) return waitOn(runtime, event, { lease, work, attempts });
  const { name } = event.view;
  if (!work.unpaused && runtime.pauses.mayBe && (await isPausedNow(runtime, name)))
    return park(runtime, { lease, name, attempts });
  const unended = attempts - 1 - ended;
  if (unended >= runtime.maxAttempts)
    return bury(runtime, { event, lease, isSpent, error: attemptsUsedUp(unended), uses });
  if (!handlerFor(runtime, event.view.type)) return giveBack(lease, attempts, times.noHandler);
  lease.startRenewing();
  const run = new Run(runtime, event, { attempt: attempts, lease, mayWait: false, work });
  await completeAccepted(runtime, { event, lease, run, attempts, work });
}

/** Nobody answered in time; unless a process died while it posted a partial answer, and there is time left. */
async function waitOn(runtime: Runtime, event: LoadedEvent, { lease, work, attempts }: Rerun): Promise<void> {
  const { uses, replied } = work;
  const waiting = untilAnswered(runtime, event, { uses, replied });
  if (waiting.forMs! > 0) await lease.saveUntilKnown({ ...waiting, attempts: attempts - 1 });
  else await bury(runtime, { event, lease, error: unanswered(), uses });
}

function unreadable(): AnswerbackError {
  return new AnswerbackError("malformed", "no version of this package has written this record");
}

function unanswered(): AnswerbackError {
  return new AnswerbackError("unanswered", "later() was returned, and nobody answered in time");
}

function attemptsUsedUp(runs: number): AnswerbackError {
  return new AnswerbackError("attempts_used_up", `${runs} runs in a row were begun and never ended`);
}
