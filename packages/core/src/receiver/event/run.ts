/** One run of a handler: its entity locked, the handler called and given its time, its answer encoded. */
import { isLater, type Later } from "../../contract/answers.ts";
import { AnswerbackError, type ErrorCode } from "../../contract/errors.ts";
import { Cancellation } from "../../lib/cancellation.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { callAt } from "../../lib/timeout.ts";
import { within, type Followed } from "../follow.ts";
import type { RunObservation } from "../observe.ts";
import type { RunResult } from "../outcome.ts";
import type { Lease } from "../record/lease.ts";
import type { EventWork } from "../record/stored.ts";
import { UnitOfWork } from "../record/unit-of-work.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs, codeOf, sentenceOf } from "../thrown.ts";
import { acknowledgement, encodeAnswer } from "./encoding.ts";
import { aboutEvent, type LoadedEvent } from "./event.ts";
import { Progress } from "./progress.ts";
import { RunContext } from "./run-context.ts";
import { acquire, entityOfEvent } from "./ordering.ts";
import { callUser, handlerOf } from "./user-code.ts";

/** How a run begins. */
export interface RunOptions {
  /** The ordinal of this run of the event, from 1. */
  readonly attempt: number;
  /** Our lease on the event's record; absent where nothing was claimed. */
  readonly lease?: Lease;
  /** May it wait until its entity is free? Else it ends with `running`. Default `true`. */
  readonly mayWait?: boolean;
  /** What the record says is to be done; absent: it says nothing yet. */
  readonly work?: EventWork | undefined;
  /** Acknowledges the event now. Resolves when that is stored; absent: it was acknowledged before. */
  readonly acknowledge?: (() => Promise<void>) | undefined;
}

/** A run under way, from its construction on. What its handler does after the run has ended changes nothing (any.21). */
export class Run {
  /** How it ended: there at once where the handler returned at once. Never rejects. */
  readonly result: MaybePromise<RunResult>;
  /** What is to be written with the next step of the event. */
  readonly unit: UnitOfWork;
  readonly #runtime: Runtime;
  readonly #event: LoadedEvent;
  readonly #options: RunOptions;
  /** Aborts the handler's signal. */
  readonly #handling = new Cancellation();
  /** Aborts the waiting for the entity. */
  readonly #waiting: Cancellation | undefined;
  #followed: Followed | undefined;
  #progress: Progress | undefined;
  #isBegun = false;
  #isOver = false;

  constructor(runtime: Runtime, event: LoadedEvent, options: RunOptions) {
    this.#runtime = runtime;
    this.#event = event;
    this.#options = options;
    this.unit = new UnitOfWork(runtime, options.lease);
    if (runtime.order && options.lease) this.#waiting = new Cancellation();
    this.result = this.#waiting ? this.#runInOrder(options.lease!, this.#waiting) : this.#runHandler();
  }

  /** Has the handler been called? Not while its event waits for its entity. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** How many uses of the callback address were begun, those of earlier runs included. */
  get uses(): number | undefined {
    return this.#progress?.uses ?? this.#options.work?.uses;
  }

  /** What its handler calls as `context.post`: a partial answer. */
  post(partial: unknown): Promise<void> {
    const posting = this.#postPartial(partial);
    // told here, since a handler need not wait for it
    posting.catch((error: unknown) => this.#tellOfPost(error));
    return posting;
  }

  #tellOfPost(error: unknown): void {
    const { key, name } = this.#event.view;
    this.#runtime.tell(error, { stage: "post", key, name });
  }

  async #postPartial(partial: unknown): Promise<void> {
    const { lease } = this.#options;
    if (!lease) throw new AnswerbackError("wrong_state", "an interactive event has nothing but its answer");
    const isOver = () => this.#isOver;
    this.#progress ??= new Progress(this.#runtime, this.#event, { ...this.#options, lease, isOver });
    try {
      await this.#progress.post(partial);
    } catch (error) {
      // earlier runs may have spent the uses, and a handler that waits for each post is to come to its answer all the same
      if (codeOf(error) !== "callback_spent" || this.#event.terms.address!.uses === 1) throw error;
      this.#tellOfPost(error);
    }
  }

  /** Resolves when the partial answers that its handler posted have ended. */
  async progressEnded(): Promise<void> {
    await this.#progress?.ended();
  }

