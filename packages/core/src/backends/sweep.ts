/** Sweeping what was forgotten: other verbs set it off, so that no timer is left behind. */
import type { Clock } from "../lib/clock.ts";
import type { MaybePromise } from "../lib/maybe-promise.ts";

/** How long after a sweep that left nothing the next one is due: ms. */
const sweepEveryMs = 60_000;

/**
 * A function to call after each verb: it sweeps when a sweep is due, and returns at once.
 *
 * @param sweep Removes some of what was forgotten. `true`: there may be more, so the next call sweeps again.
 */
export function createSweep(sweep: () => MaybePromise<boolean>, clock: Clock): () => void {
  let dueAt = 0;

  async function run(): Promise<void> {
    try {
      dueAt = (await sweep()) ? 0 : clock.now() + sweepEveryMs;
    } catch {
      dueAt = clock.now() + sweepEveryMs;
    }
  }

  return () => {
    if (clock.now() < dueAt) return;
    dueAt = Infinity;
    void run();
  };
}
