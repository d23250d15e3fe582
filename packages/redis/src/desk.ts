/** What the verbs of one receiver work on: its shards, and how long what is free lingers. */
import { OptionError } from "@answerback/core";
import type { Connection } from "./client.ts";
import { scripts, type Script } from "./scripts.ts";
import { shardsOf, type Shards } from "./shards.ts";

/** The desk of an open receiver. */
export interface Desk {
  /** Where the receiver's records are. */
  readonly shards: Shards;
  /** How long a free record is kept once its time is past: ms. */
  readonly lingerMs: number;
  /** Runs a script on a shard. */
  run(script: Script, shard: string, args?: readonly (string | number)[]): Promise<any>;
  /** Keeps what is free for as long as the longest retention given. */
  lingerFor(ms: number): Promise<void>;
}

/** How a receiver's desk is set up. */
export interface DeskOptions {
  /** What all names in Redis begin with. */
  readonly prefix: string;
  /** Over how many slots of a Cluster the records are spread. */
  readonly shards: number;
  /** How many ms the server's clock is taken to be ahead. */
  readonly clockOffsetMs: () => number;
}

/** At least as long as this: ms. A week. */
const leastLingerMs = 604_800_000;

/**
 * Opens the desk of a receiver.
 *
 * @throws OptionError where the receiver's records are spread over another number of shards.
 */
export async function openDesk(
  connection: Connection,
  receiver: string,
  options: DeskOptions,
): Promise<Desk> {
  const { prefix, shards: count, clockOffsetMs } = options;
  const shards = shardsOf(prefix, receiver, count);
  const known = (await connection.run(scripts.open, shards.receiver, [count])) as (string | null)[];
  // `null` is 0: no retention was longer than the usual one
  const [spread = 0, longestMs = 0] = known.map(Number);
  if (spread !== count) throw new OptionError("shards", "conflict", cure(receiver, spread, count));
  let lingerMs = Math.max(leastLingerMs, longestMs);

  return {
    shards,
    get lingerMs() {
      return lingerMs;
    },
    run: (script, shard, args = []) => connection.run(script, shard, [clockOffsetMs(), ...args]),
    async lingerFor(ms) {
      if (ms <= lingerMs) return;
      await connection.run(scripts.keepLinger, shards.receiver, [ms]);
      lingerMs = ms;
    },
  };
}

function cure(receiver: string, spread: number, count: number): string {
  return `the records of ${JSON.stringify(receiver)} are spread over ${spread} shards, and ${count} would not find them: give ${spread}, or another prefix`;
}
