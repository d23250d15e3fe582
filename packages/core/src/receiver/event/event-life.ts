/** The life of an event in this process: claimed, run, then settled, accepted, deferred or failed. Read it from top to bottom. */
import type { Change } from "../../contract/backend.ts";
import type { Reply, Sent } from "../../contract/delivery.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import type { Post } from "../../contract/provider.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { callAt, timedOut, withTimeout } from "../../lib/timeout.ts";
import { fromStored, sameForAll, type EventResult, type RunResult, type RunSuccess } from "../outcome.ts";
import { graceMs, times } from "../patience.ts";
import { causeOf, observeDead } from "../record/dead.ts";
import { Lease, leaseLost } from "../record/lease.ts";
import { dead, toDo, writeNote, type EventWork } from "../record/stored.ts";
import { RolledBack, type UnitOfWork } from "../record/unit-of-work.ts";
import { refusal, RunningElsewhere } from "../refusal.ts";
import type { Runtime } from "../runtime.ts";
import { codeOf } from "../thrown.ts";
import { acknowledgement } from "./encoding.ts";
import { postWork, type LoadedEvent } from "./event.ts";
import { completeAccepted, hopeless, retryOrBury, untilAnswered } from "./late.ts";
import { Run } from "./run.ts";

/** One event from its claim to its end. The deliveries that wait for it are told once; it may go on behind their reply. */
export class EventLife {
  readonly #runtime: Runtime;
  readonly #event: LoadedEvent;
  readonly #lease: Lease;
  readonly #waitedUntil: number;
  readonly #reply = Promise.withResolvers<EventResult>();
  #run: Run | undefined;
  #isRefused = false;
  #isOver = false;

  /** @param waitedUntil How long the delivery that begins the event waits: ms since the epoch. */
  constructor(runtime: Runtime, event: LoadedEvent, waitedUntil: number) {
    this.#runtime = runtime;
    this.#event = event;
    this.#lease = new Lease(runtime, event.view.key);
    this.#waitedUntil = waitedUntil;
  }

