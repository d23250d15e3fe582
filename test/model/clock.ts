/** A clock that is moved by the schedule alone, and tells when something happens next. */
import type { Clock } from "@answerback/core/backend";

export interface SteppedClock extends Clock {
  /** When the next timer is due; Infinity: none is set. */
  next(): number;
  /** Jumps, then calls what came due on the way: as a process that was not scheduled for a while. */
  jumpTo(instant: number): void;
}

/** A clock that stands at some instant. */
export function steppedClock(): SteppedClock {
  const timers = new Set<{ readonly at: number; readonly call: () => void }>();
  let now = Date.UTC(2026, 0, 1);

  return {
    now: () => now,
    next: () => Math.min(...[...timers].map(({ at }) => at)),
    after(ms, call) {
      const timer = { at: now + Math.max(0, ms), call };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    jumpTo(instant) {
      now = Math.max(now, instant);
      const due = [...timers].filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at);
      for (const timer of due) if (timers.delete(timer)) timer.call();
    },
  };
}
