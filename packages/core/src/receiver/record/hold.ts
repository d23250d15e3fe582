/** A hold on one record: it numbers its saves, renews its lease, and knows when it was lost. */
import { randomUUID } from "node:crypto";
import { Alarm } from "../../alarm.ts";
import type { Change, Claimed, HoldToken, Saving } from "../../backend.ts";
import { AnswerbackError } from "../../errors.ts";
import { pause } from "../../deadline.ts";
import { after, rescue, type Soon } from "../../soon.ts";
import { leaseMs, type Runtime } from "../runtime.ts";

/** Our hold on a record. */
export interface Hold {
  readonly key: string;
  /** The lease, for what may only go on while it is ours. */
  readonly lost: Alarm;
  /** Asks for the event. */
  claim(): Soon<Claimed>;
  /** Renews the lease until `rest`. */
  keep(): void;
  /** Ends the renewing; the next save says how long the record stays ours. */
  rest(): void;
  /** Writes one step. False: no longer ours. Rejects when the backend did not say: the step may have been written. */
  save(change: Change): Soon<boolean>;
  /** Writes one step, again and again until the backend says yes or no. Rejects when the receiver closes first (any.22). */
  persist(change: Change): Soon<boolean>;
  /** One step for somebody else to write. */
  saving(change: Change): Saving;
  /** The next step that is persisted is written in this way; dropped when nobody is left to persist one. */
  persistNext(way: Way): void;
  /** Nobody persists anything from now on: what waits to be written with a step is given up. */
  drop(): void;
}

/** How the step at the end of a run is written, where it is not alone. */
export interface Way {
  write(change: Change): Soon<boolean>;
  drop(): void;
}

/** A hold of ours on `key`: a fresh one to claim with, or the one that a take was given `token` for. */
export function createHold(runtime: Runtime, key: string, token: string = randomUUID()): Hold {
  const { records, clock } = runtime;
  const lost = new Alarm();
  let step = 0;
  let callOff: (() => void) | undefined;
  let way: Way | undefined;
  let isDropped = false;

  const at = (number: number): HoldToken => ({ token, step: number, leaseMs });

  function write(number: number, change: Change): Soon<boolean> {
    return after(records.save(key, at(number), change), (ours) => {
      // an older step that was overtaken says nothing of the lease
      if (!ours && number === step) lost.ring(leaseLost());
      return ours;
    });
  }

  function writeUntilSaid(number: number, change: Change, startedAt: number, tries = 0): Soon<boolean> {
    const written = (ours: boolean): Soon<boolean> => {
      // an early try may have been the one that was stored: the lease that began then is about to end
      const isOld = change.forMs === leaseMs && clock.now() - startedAt >= leaseMs / 2;
      return ours && isOld ? hold.persist({ forMs: leaseMs }) : ours;
    };
    const tryAgain = async (error: unknown): Promise<boolean> => {
      if (runtime.abandoned.hasRung) throw error;
      await pause(Math.min(200 * 2 ** tries, 5_000), clock, runtime.abandoned);
      return writeUntilSaid(number, change, startedAt, tries + 1);
    };
    return rescue(() => after(write(number, change), written), tryAgain);
  }

  function renewIn(ms: number): void {
    callOff?.();
    callOff = clock.after(ms, () => void runtime.tasks.track(renew()));
  }

  async function renew(): Promise<void> {
    const ours = await rescue<boolean | undefined>(
      () => write(++step, { forMs: leaseMs }),
      () => undefined,
    );
    if (ours === false || !callOff) return;
    // the lease must not end because the backend was away for a moment
    renewIn(ours ? leaseMs / 2 : leaseMs / 12);
  }

  const hold: Hold = {
    key,
    lost,
    claim: () =>
      rescue(
        () => records.claim(key, at(0)),
        (error) => {
          // the claim may have arrived all the same: nobody should have to wait for its lease to end
          void rescue(
            () => records.save(key, at(++step), { forMs: 0 }),
            () => false,
          );
          throw error;
        },
      ),
    keep: () => renewIn(leaseMs / 2),
    rest() {
      callOff?.();
      callOff = undefined;
    },
    save(change) {
      hold.rest();
      return write(++step, change);
    },
    saving(change) {
      // a renewal would have a later step
      hold.rest();
      return { key, hold: at(++step), change };
    },
    persistNext(next) {
      if (isDropped) next.drop();
      else way = next;
    },
    drop() {
      isDropped = true;
      hold.rest();
      way?.drop();
      way = undefined;
    },
    persist(change) {
      hold.rest();
      if (!way) return writeUntilSaid(++step, change, clock.now());
      const once = way;
      way = undefined;
      return once.write(change);
    },
  };
  return hold;
}

/** Another process holds the record now; ours can neither settle, nor answer, nor post for it (any.9). */
export function leaseLost(): AnswerbackError {
  return new AnswerbackError("lease_lost", "another process took the event over");
}
