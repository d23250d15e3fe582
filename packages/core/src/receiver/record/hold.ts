/** A hold on one record: it numbers its saves, renews its lease, and knows when it was lost. */
import { Alarm } from "../../alarm.ts";
import type { Change, Claimed, HoldToken, Saving } from "../../backend.ts";
import { AnswerbackError } from "../../errors.ts";
import { pause } from "../../deadline.ts";
import { after, rescue, type Soon } from "../../soon.ts";
import { leaseMs, type Runtime } from "../runtime.ts";

/** How the step at the end of a run is written, where it is not alone. */
export interface Way {
  write(change: Change): Soon<boolean>;
  drop(): void;
}

/** One step of ours. */
interface Step {
  readonly number: number;
  readonly change: Change;
  readonly startedAt: number;
}

/** Our hold on a record. */
export class Hold {
  readonly key: string;
  /** Rings when the lease is not ours any more. */
  readonly lost: Alarm = new Alarm();
  readonly #runtime: Runtime;
  readonly #token: string;
  #step = 0;
  #callOffRenewal: (() => void) | undefined;
  #way: Way | undefined;
  #isDropped = false;

  /** A hold on `key`: a fresh one to claim with, or the one that a take was given `token` for. */
  constructor(runtime: Runtime, key: string, token: string = runtime.newToken()) {
    this.key = key;
    this.#runtime = runtime;
    this.#token = token;
  }

  /** Asks for the event. */
  claim(): Soon<Claimed> {
    const { records } = this.#runtime;
    return rescue(
      () => records.claim(this.key, this.#at(0)),
      (error) => {
        // the claim may have arrived all the same: nobody should have to wait for its lease to end
        void rescue(
          () => records.save(this.key, this.#at(++this.#step), { forMs: 0 }),
          () => false,
        );
        throw error;
      },
    );
  }

  /** Renews the lease until `rest`. */
  keep(): void {
    this.#renewIn(leaseMs / 2);
  }

  /** Ends the renewing; the next save says how long the record stays ours. */
  rest(): void {
    this.#callOffRenewal?.();
    this.#callOffRenewal = undefined;
  }

  /** Writes one step. False: no longer ours. Rejects when the backend did not say: the step may have been written. */
  save(change: Change): Soon<boolean> {
    this.rest();
    return this.#write(++this.#step, change);
  }

  /** Writes one step, again and again until the backend says yes or no. Rejects when the receiver closes first (any.22). */
  persist(change: Change): Soon<boolean> {
    this.rest();
    const way = this.#way;
    this.#way = undefined;
    if (way) return way.write(change);
    const step: Step = { number: ++this.#step, change, startedAt: this.#runtime.clock.now() };
    return rescue(
      () => this.#writeStep(step),
      (error) => this.#writeAgain(step, error),
    );
  }

  /** One step for somebody else to write. */
  saving(change: Change): Saving {
    // a renewal would have a later step
    this.rest();
    return { key: this.key, hold: this.#at(++this.#step), change };
  }

  /** The next step that is persisted is written in this way; dropped when nobody is left to persist one. */
  persistNext(way: Way): void {
    if (this.#isDropped) way.drop();
    else this.#way = way;
  }

  /** Nobody persists anything from now on: what waits to be written with a step is given up. */
  drop(): void {
    this.#isDropped = true;
    this.rest();
    this.#way?.drop();
    this.#way = undefined;
  }

  #at(step: number): HoldToken {
    return { token: this.#token, step, leaseMs };
  }

  #write(number: number, change: Change): Soon<boolean> {
    return after(this.#runtime.records.save(this.key, this.#at(number), change), (ours) => {
      // an older step that was overtaken says nothing of the lease
      if (!ours && number === this.#step) this.lost.ring(leaseLost());
      return ours;
    });
  }

  #writeStep({ number, change, startedAt }: Step): Soon<boolean> {
    const { clock } = this.#runtime;
    const writing = this.#write(number, change);
    if (change.forMs !== leaseMs) return writing;
    // an early try may have been the one that was stored: the lease that began then is about to end
    const isOld = () => clock.now() - startedAt >= leaseMs / 2;
    return after(writing, (ours) => (ours && isOld() ? this.persist({ forMs: leaseMs }) : ours));
  }

  async #writeAgain(step: Step, error: unknown): Promise<boolean> {
    const { abandoned, clock } = this.#runtime;
    for (let tries = 0; ; tries += 1) {
      if (abandoned.hasRung) throw error;
      await pause(Math.min(200 * 2 ** tries, 5_000), clock, abandoned);
      try {
        return await this.#writeStep(step);
      } catch (again) {
        error = again;
      }
    }
  }

  #renewIn(ms: number): void {
    const { clock, tasks } = this.#runtime;
    this.#callOffRenewal?.();
    this.#callOffRenewal = clock.after(ms, () => void tasks.track(this.#renew()));
  }

  async #renew(): Promise<void> {
    const ours = await rescue<boolean | undefined>(
      () => this.#write(++this.#step, { forMs: leaseMs }),
      () => undefined,
    );
    if (ours === false || !this.#callOffRenewal) return;
    // the lease must not end because the backend was away for a moment
    this.#renewIn(ours ? leaseMs / 2 : leaseMs / 12);
  }
}

/** Another process holds the record now; ours can neither settle, nor answer, nor post for it (any.9). */
export function leaseLost(): AnswerbackError {
  return new AnswerbackError("lease_lost", "another process took the event over");
}
