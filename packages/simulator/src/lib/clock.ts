/** Time as an argument: the process's clock, a virtual one that jumps, and one on a test runner's fake timers. */

/** A clock. It has the shape of core's, so that a receiver and its simulated provider can live on one. */
export interface Clock {
  /** The time: ms since the epoch. */
  now(): number;
  /** Calls `then` after `ms`. Returns a function that cancels the call. */
  after(ms: number, then: () => void): () => void;
}

/** A clock that stands still until somebody turns it. */
export interface DrivenClock extends Clock {
  /** Jumps to the next timer and fires it. Returns `false` when there is none. */
  tick(): boolean;
}

// taken when this module loads: fake timers must not stop what takes no time
const { setImmediate: realImmediate, clearImmediate: clearRealImmediate } = globalThis;

/**
 * A clock on which five days take no time: it stands at `startAt` until `tick()` jumps to the next timer.
 *
 * @param startAt - ms since the epoch. Default 2026-01-01T00:00:00Z.
 * @example const clock = virtualClock();
 */
export function virtualClock(startAt: number = Date.UTC(2026, 0, 1)): DrivenClock {
  let now = startAt;
  const timers: { at: number; fire: () => void }[] = [];
  return {
    now: () => now,
    after(ms, then) {
      if (ms <= 0) return afterNoTime(then);
      const timer = { at: now + ms, fire: then };
      const later = timers.findIndex(({ at }) => at > timer.at);
      timers.splice(later < 0 ? timers.length : later, 0, timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    tick() {
      const next = timers.shift();
      if (!next) return false;
      now = next.at;
      next.fire();
      return true;
    },
  };
}

/** A timer of 0 ms does not wait for the clock to be turned. */
function afterNoTime(then: () => void): () => void {
  const immediate = realImmediate(then);
  return () => clearRealImmediate(immediate);
}

/** The process's own clock: everything takes as long as it takes. It looks the global timers up at each call. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    // what should have happened is late, and Node warns of a time in the past
    const timer = setTimeout(then, Math.max(ms, 0));
    return () => clearTimeout(timer);
  },
};

/**
 * vitest's fake timers (or any with these two methods) as a clock, so that a receiver which knows only `setTimeout`
 * lives on the provider's time too. Load this module before `vi.useFakeTimers()`.
 *
 * @example
 * vi.useFakeTimers();
 * await play(app, deliveries.uphance.invoiceCreate(), { clock: fakeTimersClock(vi) });
 */
export function fakeTimersClock(timers: {
  getTimerCount(): number;
  advanceTimersToNextTimer(): unknown;
}): DrivenClock {
  return {
    ...realClock,
    tick() {
      if (timers.getTimerCount() === 0) return false;
      timers.advanceTimersToNextTimer();
      return true;
    },
  };
}

/** Does this clock stand still until somebody turns it? */
export function isDriven(clock: Clock): clock is DrivenClock {
  return "tick" in clock;
}

/** Resolves after `ms` on the clock. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
