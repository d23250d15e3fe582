/** How the lists of a receiver are kept in order beside its verbs: what arrived goes on the shelves, what is gone off them. */
import { createSweep, systemClock } from "@answerback/core/backend";
import { scripts } from "./scripts/scripts.ts";
import type { Session } from "./session.ts";

/** How many records a script puts on the shelves, or looks at, so that Redis goes on to others soon. */
const atOnce = 200;

/** The upkeep of an open receiver. What fails is done another time. */
export interface Upkeep {
  /** Puts all that arrived on the shelves, so that people see it. */
  shelveAll(): Promise<void>;
  /** Hears how many have arrived in a shard, and puts them on the shelves once they are worth a script. Returns at once. */
  hasArrived(shard: string, waiting: number): void;
  /** Sweeps when a sweep is due. Returns at once. */
  sweep(): void;
}

/** The upkeep of a receiver. */
export function createUpkeep({ shards, run }: Pick<Session, "shards" | "run">): Upkeep {
  const shelving = new Set<string>();
  const ofEach = <Value>(ask: (shard: string) => Promise<Value>) => Promise.all(shards.all.map(ask));

  async function shelve(shard: string): Promise<void> {
    while ((await run(scripts.shelve, shard, [atOnce])) >= atOnce);
  }

  async function sweepAll(): Promise<boolean> {
    await ofEach(shelve);
    const looked = await ofEach((shard) => run(scripts.sweep, shard, [atOnce]));
    return looked.some((many) => many >= atOnce);
  }

  return {
    async shelveAll() {
      await ofEach(shelve);
    },
    hasArrived(shard, waiting) {
      if (waiting < atOnce || shelving.has(shard)) return;
      shelving.add(shard);
      shelve(shard)
        .catch(() => {})
        .finally(() => shelving.delete(shard));
    },
    sweep: createSweep(sweepAll, systemClock),
  };
}
