/** Time as an argument: everything in core that waits or reads the time does it through a clock. */

/** A clock. The default is the process's own, {@link systemClock}. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Calls `then` after `ms`, without keeping the process alive for it. Returns a function that cancels the call. */
  after(ms: number, then: () => void): () => void;
}

/** A time as what libraries take for one. */
export function toDate(ms: number): Date {
  return new Date(ms);
}

/** The longest delay that a Node timer takes; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** The process's clock. It looks the globals up at each call, so that fake timers work. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, Math.min(Math.max(ms, 0), longestMs));
    timer.unref?.();
    return () => clearTimeout(timer);
  },
};
