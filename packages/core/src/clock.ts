/** Time as an argument: everything in core that waits or looks at the clock does it through this. */

/** A clock; the default is the process's own. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Calls `then` after `ms`, without keeping the process alive for it. Returns the way to call it off. */
  after(ms: number, then: () => void): () => void;
}

/** The longest delay that a Node timer takes; a longer one would fire at once. */
const longest = 2 ** 31 - 1;

/** The process's clock. It looks the globals up at each call, so that fake timers work. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, Math.min(ms, longest));
    timer.unref?.();
    return () => clearTimeout(timer);
  },
};
