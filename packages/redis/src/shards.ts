/** Where the records of a receiver are: spread by their keys over shards, each under a hash tag of its own. */
import { hash } from "node:crypto";

/** The names of a receiver in Redis. */
export interface Shards {
  /** What is known of the receiver as a whole. */
  readonly receiver: string;
  /** What the names of each shard begin with. */
  readonly all: readonly string[];
  /** The shard of a key. */
  of(key: string): string;
}

/** The same for every process: a key is always in the same shard. */
export function shardsOf(prefix: string, name: string, count: number): Shards {
  // no brace or colon is left in it: neither the hash tag nor two names can be mistaken
  const encoded = encodeURIComponent(name);
  const all = Array.from({ length: count }, (_, index) => `${prefix}:{${encoded}:${index}}:`);
  return {
    receiver: `${prefix}:{${encoded}}`,
    all,
    of: (key) => all[count === 1 ? 0 : numberOf(key) % count]!,
  };
}

function numberOf(key: string): number {
  return hash("sha1", key, "buffer").readUInt32BE();
}
