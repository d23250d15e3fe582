/** The deliveries that wait for an event: told once, or refused once. */
import { AnswerbackError } from "../../contract/errors.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { callAt } from "../../lib/timeout.ts";
import { followReply } from "../callback/reply-first.ts";
import type { EventResult } from "../outcome.ts";
import { graceMs, times } from "../patience.ts";
import { leaseLost } from "../record/lease.ts";
import type { Runtime } from "../runtime.ts";
import type { LoadedEvent } from "./event.ts";

/** The delivery that begins an event. */
export interface BegunBy {
  /** How long it waits: ms since the epoch. */
  readonly waitedUntil: number;
  /** Is it known how far its reply goes? */
  readonly tellsSent: boolean;
}

/** Those who wait for the answer of one event, in this process. */
export class WaitingDeliveries {
  readonly #runtime: Runtime;
  readonly #event: LoadedEvent;
  readonly #waitedUntil: number;
  readonly #reply = Promise.withResolvers<EventResult>();
  /** Is it known how far the reply to the first of them goes? */
  readonly tellsSent: boolean;
  #isRefused = false;

  constructor(runtime: Runtime, event: LoadedEvent, { waitedUntil, tellsSent }: BegunBy) {
    this.tellsSent = tellsSent;
    this.#runtime = runtime;
    this.#event = event;
    this.#waitedUntil = waitedUntil;
  }

  /** What they are told. Rejects with the reason for a refusal. */
  get reply(): Promise<EventResult> {
    return this.#reply.promise;
  }

  /** Does a reply still reach the first of them? Not after a refusal, nor when its time is over. */
  get isReachable(): boolean {
    const until = Math.min(this.#waitedUntil, this.#hangsUpAt);
    return !this.#isRefused && this.#runtime.clock.now() < until;
  }

  /** How long it may take until their provider has surely hung up: ms. */
  graceMs(): number {
    return graceMs(this.#hangsUpAt, this.#runtime.clock.now());
  }

  /** When their provider hangs up on the first of them: ms since the epoch. */
  get #hangsUpAt(): number {
    return this.#event.view.receivedAt + this.#event.terms.patienceMs;
  }

  tell(result: EventResult): void {
    this.#reply.resolve(result);
  }

  /** Tells a reply that goes before whatever is posted. Resolves when it has gone, or when nobody waits for it (any.38). */
  async tellFirst(result: EventResult): Promise<void> {
    const { key, callback } = this.#event.view;
    if (this.#isRefused || !callback) return this.tell(result);
    const until = this.tellsSent ? this.#hangsUpAt : this.#runtime.clock.now() + times.unfollowedReply;
    const { reply, gone } = followReply(this.#runtime, { key, until }, result.reply);
    this.tell({ ...result, reply });
    await gone;
  }

  refuse(reason: unknown): void {
    this.#isRefused = true;
    this.#reply.reject(reason);
  }

  /** Was a step stored? A backend that takes too long costs them a 503, not the result (any.22). */
  stored(storing: MaybePromise<boolean>): MaybePromise<boolean> {
    if (!isPromise(storing)) return this.#unlessLost(storing);
    const { backendWithinMs, clock } = this.#runtime;
    const tooLate = () =>
      this.refuse(new AnswerbackError("backend_away", "the backend did not store the answer"));
    const cancel = callAt(clock.now() + backendWithinMs, clock, tooLate);
    return storing.then((ours) => this.#unlessLost(ours)).finally(cancel);
  }

  #unlessLost(isStored: boolean): boolean {
    if (!isStored) this.refuse(leaseLost());
    return isStored;
  }
}
