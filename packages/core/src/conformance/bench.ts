/** A worker of the suite, and waiting for it. */
import type { Taken, Worker } from "../backend.ts";
import { systemClock } from "../clock.ts";
import { day, hour, type Scene } from "./suite.ts";

/** A worker that holds what it gets until it is told to finish. */
export interface Bench extends Worker {
  readonly got: { readonly taken: Taken; readonly finish: () => Promise<void> }[];
  /** How many are on the bench now. */
  readonly inHand: () => number;
}

/** A bench of so many slots, which saves what it finishes as settled. */
export function bench({ records }: Scene, slots: number): Bench {
  const got: Bench["got"] = [];
  let inHand = 0;
  return {
    slots,
    leaseMs: hour,
    got,
    inHand: () => inHand,
    each: (taken, token) =>
      new Promise<void>((resolve) => {
        inHand += 1;
        const finish = async () => {
          await records.save(taken.key, { token, step: 1, leaseMs: hour }, { work: null, forMs: day });
          inHand -= 1;
          resolve();
        };
        got.push({ taken, finish });
      }),
  };
}

/** Waits, in real time where the engine needs some, until it is so. */
export async function eventually(isSo: () => boolean): Promise<void> {
  for (let times = 0; !isSo() && times < 500; times += 1) {
    await new Promise<void>((resolve) => void systemClock.after(10, resolve));
  }
}
