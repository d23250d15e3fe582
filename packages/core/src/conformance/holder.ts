/** Somebody who claims, takes and saves one record, and numbers its saves. */
import { randomUUID } from "node:crypto";
import type { Change, Claimed, HoldToken, Records, Taken } from "../backend.ts";

/** One token and what is done with it. */
export interface Holder {
  readonly token: string;
  claim(): Promise<Claimed>;
  take(): Promise<Taken | undefined>;
  takeEarly(): Promise<Taken | undefined>;
  /** Takes whatever is due; from then on it saves that record. */
  takeAny(): Promise<Taken | undefined>;
  /** Saves under the next step. */
  save(change: Change): Promise<boolean>;
  /** Saves under a step of the past, or of the future. */
  saveAs(step: number, change: Change): Promise<boolean>;
}

/** A holder under a fresh token, with a lease of a minute unless said otherwise. */
export function holderOf(records: Records, key: string, leaseMs: number = 60_000): Holder {
  const token: string = randomUUID();
  const hold = (step: number): HoldToken => ({ token, step, leaseMs });
  let held = key;
  let last = 0;

  return {
    token,
    claim: async () => records.claim(held, hold(0)),
    take: async () => records.take(hold(0), { key: held }),
    takeEarly: async () => records.take(hold(0), { key: held, early: true }),
    async takeAny() {
      const taken = await records.take(hold(0));
      held = taken?.key ?? held;
      return taken;
    },
    save: async (change) => records.save(held, hold(++last), change),
    saveAs: async (step, change) => records.save(held, hold(step), change),
  };
}
