/** A clock that moves only when told to, so that no test sleeps. */
import { setImmediate } from "node:timers/promises";
import type { Clock } from "@answerback/core/backend";

export interface ManualClock extends Clock {
  readonly now: () => number;
  readonly after: (ms: number, call: () => void) => () => void;
  /** Moves on, calling what is due on the way in its order; what a call sets off has ended before the next. */
  readonly advance: (ms: number) => Promise<void>;
}

/** A clock that stands at `start`: ms since the epoch. */
export function manualClock(start: number = Date.UTC(2026, 0, 1)): ManualClock {
  const timers = new Set<{ readonly at: number; readonly call: () => void }>();
  let now = start;

  return {
    now: () => now,
    after(ms, call) {
      const timer = { at: now + Math.max(0, ms), call };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const end = now + ms;
      await turns();
      for (let next = firstOf(timers); next && next.at <= end; next = firstOf(timers)) {
        timers.delete(next);
        now = next.at;
        next.call();
        await turns();
      }
      now = end;
    },
  };
}

/** What was set off goes on in this turn, and deadlines begin when that is over. */
async function turns(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** Of equals the one that was set first. */
function firstOf<T extends { readonly at: number }>(timers: Iterable<T>): T | undefined {
  let first: T | undefined;
  for (const timer of timers) if (!first || timer.at < first.at) first = timer;
  return first;
}
