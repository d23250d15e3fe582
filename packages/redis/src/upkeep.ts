/** How the lists of a receiver are kept in order beside its verbs: segments are closed, and what is gone leaves them. */
import { createSweep, systemClock } from "@answerback/core/backend";
import { scripts } from "./scripts/scripts.ts";
import type { Session } from "./session.ts";

/** How many records a segment has at most, so that Redis goes on to others soon; and from how many on it is worth one. */
const [most, least] = [200, 50];

/** The upkeep of an open receiver. What fails is done another time. */
export interface Upkeep {
  /** Closes what is open, so that all that arrived is found by its id. */
  closeAll(): Promise<void>;
  /** Hears how many are in the newest segment of a shard, and closes it once it is large. Returns at once. */
  hasArrived(shard: string, many: number): void;
  /** Sweeps when a sweep is due. Returns at once. */
  sweep(): void;
}

/** The upkeep of a receiver. */
export function createUpkeep({ shards, run }: Pick<Session, "shards" | "run">): Upkeep {
  const closing = new Set<string>();
  const ofEach = <Value>(ask: (shard: string) => Promise<Value>) => Promise.all(shards.all.map(ask));

  async function close(shard: string, worth: number): Promise<void> {
    while ((await run(scripts.close, shard, [most, worth])) >= least);
  }

  async function sweepAll(): Promise<boolean> {
    await ofEach((shard) => close(shard, least));
    const looked = await ofEach((shard) => run(scripts.sweep, shard));
    return looked.some((many) => many > 0);
  }

  return {
    async closeAll() {
      await ofEach((shard) => close(shard, 1));
    },
    hasArrived(shard, many) {
      if (many < most || closing.has(shard)) return;
      closing.add(shard);
      close(shard, least)
        .catch(() => {})
        .finally(() => closing.delete(shard));
    },
    sweep: createSweep(sweepAll, systemClock),
  };
}
