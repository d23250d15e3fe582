/** The life of an event in this process: claimed, run, then settled, accepted, deferred or failed. Read it from top to bottom. */
import type { Change } from "../../contract/backend.ts";
import type { Reply } from "../../contract/delivery.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { isPromise } from "../../lib/maybe-promise.ts";
import { timedOut, withTimeout } from "../../lib/timeout.ts";
import {
  fromStored,
  sameForAll,
  toStored,
  type EventResult,
  type RunResult,
  type RunSuccess,
} from "../outcome.ts";
import { times } from "../patience.ts";
import { toAbout } from "../record/about.ts";
import { causeOf, observeDead } from "../record/dead.ts";
import { Lease, leaseLost } from "../record/lease.ts";
import { dead, keeping, toDo, writeNote, type EventWork } from "../record/stored.ts";
import { handlingPaused, isPausedNow } from "../record/pauses-record.ts";
import { unparkIfResumed } from "../record/paused-work.ts";
import { RolledBack, type UnitOfWork } from "../record/unit-of-work.ts";
import { refusal, RunningElsewhere } from "../refusal.ts";
import type { Runtime } from "../runtime.ts";
import { codeOf } from "../thrown.ts";
import { acknowledgement } from "./encoding.ts";
import { aboutEvent, encodable, type LoadedEvent } from "./event.ts";
import { completeAccepted, hopeless, retryOrBury, untilAnswered } from "./late.ts";
import { Run, type RunOptions } from "./run.ts";
import { sendCallback } from "./send-callback.ts";
import { WaitingDeliveries, type BegunBy } from "./waiting-deliveries.ts";

/** One event from its claim to its end. The deliveries that wait for it are told once; it may go on behind their reply. */
export class EventLife {
  readonly #runtime: Runtime;
  readonly #event: LoadedEvent;
  readonly #lease: Lease;
  readonly #waiting: WaitingDeliveries;
  #run: Run | undefined;
  /** Where the handler may post before its answer: `asked` when a post needs the acknowledgement, `done` when that is stored. */
  readonly #early:
    | { readonly asked: PromiseWithResolvers<typeof timedOut>; readonly done: PromiseWithResolvers<void> }
    | undefined;
  #wasTried = false;
  #isOver = false;

  constructor(runtime: Runtime, event: LoadedEvent, begunBy: BegunBy) {
    this.#runtime = runtime;
    this.#event = event;
    this.#lease = new Lease(runtime, event.view.key);
    this.#waiting = new WaitingDeliveries(runtime, event, begunBy);
    if (event.view.callback && event.terms.address!.uses > 1) this.#early = createEarly();
  }

  /** What the deliveries that wait are told, once that is stored. Rejects with the reason for a refusal. */
  get reply(): Promise<EventResult> {
    return this.#waiting.reply;
  }

