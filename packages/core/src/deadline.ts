/** Waiting for a promise, but not for ever. */
import type { Clock } from "./clock.ts";

/** What a wait comes to when the time is up. */
export const late: unique symbol = Symbol("late");

/** The promise's value, or `late` when `ms` pass first. What the promise comes to afterwards is nobody's error. */
export function inTime<Value>(
  promise: Promise<Value>,
  ms: number,
  clock: Clock,
): Promise<Value | typeof late> {
  return new Promise((resolve, reject) => {
    const callOff = clock.after(Math.max(ms, 0), () => resolve(late));
    promise.then(resolve, reject).finally(callOff);
  });
}

/** Resolves after `ms`, or as soon as the signal aborts. */
export function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      callOff();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const callOff = clock.after(signal.aborted ? 0 : ms, end);
    signal.addEventListener("abort", end);
  });
}

/** Calls `then` with the reason when the signal aborts, or has. Returns the way to call it off. */
export function whenAborted(signal: AbortSignal | undefined, then: (reason: unknown) => void): () => void {
  if (!signal) return () => {};
  const listener = () => then(signal.reason);
  if (signal.aborted) listener();
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}
