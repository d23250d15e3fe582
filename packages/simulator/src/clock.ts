/** Time as an argument: the process's clock, a virtual one that jumps, and what turns it while nothing real happens. */

/** A clock. It has the shape of core's, so that a receiver and its simulated provider can live on one. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Calls `then` after `ms`. Returns the way to call it off. */
  after(ms: number, then: () => void): () => void;
}

/** A clock that stands still until it is turned. */
export interface DrivenClock extends Clock {
  /** Jumps to the next timer and fires it; `false`: there is none. */
  tick(): boolean;
}

/**
 * A clock on which five days take no time: it stands at `startAt` (ms since the epoch, default 2026-01-01T00:00:00Z)
 * until `tick()` jumps to the next timer.
 *
 * @example const clock = virtualClock();
 */
export function virtualClock(startAt: number = Date.UTC(2026, 0, 1)): DrivenClock {
  let now = startAt;
  const timers: { at: number; fire: () => void }[] = [];
  return {
    now: () => now,
    after(ms, then) {
      if (ms <= 0) return soon(then);
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

/** The process's own clock: everything takes as long as it takes. Looks the globals up at each call. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
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

/** What `drive` has to know of the work: does somebody owe us something, and for how long is silence final? */
export interface Pace {
  /** Is an answer or a callback owed? Then the clock waits for `quietMs` of real silence before it jumps. */
  owed(): boolean;
  /** Grows with everything that happens. */
  activity(): number;
  /** ms of real time. */
  readonly quietMs: number;
}

/** Turns a driven clock until `work` is done; any other clock turns itself. */
export async function drive<T>(clock: Clock, work: Promise<T>, pace: Pace): Promise<T> {
  if (!isDriven(clock)) return work;
  const done = { yet: false };
  const end = () => (done.yet = true);
  void work.then(end, end);
  for (let seen = -1, jumps = 0; !done.yet;) {
    await turn();
    const news = seen !== pace.activity();
    seen = pace.activity();
    if (news) jumps = 0;
    if (pace.owed()) await quiet({ ...pace, quietMs: patienceAfter(jumps, pace) }, () => done.yet);
    // a receiver may still be noticing what its provider knows already: that a connection is gone
    else if (news) await pause(3);
    if (seen !== pace.activity() || done.yet) continue;
    jumps++;
    if (!clock.tick()) await pause();
  }
  return work;
}

/** What was silent over many jumps needs less silence before the next: some receivers look around every second. */
function patienceAfter(jumps: number, { quietMs }: Pace): number {
  if (jumps === 0) return quietMs;
  return jumps < 100 ? quietMs / 8 : 0;
}

/** Lets `ms` go by on a driven clock, with room for real work before and after; at most a second on any other. */
export async function passTime(clock: Clock, ms: number, quietMs = 40): Promise<void> {
  const forMs = isDriven(clock) ? ms : Math.min(ms, 1_000);
  const still: Pace = { owed: () => true, activity: () => 0, quietMs };
  await quiet(still, () => false);
  await drive(clock, sleep(clock, forMs), { ...still, owed: () => false });
  await quiet(still, () => false);
}

/** Resolves after `ms` on the clock. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

/** Resolves when nothing has happened for `quietMs`, nothing is owed any more, or `enough` says so. */
async function quiet(pace: Pace, enough: () => boolean): Promise<void> {
  // counted in turns of the event loop: on a machine that stalls, a receiver in this process stalls with us
  const turns = Math.ceil(pace.quietMs / 2);
  let seen = pace.activity();
  for (let left = turns; left > 0 && pace.owed() && !enough(); left--) {
    await pause();
    if (pace.activity() !== seen) left = turns;
    seen = pace.activity();
  }
}

function isDriven(clock: Clock): clock is DrivenClock {
  return "tick" in clock;
}

// taken when this module loads: fake timers must not stop the hand that turns them
const { setTimeout: realTimeout, setImmediate: realImmediate, clearImmediate: realClear } = globalThis;

/** What takes no time does not wait for the clock to be turned. */
function soon(then: () => void): () => void {
  const immediate = realImmediate(then);
  return () => realClear(immediate);
}

const turn = () => new Promise<void>((resolve) => realImmediate(resolve));

async function pause(turns = 1): Promise<void> {
  for (let left = turns; left > 0; left--) await new Promise<void>((resolve) => realTimeout(resolve, 2));
}
