/** Waiting for a promise, but not for ever. */
import type { Alarm } from "./alarm.ts";
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
    promise.then(
      (value) => {
        callOff();
        resolve(value);
      },
      (error: unknown) => {
        callOff();
        reject(error);
      },
    );
  });
}

/** Resolves after `ms`, or as soon as the alarm rings. */
export function pause(ms: number, clock: Clock, alarm: Alarm): Promise<void> {
  return new Promise((resolve) => {
    let stopListening = () => {};
    const end = () => {
      callOff();
      stopListening();
      resolve();
    };
    const callOff = clock.after(ms, end);
    stopListening = alarm.heard(end);
  });
}
