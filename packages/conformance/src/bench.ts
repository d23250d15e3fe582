/** A worker for the laws on `work`, and a way to wait for it. */
import { systemClock, type Taken, type Worker } from "@answerback/core/backend";
import { day, hour, type Scene } from "./suite.ts";

/** A worker that keeps each record until `finish` is called for it. */
export interface Bench extends Worker {
  /** All records that it got, in order. */
  readonly got: { readonly taken: Taken; readonly finish: () => Promise<void> }[];
  /** How many records it has and has not finished. */
  readonly inHand: () => number;
}

/** A bench of so many slots for each kind of work. It saves a record that it finishes as settled. */
export function bench({ records }: Scene, slots: number | Worker["slots"]): Bench {
  const got: Bench["got"] = [];
  let inHand = 0;
  return {
    slots: typeof slots === "number" ? { run: slots, post: slots } : slots,
    leaseMs: hour,
    got,
    inHand: () => inHand,
    each: (taken, token) =>
      new Promise<void>((resolve) => {
        inHand += 1;
        const finish = async () => {
          await records.save(taken.key, { token, sequence: 1, leaseMs: hour }, { work: null, forMs: day });
          inHand -= 1;
          resolve();
        };
        got.push({ taken, finish });
      }),
  };
}

/** Waits until it is so, at most 5 s of real time, which some engines need. */
export async function eventually(isSo: () => boolean): Promise<void> {
  for (let times = 0; !isSo() && times < 500; times += 1) {
    await new Promise<void>((resolve) => void systemClock.after(10, resolve));
  }
}
