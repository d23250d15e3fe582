/** The workers of one receiver: how long they sleep, and what wakes them. */
import { pump, systemClock, type Pump, type Records, type Worker } from "@answerback/core";

/** The pumps that run. */
export interface Pumps {
  start(worker: Worker): () => Promise<void>;
  /** There is work that is due in so many ms. */
  wakeFor(ms: number): void;
  /** Stops them all, and waits for none. */
  stop(): void;
}

/** How long a worker sleeps at most, for what another process made due: ms. */
const longestSleepMs = 1_000;

/** `untilDue` says when the last take that found nothing saw the next work: in so many ms. */
export function openPumps(take: Records["take"], untilDue: () => number): Pumps {
  const pumps = new Set<Pump>();
  /** When the pumps look by themselves. */
  let nextLook = Infinity;

  function sleepMs(): number {
    const dueMs = untilDue();
    // what is due and was not taken could not be: Redis is away
    const ms = dueMs > 0 ? Math.min(dueMs, longestSleepMs) : longestSleepMs;
    nextLook = systemClock.now() + ms;
    return ms;
  }

  return {
    start(worker) {
      const working = pump({ take }, worker, systemClock, { pollMs: sleepMs });
      pumps.add(working);
      return () => {
        pumps.delete(working);
        return working.stop();
      };
    },
    wakeFor(ms) {
      if (systemClock.now() + ms < nextLook) for (const each of pumps) each.wake();
    },
    stop() {
      for (const each of pumps) void each.stop();
      pumps.clear();
    },
  };
}
