/** Turns a driven clock, from one timer to the next, whenever nothing real happens any more. */
import type { Clock } from "../lib/clock.ts";
import { isDriven, sleep } from "../lib/clock.ts";
import { nextTurn, realPause } from "../lib/real-pause.ts";

/** What `drive` has to know of the work: does the receiver owe something, and for how long is silence final? */
export interface Pace {
  /** Is an answer or a callback owed? Then the clock waits for `quietMs` of real silence before it jumps. */
  owed(): boolean;
  /** A number that grows with everything that happens. */
  activity(): number;
  /** ms of real time. */
  readonly quietMs: number;
}

/** Turns a driven clock until `work` is done; any other clock turns by itself. Settles as `work` does. */
export async function drive<T>(clock: Clock, work: Promise<T>, pace: Pace): Promise<T> {
  if (!isDriven(clock)) return work;
  let isDone = false;
  const end = () => (isDone = true);
  void work.then(end, end);
  for (let activity = -1, jumps = 0; !isDone;) {
    await nextTurn();
    const news = activity !== pace.activity();
    activity = pace.activity();
    if (news) jumps = 0;
    if (pace.owed()) await silence({ ...pace, quietMs: quietAfter(jumps, pace) }, () => isDone);
    // a receiver may still be noticing what its provider knows already: that a connection is gone
    else if (news) await realPause(3);
    if (activity !== pace.activity() || isDone) continue;
    jumps++;
    if (!clock.tick()) await realPause();
  }
  return work;
}

/** Lets `ms` go by on a driven clock, with room for real work before and after; at most a second on any other. */
export async function passTime(clock: Clock, ms: number, quietMs = 40): Promise<void> {
  const forMs = isDriven(clock) ? ms : Math.min(ms, 1_000);
  const still: Pace = { owed: () => true, activity: () => 0, quietMs };
  await silence(still, () => false);
  await drive(clock, sleep(clock, forMs), { ...still, owed: () => false });
  await silence(still, () => false);
}

/** After many jumps without news the clock waits less for the next: some receivers look around every second. */
function quietAfter(jumps: number, { quietMs }: Pace): number {
  if (jumps === 0) return quietMs;
  return jumps < 100 ? quietMs / 8 : 0;
}

/** Resolves when nothing has happened for `quietMs`, when nothing is owed any more, or when `enough` says so. */
async function silence(pace: Pace, enough: () => boolean): Promise<void> {
  // counted in turns of the event loop: on a machine that stalls, a receiver in this process stalls with us
  const turns = Math.ceil(pace.quietMs / 2);
  let activity = pace.activity();
  for (let left = turns; left > 0 && pace.owed() && !enough(); left--) {
    await realPause();
    if (pace.activity() !== activity) left = turns;
    activity = pace.activity();
  }
}