  /** What the deliveries that wait are told, once that is stored. Rejects with the reason for a refusal. */
  get reply(): Promise<EventResult> {
    return this.#reply.promise;
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
    const { running, tasks, answerWithinMs } = this.#runtime;
    tasks.begin();
    try {
      const claiming = this.#lease.claim();
      const claim = isPromise(claiming) ? await claiming : claiming;
      if (claim.state === "settled") return this.#tell(fromStored(claim.answer));
      if (claim.state === "held") throw new RunningElsewhere(claim.forMs);
      if (!begin) return await this.#defer();
      if (answerWithinMs === 0) return await this.#accept();

      const run = this.#start(claim.attempts);
      const result = isPromise(run.result) ? await this.#resultInTime(run.result) : run.result;
      if (result !== timedOut) return await this.#end(result, run.unit);
      if (run.isBegun) return await this.#accept();
      run.abort(new AnswerbackError("running", "its turn did not come in time"));
      await this.#defer();
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#lease.stopRenewing();
      this.#run?.unit.abandon();
      this.#isOver = true;
      running.delete(this.#lease.key);
      tasks.end();
    }
  }

  /** Settles an event that was handled without a claim. `false`: somebody else has the record. */
  async settleUnclaimed(result: RunSuccess): Promise<boolean> {
    if ((await this.#lease.claim()).state !== "claimed") return false;
    const alone = { commit: (change: Change) => this.#lease.saveUntilKnown(change) };
    const settling = this.#settle(result, alone).catch((error: unknown) => this.#refuse(error));
    void this.#runtime.tasks.track(settling);
    return true;
  }

  #start(attempt: number, mayWait = true): Run {
    return (this.#run = new Run(this.#runtime, this.#event, { attempt, lease: this.#lease, mayWait }));
  }

  /** How the run ended, or `timedOut` once the delivery must be acknowledged (any.11). The lease is renewed meanwhile. */
  #resultInTime(result: Promise<RunResult>): Promise<RunResult | typeof timedOut> {
    this.#lease.startRenewing();
    const { acceptsLate, answerWithinMs, clock } = this.#runtime;
    if (!acceptsLate) return result;
    return withTimeout(result, this.#event.view.receivedAt + answerWithinMs - clock.now(), clock);
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
    if (post && repeat) return this.#settleInline({ reply, repeat, post }, unit);
    const change: Change = post
      ? { ...toDo(postWork(this.#runtime, this.#event, post)), attempts: 0, forMs: 0 }
      : { work: null, forMs: this.#event.stored.retentionMs };
    const storing = this.#isStored(unit.commit({ answer: JSON.stringify(reply), ...change }));
    const isStored = isPromise(storing) ? await storing : storing;
    if (isStored) this.#tell(sameForAll(result.isStale ? "ignored" : "handled", reply));
  }

  /** `later()`: acknowledged, and somebody answers before the callback address expires (upsales.18). */
  async #promiseAnswer(reply: Reply, unit: Pick<UnitOfWork, "commit">): Promise<void> {
    const change = { answer: JSON.stringify(reply), ...untilAnswered(this.#runtime, this.#event) };
    if (await this.#isStored(unit.commit(change))) this.#tell(sameForAll("accepted", reply));
  }

  /**
   * The callback is stored as used once, and as held until the provider has surely hung up. It goes inline if that was
   * stored in time and the delivery still waits; else it is unused, and due at once (upsales.8).
   */
  async #settleInline(
    { reply, repeat, post }: { reply: Reply; repeat: Reply; post: Post },
    unit: Pick<UnitOfWork, "commit">,
  ): Promise<void> {
    const { clock, patienceMs } = this.#runtime;
    const hangsUpAt = this.#event.view.receivedAt + patienceMs;
    const callback = toDo(postWork(this.#runtime, this.#event, post));
    const forMs = graceMs(hangsUpAt, clock.now());
    const storing = unit.commit({ answer: JSON.stringify(repeat), ...callback, attempts: 1, forMs });
    if (!(await this.#isStored(storing))) return;
    if (this.#isRefused || clock.now() >= Math.min(this.#waitedUntil, hangsUpAt)) {
      this.#tell(sameForAll("handled", repeat));
      return this.#saveUse("not");
    }
    // storing took time, and the record is due when it was to be due at first
    const finishWithinMs = graceMs(hangsUpAt, clock.now());
    const { promise: told, resolve: sent } = Promise.withResolvers<Sent>();
    this.#tell({ outcome: "handled", reply: { ...reply, sent, finishWithinMs }, repeat });
    const how = await withTimeout(told, finishWithinMs, clock);
    if (how !== timedOut) await this.#saveUse(how);
  }

  /** Was the one use spent? Perhaps sent: due at once, as a second use. Not sent: due at once, as the first. */
  async #saveUse(how: Sent): Promise<void> {
    if (how === "fully")
      await this.#lease.saveUntilKnown({ work: null, forMs: this.#event.stored.retentionMs });
    else await this.#lease.saveUntilKnown(how === "not" ? { attempts: 0, forMs: 0 } : { forMs: 0 });
  }

  /** Not done in time, or failed: the event is acknowledged, and goes on (any.11). The lease is the watchdog. */
  async #accept(failure?: AnswerbackError): Promise<void> {
    const [event, lease] = [this.#event, this.#lease];
    const { reply, answer, work } = this.#acceptance();
    let unknownAnswer: string | undefined;
    try {
      if (!(await lease.save({ answer, ...toDo(work), attempts: 1, forMs: times.lease })))
        return this.#refuse(leaseLost());
      this.#tell(sameForAll("accepted", reply));
    } catch (error) {
      this.#refuse(error);
      if (!this.#run) return this.#release();
      // nobody knows whether it was stored: the handler goes on, and its end is saved as if it had not been
      unknownAnswer = answer;
    }
    lease.startRenewing();
    const run = this.#run ?? this.#start(1, false);
    const accepted = { event, lease, run, attempts: 1, work, unknownAnswer };
    if (failure) await retryOrBury(this.#runtime, accepted, failure);
    else await completeAccepted(this.#runtime, accepted);
  }

  /** Accepted and due: some worker begins it. */
  async #defer(): Promise<void> {
    const { reply, answer, work } = this.#acceptance();
    try {
      if (!(await this.#lease.save({ answer, ...toDo(work), attempts: 0, forMs: 0 })))
        return this.#refuse(leaseLost());
      this.#tell(sameForAll("accepted", reply));
    } catch (error) {
      this.#refuse(error);
      await this.#release();
    }
  }

  /** Nobody knows whether the acceptance was stored: if it was, a worker begins the event, else the next delivery. */
  async #release(): Promise<void> {
    await this.#lease.saveUntilKnown({ attempts: 0, forMs: 0 });
  }

  /** The acknowledgement, and the event as it was decoded (any.12). */
  #acceptance() {
    const { durable, name, provider } = this.#runtime;
    if (!durable)
      this.#runtime.warnOnce(
        "accepted_in_memory",
        `${name}: events are acknowledged that a restart would lose; use a durable backend`,
      );
    const reply = acknowledgement(provider, this.#event);
    const work: EventWork = { kind: "event", event: this.#event.stored };
    return { reply, answer: JSON.stringify(reply), work };
  }

  /**
   * For good: that is the answer, and the event a dead letter. For now: the event is free again, and the provider sends it
   * again (any.9); a provider that does not is acknowledged, and the retries are ours (any.24).
   */
  async #fail(error: AnswerbackError): Promise<void> {
    const { backendWithinMs, clock, acceptsFailures } = this.#runtime;
    const code = codeOf(error);
    if (acceptsFailures && !hopeless.has(code)) return this.#accept(error);
    if (code !== "permanent") {
      const releasing = this.#lease.saveUntilKnown({ note: writeNote(error), forMs: 0 });
      if (isPromise(releasing)) await withTimeout(releasing, backendWithinMs, clock);
      this.#refuse(error);
      await releasing;
      return;
    }
    const { key, type, name } = this.#event.view;
    const reply = refusal(this.#runtime, error);
    const cause = causeOf(error);
    const work = toDo({ kind: "event", event: this.#event.stored });
    const change = { answer: JSON.stringify(reply), ...work, ...dead(this.#runtime, cause.error) };
    if (!(await this.#isStored(this.#lease.saveUntilKnown(change)))) return;
    observeDead(this.#runtime, { key, work: "event", type, name }, cause);
    this.#tell({ ...sameForAll("failed", reply), error });
  }

  /** Was the step stored? A backend that takes too long costs the deliveries a 503, not the result (any.22). */
  #isStored(storing: MaybePromise<boolean>): MaybePromise<boolean> {
    if (!isPromise(storing)) return this.#isOurs(storing);
    const { backendWithinMs, clock } = this.#runtime;
    const tooLate = () =>
      this.#refuse(new AnswerbackError("backend_away", "the backend did not store the answer"));
    const cancel = callAt(clock.now() + backendWithinMs, clock, tooLate);
    return storing.then((ours) => this.#isOurs(ours)).finally(cancel);
  }

  #isOurs(isStored: boolean): boolean {
    if (!isStored) this.#refuse(leaseLost());
    return isStored;
  }

  #tell(result: EventResult): void {
    this.#reply.resolve(result);
  }

  #refuse(reason: unknown): void {
    this.#isRefused = true;
    this.#reply.reject(reason);
  }
}
