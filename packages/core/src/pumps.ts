/** All the pumps of one receiver's records: started by `work`, woken by a save, stopped by `close`. */
import type { Records, Worker } from "./backend.ts";
import type { Clock } from "./clock.ts";
import { pump, type Pump } from "./pump.ts";

/** The pumps that run. */
export interface Pumps {
  /** What `Records.work` does. */
  start(worker: Worker): () => Promise<void>;
  /** A save made work that is due in so many ms: wakes who would look later than that. */
  wakeFor(ms: number): void;
  /** Stops them all and waits for none: who wants to see the last record worked calls the stop of `work` first. */
  stop(): void;
}

/** How the pumps look. */
export interface PumpsOptions {
  readonly clock: Clock;
  /** How long to wait when nothing was due, asked each time: ms. */
  readonly sleepMs: () => number;
}

/**
 * The pumps of records that know what is due next.
 *
 * @example
 * const pumps = openPumps(take, { clock, sleepMs: untilDue });
 */
export function openPumps(take: Records["take"], { clock, sleepMs }: PumpsOptions): Pumps {
  const running = new Set<Pump>();
  /** When they look by themselves; while one looks, it may have missed whatever comes. */
  let nextLook = Infinity;

  const looking: Records["take"] = (hold) => {
    nextLook = Infinity;
    return take(hold);
  };

  function pollMs(): number {
    const ms = sleepMs();
    nextLook = clock.now() + ms;
    return ms;
  }

  return {
    start(worker) {
      const one = pump({ take: looking }, worker, clock, { pollMs });
      running.add(one);
      return () => {
        running.delete(one);
        return one.stop();
      };
    },
    wakeFor(ms) {
      if (clock.now() + ms < nextLook) for (const one of running) one.wake();
    },
    stop() {
      for (const one of running) void one.stop();
      running.clear();
    },
  };
}
