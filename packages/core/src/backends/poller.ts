/** How most backends work what is due: they take it when told to, and when it is time to look again. */
import { randomUUID } from "node:crypto";
import type { Records, Taken, Worker, WorkKind } from "../contract/backend.ts";
import { aClock, aFunction, withDefault } from "../contract/kinds.ts";
import { readOptions } from "../contract/read-options.ts";
import type { Clock } from "../lib/clock.ts";
import { isPromise } from "../lib/maybe-promise.ts";
import { timedOut, withTimeout } from "../lib/timeout.ts";

/** An engine that has not answered a take after this long is as good as away: ms. */
const takeWithinMs = 10_000;

/** How long a poller sleeps where its backend does not say: ms. */
const usualSleepMs = 1_000;

/** Takes what is due for any number of workers. */
export interface Poller {
  /** What `Records.work` does: takes for this worker until the function that it returns is called. */
  start(worker: Worker): () => Promise<void>;
  /** A save made work of this kind that is due in `ms`: wakes whoever would look later than that. */
  wakeFor(ms: number, kind: WorkKind): void;
  /** Stops all workers and waits for none of them. To wait, call the function that `start` returned first. */
  stop(): void;
}

/** How a poller looks. */
export interface PollerOptions {
  /** The clock that it sleeps by. */
  readonly clock: Clock;
  /**
   * How long to sleep when nothing was due, asked each time: ms, or Infinity until it is woken. With `kind` only work of
   * that kind can wake the worker. Default 1,000.
   */
  readonly sleepMs?: ((kind: WorkKind | undefined) => number) | undefined;
}

/**
 * Makes a poller: it takes due records while there are more and slots of their kind are free, each under a fresh token,
 * and hands them to the worker. While it finds some it takes twice as many at a time as before, so that an engine that
 * commits in groups is kept busy. A take that fails is tried again after the sleep: an engine that is away comes back.
 *
 * @param take The backend's `take`.
 * @throws OptionError for a mistake in the options.
 * @example
 * const poller = createPoller(take, { clock: systemClock, sleepMs: untilDueMs });
 */
export function createPoller(take: Records["take"], options: PollerOptions): Poller {
  const { clock, sleepMs } = readOptions("createPoller", options, {
    clock: aClock,
    sleepMs: withDefault(aFunction, () => usualSleepMs),
  });
  const loops = new Set<WorkerLoop>();
  return {
    start(worker) {
      const loop = new WorkerLoop(take, worker, { clock, sleepMs });
      loops.add(loop);
      loop.wake();
      return () => {
        loops.delete(loop);
        return loop.stop();
      };
    },
    wakeFor(ms, kind) {
      for (const loop of loops) loop.wakeFor(ms, kind);
    },
    stop() {
      for (const loop of loops) void loop.stop();
      loops.clear();
    },
  };
}

type LoopOptions = Pick<PollerOptions, "clock"> & {
  readonly sleepMs: NonNullable<PollerOptions["sleepMs"]>;
};

/** One worker's loop: look while something is due and there is room, then sleep. */
class WorkerLoop {
  readonly #take: Records["take"];
  readonly #worker: Worker;
  readonly #options: LoopOptions;
  readonly #free: Record<WorkKind, number>;
  readonly #inHand = new Set<Promise<void>>();
  #looking = Promise.resolve();
  #isLooking = false;
  #lookAgain = false;
  #isStopped = false;
  #cancelSleep = () => {};
  /** When it wakes by itself; while it looks it may have missed whatever comes. */
  #wakesAt = Infinity;

  constructor(take: Records["take"], worker: Worker, options: LoopOptions) {
    this.#take = take;
    this.#worker = worker;
    this.#options = options;
    this.#free = { ...worker.slots };
  }

  /** There may be something due: it looks now. */
  wake(): void {
    this.#lookAgain = true;
    if (!this.#isLooking) this.#looking = this.#look();
  }

  wakeFor(ms: number, kind: WorkKind): void {
    if (this.#free[kind] > 0 && this.#options.clock.now() + ms < this.#wakesAt) this.wake();
  }

  /** Takes no more. Resolves when what was taken is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelSleep();
    await this.#looking;
    await Promise.allSettled(this.#inHand);
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    this.#cancelSleep();
    this.#wakesAt = Infinity;
    let atOnce = 1;
    while (this.#lookAgain && this.#room() > 0) {
      this.#lookAgain = false;
      const takes = Array.from({ length: Math.min(atOnce, this.#room()) }, () => this.#takeOne());
      const hasFound = (await Promise.all(takes)).includes(true);
      if (hasFound) this.#lookAgain = true;
      atOnce = hasFound ? 2 * atOnce : 1;
    }
    this.#isLooking = false;
    // without room there is nothing to look for: the next record that is done wakes the loop
    if (this.#room() > 0) this.#sleep();
  }

  #sleep(): void {
    const { clock, sleepMs } = this.#options;
    const ms = sleepMs(this.#onlyKind());
    if (ms === Infinity) return;
    this.#wakesAt = clock.now() + ms;
    this.#cancelSleep = clock.after(ms, () => this.wake());
  }

  /** How many records may be taken at once, whatever their kinds are. */
  #room(): number {
    if (this.#isStopped) return 0;
    const { run, post } = this.#free;
    return this.#onlyKind() ? Math.max(run, post) : Math.min(run, post);
  }

  /** The only kind with a free slot; `undefined`: both kinds have one, or none has. */
  #onlyKind(): WorkKind | undefined {
    const { run, post } = this.#free;
    if (run > 0 === post > 0) return undefined;
    return run > 0 ? "run" : "post";
  }

  /** A take that hangs is given up. Should its record come all the same, it is worked while its lease is young. */
  async #takeOne(): Promise<boolean> {
    const { clock } = this.#options;
    const { leaseMs } = this.#worker;
    const token = randomUUID();
    const goodUntil = clock.now() + leaseMs / 2;
    const begin = (taken: Taken | undefined) =>
      taken !== undefined && clock.now() <= goodUntil && this.#begin(taken, token);
    try {
      const taking = this.#take({ token, sequence: 0, leaseMs }, { kind: this.#onlyKind() });
      if (!isPromise(taking)) return begin(taking);
      const taken = inTime(Promise.resolve(taking).then(begin), clock);
      this.#worker.taking?.(taken);
      return await taken;
    } catch {
      return false;
    }
  }

  /** Begins also when it was stopped meanwhile: to drop the record would cost a lease and an attempt. */
  #begin(taken: Taken, token: string): true {
    this.#free[taken.kind] -= 1;
    const working = this.#worker.each(taken, token).finally(() => {
      this.#inHand.delete(working);
      this.#free[taken.kind] += 1;
      this.wake();
    });
    this.#inHand.add(working);
    return true;
  }
}

async function inTime(taken: Promise<boolean>, clock: Clock): Promise<boolean> {
  const value = await withTimeout(taken, takeWithinMs, clock);
  if (value === timedOut) throw new Error(`it did not answer within ${takeWithinMs} ms`);
  return value;
}
