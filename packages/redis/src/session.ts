/** What the verbs of one receiver work on: its shards, and how long free records are kept. */
import { createLinger, OptionError, type Linger } from "@answerback/core/backend";
import type { Connection } from "./client.ts";
import { takeAlong } from "./old.ts";
import type { RunScript } from "./scripts/script.ts";
import { scripts } from "./scripts/scripts.ts";
import { shardsOf, type Shards } from "./shards.ts";

/** How many records a script looks at, so that Redis goes on to others soon. */
export const looksAtOnce = 500;

/** How many records of a shard are looked at, of so many in all: more than its share, as some have more than others. */
export function shareOf(many: number, shards: number): number {
  return Math.min(many, Math.max(looksAtOnce, Math.ceil((2 * many) / shards)));
}

/** An open receiver. */
export interface Session {
  /** Where the receiver's records are. */
  readonly shards: Shards;
  /** How long free records are kept. */
  readonly linger: Linger;
  /** Runs a script on a shard. */
  readonly run: RunScript;
}

/** How a receiver's records lie in Redis. */
export interface SessionOptions {
  /** What all names in Redis begin with. */
  readonly prefix: string;
  /** Over how many slots of a Cluster the records are spread. */
  readonly shards: number;
  /** How many ms the server's clock is taken to be ahead. */
  readonly clockOffsetMs: () => number;
}

/**
 * Opens a receiver.
 *
 * @throws OptionError `conflict` where the receiver's records are spread over another number of shards.
 */
export async function openSession(
  connection: Connection,
  receiver: string,
  options: SessionOptions,
): Promise<Session> {
  const { prefix, shards: count, clockOffsetMs } = options;
  const shards = shardsOf(prefix, receiver, count);
  const known = (await connection.run(scripts.open, shards.receiver, [count])) as (string | null)[];
  // `null` is 0: no retention was longer than the usual one, and the lists are not made yet
  const [spread = 0, lingerMs = 0, isListed = 0] = known.map(Number);
  if (spread !== count) throw new OptionError("redis: shards", "conflict", cure(receiver, spread, count));
  const linger = createLinger(lingerMs, (ms) => connection.run(scripts.keepLinger, shards.receiver, [ms]));
  const run: RunScript = (script, shard, args = []) =>
    connection.run(script, shard, [clockOffsetMs(), linger.ms, ...args]);
  if (!isListed) {
    await Promise.all(shards.all.map((shard) => takeAlong(run, shard)));
    await connection.run(scripts.markListed, shards.receiver, []);
  }
  await connection.run(scripts.enrol, receiversOf(prefix), [receiver]);
  return { shards, linger, run };
}

/** The names of the receivers that were opened under a prefix, in their order. */
export async function tellReceivers(connection: Connection, prefix: string): Promise<string[]> {
  const names = (await connection.run(scripts.receivers, receiversOf(prefix), [])) as string[];
  return names.toSorted();
}

function receiversOf(prefix: string): string {
  return `${prefix}:receivers`;
}

function cure(receiver: string, spread: number, count: number): string {
  return `the records of ${JSON.stringify(receiver)} are spread over ${spread} shards, and ${count} would not find them: give ${spread}, or another prefix`;
}