  /** Has the event come to its end here, and not only to its reply? */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * From the claim to the end. What comes after the reply happens behind it. Never rejects.
   *
   * @param begin `false`: no delivery has the time to wait, so a worker is to run the event (inbox.2).
   */
  async live(begin: boolean): Promise<void> {
    const { running, tasks } = this.#runtime;
    const { answerWithinMs } = this.#event.terms;
    tasks.begin();
    try {
      const { pauses, durable } = this.#runtime;
      const isPaused = pauses.mayBe && (await isPausedNow(this.#runtime, this.#event.view.name));
      // in memory it cannot wait: a restart would lose what the provider was told is accepted
      if (isPaused && !durable) throw handlingPaused();
      const claiming = this.#lease.claim(toAbout(this.#event.stored));
      const claim = isPromise(claiming) ? await claiming : claiming;
      if (claim.state === "settled") return this.#waiting.tell(fromStored(claim.answer));
      if (claim.state === "held") throw new RunningElsewhere(claim.forMs);
      this.#wasTried = claim.attempts > 1;
      if (isPaused) return await this.#defer({ isPaused });
      if (!begin) return await this.#defer();
      if (answerWithinMs === 0) return await this.#accept();

      const run = this.#start({ attempt: claim.attempts });
      const result = isPromise(run.result) ? await this.#resultInTime(run.result) : run.result;
      if (result !== timedOut) return await this.#end(result, run.unit);
      if (run.isBegun) return await this.#accept();
      run.abort(new AnswerbackError("running", "its turn did not come in time"));
      await this.#defer();
    } catch (error) {
      this.#waiting.refuse(error);
    } finally {
      this.#lease.stopRenewing();
      this.#run?.unit.abandon();
      this.#isOver = true;
      this.#early?.done.reject(new AnswerbackError("wrong_state", "the event was answered before"));
      running.delete(this.#lease.key);
      tasks.end();
    }
  }

  /** Settles an event that was handled without a claim. `false`: somebody else has the record. */
  async settleUnclaimed(result: RunSuccess): Promise<boolean> {
    if ((await this.#lease.claim(toAbout(this.#event.stored))).state !== "claimed") return false;
    const alone = { commit: (change: Change) => this.#lease.saveUntilKnown(change) };
    const settling = this.#settle(result, alone).catch((error: unknown) => this.#waiting.refuse(error));
    void this.#runtime.tasks.track(settling);
    return true;
  }

  #start(options: Pick<RunOptions, "attempt" | "mayWait">): Run {
    const lease = this.#lease;
    const early = this.#early;
    const acknowledge = early && (() => (early.asked.resolve(timedOut), early.done.promise));
    return (this.#run = new Run(this.#runtime, this.#event, { ...options, lease, acknowledge }));
  }

  /** How the run ended, or `timedOut` once the delivery must be acknowledged (any.11). The lease is renewed meanwhile. */
  #resultInTime(result: Promise<RunResult>): Promise<RunResult | typeof timedOut> {
    this.#lease.startRenewing();
    const { acceptsLate, answerWithinMs } = this.#event.terms;
    const early = this.#early ? Promise.race([result, this.#early.asked.promise]) : result;
    if (!acceptsLate) return early;
    const { clock } = this.#runtime;
    return withTimeout(early, this.#event.view.receivedAt + answerWithinMs - clock.now(), clock);
  }

  /** In time: settled; or failed, in the handler or in a transaction that was refused afterwards. */
  async #end(result: RunResult, unit: UnitOfWork): Promise<void> {
    try {
      if ("error" in result) await this.#fail(result.error);
      else await this.#settle(result, unit);
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
      this.#run?.tell(error);
      await this.#fail(error);
    }
  }

  /** The answer is stored, with the callback that is to be posted beside it, and told. */
  async #settle(result: RunSuccess, unit: Pick<UnitOfWork, "commit">): Promise<void> {
    const { reply, repeat, post } = result.encoded;
    if (result.isLater) return this.#promiseAnswer(reply, unit);
    if (post)
      return sendCallback(
        { runtime: this.#runtime, event: this.#event, lease: this.#lease, waiting: this.#waiting, unit },
        { reply, repeat, post },
      );
    const { stored } = this.#event;
    const change: Change = {
      work: null,
      // an error of an earlier run is no longer what is to be said of it
      ...(this.#wasTried && { note: null }),
      forMs: stored.retentionMs,
      ...keeping(this.#runtime, stored),
    };
    const storing = this.#waiting.stored(unit.commit({ answer: toStored(reply), ...change }));
    const isStored = isPromise(storing) ? await storing : storing;
    if (isStored) this.#waiting.tell(sameForAll(result.isStale ? "ignored" : "handled", reply));
  }

  /**
   * `later()`: acknowledged, and somebody answers before the callback address expires (upsales.18). The record then says
   * that the acknowledgement has gone, for whoever answers in another process.
   */
  async #promiseAnswer(reply: Reply, unit: Pick<UnitOfWork, "commit">): Promise<void> {
    const { uses } = this.#run ?? {};
    const change = { answer: toStored(reply), ...untilAnswered(this.#runtime, this.#event, { uses }) };
    if (!(await this.#waiting.stored(unit.commit(change)))) return;
    await this.#waiting.tellFirst(sameForAll("accepted", reply));
    await this.#lease.save(untilAnswered(this.#runtime, this.#event, { uses, replied: true }));
  }

  /** Not done in time, or failed: the event is acknowledged, and goes on (any.11). The lease is the watchdog. */
  async #accept(failure?: AnswerbackError): Promise<void> {
    const lease = this.#lease;
    const { reply, answer, work } = this.#acceptance();
    let unknownAnswer: string | undefined;
    try {
      if (!(await lease.save({ answer, ...toDo(work), attempts: 1, forMs: times.lease })))
        return this.#waiting.refuse(leaseLost());
      void this.#waiting.tellFirst(sameForAll("accepted", reply));
      this.#early?.done.resolve();
    } catch (error) {
      this.#waiting.refuse(error);
      this.#early?.done.reject(error);
      if (!this.#run) return this.#release();
      // nobody knows whether it was stored: the handler goes on, and its end is saved as if it had not been
      unknownAnswer = answer;
    }
    lease.startRenewing();
    const run = this.#run ?? this.#start({ attempt: 1, mayWait: false });
    const accepted = { event: this.#event, lease, run, attempts: 1, work, unknownAnswer };
    if (failure) await retryOrBury(this.#runtime, accepted, failure);
    else await completeAccepted(this.#runtime, accepted);
  }

  /**
   * Accepted, and not begun here. It is due, and some worker begins it; one that may post at once is due when its
   * acknowledgement has gone; one whose handling is paused waits until that has ended (any.49).
   */
  async #defer({ isPaused = false } = {}): Promise<void> {
    const { reply, answer, work } = this.#acceptance();
    const mayPost = this.#event.view.callback && !isPaused;
    const forMs = mayPost ? this.#waiting.graceMs() : 0;
    const { kind, ...left } = toDo(work);
    const deferred = { ...left, kind: isPaused ? ("paused" as const) : kind, attempts: 0, forMs };
    try {
      if (!(await this.#lease.save({ answer, ...deferred }))) return this.#waiting.refuse(leaseLost());
      await this.#waiting.tellFirst(sameForAll("accepted", reply));
      if (isPaused) await unparkIfResumed(this.#runtime, this.#event.view);
      if (mayPost) await this.#lease.saveUntilKnown({ forMs: 0 });
    } catch (error) {
      this.#waiting.refuse(error);
      await this.#release();
    }
  }

  /** Nobody knows whether the acceptance was stored: if it was, a worker begins the event, else the next delivery. */
  async #release(): Promise<void> {
    await this.#lease.saveUntilKnown({ attempts: 0, forMs: 0 });
  }

  /** The acknowledgement, and the event as it was decoded (any.12). */
  #acceptance() {
    const { durable, name } = this.#runtime;
    if (!durable)
      this.#runtime.warnOnce(
        "accepted_in_memory",
        `${name}: events are acknowledged that a restart would lose; use a durable backend`,
      );
    const reply = acknowledgement(this.#runtime, this.#event, { accepted: true });
    const work: EventWork = { kind: "event", event: this.#event.stored };
    return { reply, answer: toStored(reply), work };
  }

  /**
   * For good: that is the answer, and the event a dead letter. For now: the event is free again, and the provider sends it
   * again (any.9); a provider that does not is acknowledged, and the retries are ours (any.24).
   */
  async #fail(error: AnswerbackError): Promise<void> {
    const { backendWithinMs, clock } = this.#runtime;
    const code = codeOf(error);
    if (this.#event.terms.acceptsFailures && !hopeless.has(code)) return this.#accept(error);
    if (code !== "permanent") {
      const releasing = this.#lease.saveUntilKnown({ note: writeNote(error), forMs: 0 });
      if (isPromise(releasing)) await withTimeout(releasing, backendWithinMs, clock);
      this.#waiting.refuse(error);
      await releasing;
      return;
    }
    const reply = refusal(this.#runtime, error, encodable(this.#event));
    const cause = causeOf(error);
    const work = toDo({ kind: "event", event: this.#event.stored });
    const change = { answer: toStored(reply), ...work, ...dead(this.#runtime, cause.error) };
    if (!(await this.#waiting.stored(this.#lease.saveUntilKnown(change)))) return;
    observeDead(this.#runtime, { ...aboutEvent(this.#event), work: "event" }, cause);
    this.#waiting.tell({ ...sameForAll("failed", reply), error });
  }
}

function createEarly() {
  const [asked, done] = [Promise.withResolvers<typeof timedOut>(), Promise.withResolvers<void>()];
  done.promise.catch(() => {});
  return { asked, done };
}
