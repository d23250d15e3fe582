/** Waiting for a promise no longer than a given time, and sleeping. */
import type { Cancellation } from "./cancellation.ts";
import type { Clock } from "./clock.ts";
import { afterThisTurn } from "./this-turn.ts";

/** What {@link withTimeout} resolves to when the time is up. */
export const timedOut: unique symbol = Symbol("timed out");

/** The promise's value, or `timedOut` when `ms` pass first. A rejection after that is nobody's error. */
export function withTimeout<Value>(
  promise: Promise<Value>,
  ms: number,
  clock: Clock,
): Promise<Value | typeof timedOut> {
  return new Promise((resolve, reject) => {
    const cancel = callAt(clock.now() + ms, clock, () => resolve(timedOut));
    promise.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}

/**
 * Calls `then` at an instant, at the earliest when this turn of the event loop is over. Only then a timer begins: most of
 * what has a deadline is done before, and costs none.
 *
 * @param instant ms since the epoch, on that clock.
 * @returns A function that cancels the call.
 */
export function callAt(instant: number, clock: Clock, then: () => void): () => void {
  let cancel = afterThisTurn(() => {
    const leftMs = instant - clock.now();
    if (leftMs <= 0) then();
    else cancel = clock.after(leftMs, then);
  });
  return () => cancel();
}

/** Resolves after `ms`, or as soon as it is cancelled. */
export function sleep(ms: number, clock: Clock, cancellation: Cancellation): Promise<void> {
  return new Promise((resolve) => {
    let stopListening = () => {};
    const wake = () => {
      cancel();
      stopListening();
      resolve();
    };
    const cancel = clock.after(ms, wake);
    stopListening = cancellation.onAbort(wake);
  });
}
