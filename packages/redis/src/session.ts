/** What the verbs of one receiver work on: its shards, and how long free records are kept. */
import { createLinger, OptionError, type Linger } from "@answerback/core/backend";
import type { Connection } from "./client.ts";
import { scripts, type Script } from "./scripts.ts";
import { shardsOf, type Shards } from "./shards.ts";

/** How long dead letters of the version before are kept: ms. */
const keptMs = 30 * 86_400_000;

/** An open receiver. */
export interface Session {
  /** Where the receiver's records are. */
  readonly shards: Shards;
  /** How long free records are kept. */
  readonly linger: Linger;
  /** Runs a script on a shard. */
  run(script: Script, shard: string, args?: readonly (string | number)[]): Promise<any>;
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
  // `null` is 0: no retention was longer than the usual one
  const [spread = 0, lingerMs = 0] = known.map(Number);
  if (spread !== count) throw new OptionError("redis: shards", "conflict", cure(receiver, spread, count));
  const session: Session = {
    shards,
    linger: createLinger(lingerMs, (ms) => connection.run(scripts.keepLinger, shards.receiver, [ms])),
    run: (script, shard, args = []) => connection.run(script, shard, [clockOffsetMs(), ...args]),
  };
  await Promise.all(shards.all.map((shard) => takeDeadAlong(session, shard)));
  return session;
}

/** A few at a time, so that other clients of the server get their turns. */
async function takeDeadAlong({ run }: Session, shard: string): Promise<void> {
  while (Number(await run(scripts.takeDeadAlong, shard, [keptMs])) > 0);
}

function cure(receiver: string, spread: number, count: number): string {
  return `the records of ${JSON.stringify(receiver)} are spread over ${spread} shards, and ${count} would not find them: give ${spread}, or another prefix`;
}
