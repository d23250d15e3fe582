/** How most backends work what is due: ask for it when told to, and when it is time to look again. */
import { randomUUID } from "node:crypto";
import type { HoldToken, Records, Taken, Worker } from "./backend.ts";
import type { Clock } from "./clock.ts";
import { inTime } from "./deadline.ts";

/** An engine that has not answered after this long is as good as away: ms. */
const takeWithinMs = 10_000;

/** A running pump. */
export interface Pump {
  /** There may be something due: look now rather than at the next poll. */
  readonly wake: () => void;
  /** Takes no more. Resolves when what was taken is done; may be called twice. */
  readonly stop: () => Promise<void>;
}

/** How a pump looks. */
export interface PumpOptions {
  /**
   * How long to wait before looking again when nothing was due: ms. Default 1,000. An engine that knows what is next
   * gives a function, asked each time: until that is due, or Infinity; then it has to `wake` whenever it changes.
   */
  readonly pollMs?: number | (() => number);
}

/**
 * Takes due records, one after the other while there are more and a slot is free, each under a fresh token, and hands
 * them to the worker. A take that fails is tried again at the next poll: an engine that is away comes back.
 *
 * @example
 * const { wake, stop } = pump(records, worker, systemClock);
 */
export function pump(
  records: Pick<Records, "take">,
  worker: Worker,
  clock: Clock,
  options: PumpOptions = {},
): Pump {
  const { pollMs = 1_000 } = options;
  const inHand = new Set<Promise<void>>();
  let looking = Promise.resolve();
  let isLooking = false;
  let lookAgain = false;
  let stopped = false;
  let callOffPoll: (() => void) | undefined;

  function wake(): void {
    lookAgain = true;
    if (!isLooking) looking = look();
  }

  async function look(): Promise<void> {
    isLooking = true;
    callOffPoll?.();
    while (lookAgain && hasRoom()) {
      lookAgain = false;
      if (await takeOne()) lookAgain = true;
    }
    isLooking = false;
    // without room there is nothing to look for: the next record that is done wakes us
    if (hasRoom()) callOffPoll = again();
  }

  function again(): (() => void) | undefined {
    const ms = typeof pollMs === "function" ? pollMs() : pollMs;
    return ms === Infinity ? undefined : clock.after(ms, wake);
  }

  function hasRoom(): boolean {
    return !stopped && inHand.size < worker.slots;
  }

  /** A take that hangs is given up; should its record come all the same, it is worked while its lease is young. */
  async function takeOne(): Promise<boolean> {
    const token = randomUUID();
    const goodUntil = clock.now() + worker.leaseMs / 2;
    const taking = take({ token, step: 0, leaseMs: worker.leaseMs }).then(
      (taken) => taken !== undefined && clock.now() <= goodUntil && begin(taken, token),
      () => false,
    );
    const taken = inTime(taking, takeWithinMs, clock);
    worker.taking?.(taken);
    return (await taken) === true;
  }

  /** Async, so that a verb that throws rejects. */
  async function take(hold: HoldToken): Promise<Taken | undefined> {
    return records.take(hold);
  }

  /** Also when stopped meanwhile: dropping it would cost a lease and an attempt. */
  function begin(taken: Taken, token: string): true {
    const work = worker.each(taken, token).finally(() => {
      inHand.delete(work);
      wake();
    });
    inHand.add(work);
    return true;
  }

  async function stop(): Promise<void> {
    stopped = true;
    callOffPoll?.();
    await looking;
    await Promise.allSettled(inHand);
  }

  wake();
  return { wake, stop };
}