  /** Aborts the handler's signal: nobody waits for its reply any more, but what it returns still counts. */
  abort(reason: AnswerbackError): void {
    this.#waiting?.abort(reason);
    if (this.#isBegun) this.#handling.abort(reason);
  }

  /** Tells why the run failed. One that is put off, since its entity is busy or the receiver closes, has not failed. */
  tell(error: unknown): void {
    const code = codeOf(error);
    if (code === "running" || code === "closing") return;
    const { key, name } = this.#event.view;
    const stage = wrongAnswers.has(code) ? "answer" : "run";
    this.#runtime.tell(error, { stage, key, name, attempt: this.#options.attempt });
  }

  async #runInOrder(lease: Lease, waiting: Cancellation): Promise<RunResult> {
    const runtime = this.#runtime;
    const order = runtime.order!;
    const stop = (reason: unknown) => waiting.abort(reason);
    const listeners = [runtime.shutdown.onAbort(stop), lease.lost.onAbort(stop)];
    try {
      const entity = await callUser("order.by", () => entityOfEvent(order, this.#event));
      if (!entity) return await this.#runHandler();
      const mayWait = this.#options.mayWait ?? true;
      const lock = await acquire(runtime, entity, { cancellation: waiting, mayWait });
      if (lock.isStale && order.stale !== "handle") {
        await lock.release("failed");
        return { encoded: { reply: acknowledgement(runtime, this.#event) }, isStale: true };
      }
      this.unit.join(lock);
      waiting.throwIfAborted();
      return await this.#runHandler(lock.lost);
    } catch (error) {
      this.unit.close();
      this.unit.rollback(error);
      this.tell(error);
      return { error: asOurs(error) };
    } finally {
      for (const stopListening of listeners) stopListening();
    }
  }

  /** Calls the handler and ends the run with it. @param entityLost Aborts when other processes may handle the entity. */
  #runHandler(entityLost?: Cancellation): MaybePromise<RunResult> {
    const { shutdown, clock } = this.#runtime;
    const startedAt = clock.now();
    const stops = [shutdown, this.#options.lease?.lost, entityLost];
    this.#isBegun = true;
    this.#runtime.underWay.runs += 1;
    this.#followed = this.#runtime.follow?.({ kind: "run", trace: this.#event.stored.trace });
    const ended = (result: RunResult) => this.#end(result, clock.now() - startedAt);
    try {
      for (const stop of stops) stop?.throwIfAborted();
      const answering = within(this.#followed, () => this.#answer());
      if (!isPromise(answering)) return ended(answering);
      return this.#unlessStopped(answering, stops).then(ended, (error) => ended({ error: asOurs(error) }));
    } catch (error) {
      return ended({ error: asOurs(error) });
    }
  }

  #answer(): MaybePromise<RunResult> {
    const { view } = this.#event;
    const handler = handlerOf(this.#runtime, this.#event);
    const context = new RunContext(this.#options.attempt, this.#handling, this);
    const answer = callUser("the handler", () => handler(view, context));
    return isPromise(answer) ? answer.then((value) => this.#resultOf(value)) : this.#resultOf(answer);
  }

  #resultOf(answer: unknown): MaybePromise<RunResult> {
    if (isLater(answer)) return this.#laterOf(answer);
    const encoded = encodeAnswer(this.#runtime, this.#event, answer);
    return isPromise(encoded) ? encoded.then((value) => ({ encoded: value })) : { encoded };
  }

  /** What the provider gets now must leave the use of its address to `receiver.answer` (upsales.18). */
  async #laterOf({ acknowledgement: answer }: Later): Promise<RunResult> {
    if (!this.#event.view.callback)
      throw new AnswerbackError("invalid_answer", "later() was returned where no callback is possible");
    if (answer === undefined)
      return { encoded: { reply: acknowledgement(this.#runtime, this.#event, accepted) }, isLater: true };
    const encoded = await encodeAnswer(this.#runtime, this.#event, answer, accepted);
    if (!encoded.post) return { encoded, isLater: true };
    throw new AnswerbackError("invalid_answer", "later(…) holds a callback: hand that to receiver.answer");
  }

  /** The answer; rejects when the run's time is over, or when something stops it, whichever comes first. */
  #unlessStopped(
    answering: Promise<RunResult>,
    stops: readonly (Cancellation | undefined)[],
  ): Promise<RunResult> {
    const { clock, handleWithinMs } = this.#runtime;
    const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
    const stop = (reason: unknown) => {
      this.#handling.abort(reason);
      reject(reason);
    };
    const tooLate = () => stop(handlerTimeout(handleWithinMs));
    const cancelTimeout = callAt(clock.now() + handleWithinMs, clock, tooLate);
    const cancelExpiry = this.#whenExpired(() => this.#handling.abort(addressExpired()));
    const listeners = stops.map((cancellation) => cancellation?.onAbort(stop));
    answering.then(resolve, reject);
    return promise.finally(() => {
      cancelTimeout();
      cancelExpiry();
      for (const stopListening of listeners) stopListening?.();
    });
  }

  /** Nobody reads an answer whose address has ended: the handler may stop, and what it returns still counts (any.37). */
  #whenExpired(then: () => void): () => void {
    const { view, terms } = this.#event;
    const { expiresMs = Infinity } = terms.address ?? {};
    if (!view.callback || expiresMs === Infinity) return () => {};
    return callAt(view.receivedAt + expiresMs, this.#runtime.clock, then);
  }

  /** A failed run leaves nothing; what was written without a record to settle is committed here. */
  #end(result: RunResult, tookMs: number): MaybePromise<RunResult> {
    this.unit.close();
    this.#isOver = true;
    this.#runtime.underWay.runs -= 1;
    this.#report(result, tookMs);
    if ("error" in result) this.unit.rollback(result.error);
    else if (!this.#options.lease && this.unit.hasWrites) return this.#commitWrites(result);
    return result;
  }

  async #commitWrites(result: RunResult): Promise<RunResult> {
    try {
      await this.unit.commitWrites();
      return result;
    } catch (error) {
      return { error: asOurs(error) };
    }
  }

  #report(result: RunResult, tookMs: number): void {
    const { observe, name: receiver } = this.#runtime;
    const failure = "error" in result ? result.error : undefined;
    if (failure) this.tell(failure);
    const observation: RunObservation = {
      kind: "run",
      receiver,
      ...aboutEvent(this.#event),
      attempt: this.#options.attempt,
      outcome: failure ? "failed" : "handled",
      code: failure?.code,
      reason: failure && sentenceOf(failure),
      tookMs,
    };
    observe(observation);
    this.#followed?.end(observation);
  }
}

const accepted = { accepted: true } as const;

/** What is wrong with what a handler returned. */
const wrongAnswers = new Set<ErrorCode>(["invalid_answer", "callback_too_large", "callback_url_refused"]);

function addressExpired(): AnswerbackError {
  return new AnswerbackError(
    "callback_expired",
    "the callback address has expired, so the answer has nowhere to go",
  );
}

function handlerTimeout(ms: number): AnswerbackError {
  return new AnswerbackError("handler_timeout", `not done within ${ms / 1_000} s`);
}
