/** Our lease on one record: it numbers our saves, is renewed in time, and knows when it was lost. */
import type { About, Change, Claimed, LeaseToken, Saving } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { Cancellation } from "../../lib/cancellation.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { callAt, sleep } from "../../lib/timeout.ts";
import { saveAgainMs, times } from "../patience.ts";
import type { RecordAccess } from "../runtime.ts";

/** One step that must be stored. */
interface Step {
  readonly sequence: number;
  readonly change: Change;
  readonly startedAt: number;
}

/** A lease on a record. */
export class Lease {
  readonly key: string;
  /** Aborts when the record is not ours any more. */
  readonly lost: Cancellation = new Cancellation();
  readonly #runtime: RecordAccess;
  readonly #token: string;
  #sequence = 0;
  #cancelRenewal: (() => void) | undefined;

  /** A lease on `key`: a fresh one to claim with, or the one that a take was given `token` for. */
  constructor(runtime: RecordAccess, key: string, token: string = runtime.newToken()) {
    this.key = key;
    this.#runtime = runtime;
    this.#token = token;
  }

  /** Asks for the event. @param about What people find the record by; absent: it is not listed. */
  claim(about?: About): MaybePromise<Claimed> {
    const failed = (error: unknown): never => {
      // the claim may have arrived all the same: nobody should have to wait for its lease to end
      void this.#release();
      throw error;
    };
    try {
      const claiming = this.#runtime.records.claim(this.key, this.#as(0), about);
      return isPromise(claiming) ? claiming.catch(failed) : claiming;
    } catch (error) {
      return failed(error);
    }
  }

  /** Renews the lease until it is told to stop, or until the next save, which says how long the record stays ours. */
  startRenewing(): void {
    this.#renewIn(times.renewal);
  }

  stopRenewing(): void {
    this.#cancelRenewal?.();
    this.#cancelRenewal = undefined;
  }

  /** Saves one step. `false`: the record is no longer ours. Throws where the backend did not say: it may be stored. */
  save(change: Change): MaybePromise<boolean> {
    this.stopRenewing();
    return this.#write(++this.#sequence, change);
  }

  /**
   * Saves one step, again and again until the backend says yes or no. Rejects when the receiver closes first.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.22 any.22}
   */
  saveUntilKnown(change: Change): MaybePromise<boolean> {
    this.stopRenewing();
    const step: Step = { sequence: ++this.#sequence, change, startedAt: this.#runtime.clock.now() };
    try {
      const writing = this.#write(step.sequence, change);
      return isPromise(writing) ? this.#known(step, writing) : writing;
    } catch (error) {
      return this.#writeAgain(step, error);
    }
  }

  /** One step, for somebody else to save together with others. */
  asSaving(change: Change): Saving {
    // a renewal would have a later number
    this.stopRenewing();
    return { key: this.key, lease: this.#as(++this.#sequence), change };
  }

  #as(sequence: number): LeaseToken {
    return { token: this.#token, sequence, leaseMs: times.lease };
  }

  #write(sequence: number, change: Change): MaybePromise<boolean> {
    const saving = this.#runtime.records.save(this.key, this.#as(sequence), change);
    return isPromise(saving)
      ? saving.then((ours) => this.#noticeLoss(sequence, ours))
      : this.#noticeLoss(sequence, saving);
  }

  #noticeLoss(sequence: number, ours: boolean): boolean {
    // a step that a later one overtook says nothing about the lease
    if (!ours && sequence === this.#sequence) this.lost.abort(leaseLost());
    return ours;
  }

  async #known(step: Step, writing: Promise<boolean>): Promise<boolean> {
    try {
      return await this.#renewedIfOld(step, await writing);
    } catch (error) {
      return this.#writeAgain(step, error);
    }
  }

  async #writeAgain(step: Step, error: unknown): Promise<boolean> {
    const { shutdown, clock } = this.#runtime;
    for (let tries = 0; ; tries += 1) {
      if (shutdown.isAborted) throw error;
      await sleep(saveAgainMs(tries), clock, shutdown);
      try {
        return await this.#renewedIfOld(step, await this.#write(step.sequence, step.change));
      } catch (again) {
        error = again;
      }
    }
  }

  /** An early try may have been the one that was stored. The lease that began with it is then about to end. */
  #renewedIfOld({ change, startedAt }: Step, ours: boolean): MaybePromise<boolean> {
    const isOld = this.#runtime.clock.now() - startedAt >= times.renewal;
    return ours && isOld && change.forMs === times.lease ? this.saveUntilKnown({ forMs: times.lease }) : ours;
  }

  async #release(): Promise<void> {
    try {
      await this.#runtime.records.save(this.key, this.#as(++this.#sequence), { forMs: 0 });
    } catch {
      // the lease ends by itself
    }
  }

  #renewIn(ms: number): void {
    const { clock, tasks } = this.#runtime;
    this.stopRenewing();
    this.#cancelRenewal = callAt(clock.now() + ms, clock, () => void tasks.track(this.#renew()));
  }

  async #renew(): Promise<void> {
    let ours: boolean | undefined;
    try {
      ours = await this.#write(++this.#sequence, { forMs: times.lease });
    } catch {
      // the backend was away for a moment, which must not end the lease
    }
    if (ours === false || !this.#cancelRenewal) return;
    this.#renewIn(ours ? times.renewal : times.renewalAgain);
  }
}

/** Another process has the record now; we can neither settle it, nor answer, nor post for it (any.9). */
export function leaseLost(): AnswerbackError {
  return new AnswerbackError("lease_lost", "another process took the event over");
}
