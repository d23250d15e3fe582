/** Work for carriers: records that are due, and a worker that lets them through as the test says. */
import type { Records, Taken } from "@answerback/core/backend";

const leaseMs = 60_000;
const day = 86_400_000;

/** What a delivery leaves that was acknowledged early. */
export async function makeDue(records: Records<any>, keys: readonly string[]): Promise<void> {
  await Promise.all(
    keys.map(async (key) => {
      await records.claim(key, { token: key, sequence: 0, leaseMs });
      const change = { answer: '"accepted"', work: '"event"', forMs: 0 };
      await records.save(key, { token: key, sequence: 1, leaseMs }, change);
    }),
  );
}

/** `key 0` and on. */
export function keysOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `key ${index}`);
}

/** A worker in this process. */
export interface Crew {
  /** Whatever was handed to it, in that order. */
  readonly got: readonly Taken[];
  /** The keys of what is done. */
  readonly done: readonly string[];
  /** Lets so many more be done. */
  release(count: number): void;
  stop(): Promise<void>;
}

/** Works what is due, and ends none before it is released; `slots` at a time. */
export function workIn(records: Records<any>, slots: number): Crew {
  const got: Taken[] = [];
  const done: string[] = [];
  const waiting: (() => void)[] = [];
  let released = 0;

  function release(count: number): void {
    released += count;
    while (released > 0 && waiting.length > 0) {
      released -= 1;
      waiting.shift()!();
    }
  }

  async function each(taken: Taken, token: string): Promise<void> {
    got.push(taken);
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      release(0);
    });
    await records.save(taken.key, { token, sequence: 1, leaseMs }, { work: null, forMs: day });
    done.push(taken.key);
  }

  const stop = records.work({ leaseMs, slots: { run: slots, post: slots }, each });
  return { got, done, release, stop };
}
