/** The in-memory backend: records that live as long as the process, bounded in number and bytes. */
import type { Backend, Records } from "../contract/backend.ts";
import { aClock, wholeNumber, withDefault } from "../contract/kinds.ts";
import { readOptions, takesAtMost } from "../contract/read-options.ts";
import { systemClock, type Clock } from "../lib/clock.ts";
import { MemoryStore } from "./memory/memory-store.ts";
import { openRecords } from "./memory/records.ts";
import { openOnce, type Opening } from "./open-once.ts";

/** How much memory may hold, for each receiver by itself. */
export interface MemoryOptions {
  /** Default: the process's clock. */
  readonly clock?: Clock;
  /**
   * How many keys that owe nothing are remembered: settled ones, and free ones with their note. Each takes some 330
   * bytes beside its answer. Default 100,000.
   */
  readonly maxKeys?: number;
  /**
   * How many bytes their answers and notes may take, counted as two a character; and as many again the events that are kept,
   * of which the oldest are dropped first. Default 64 MiB.
   */
  readonly maxAnswerBytes?: number;
  /** How many records may be held, or have work that is to be done. Default 10,000. */
  readonly maxPending?: number;
  /** How many dead letters are kept. Default 1,000. */
  readonly maxDead?: number;
}

/**
 * Records in memory; a restart forgets them. What owes nothing is forgotten early when there is too much of it, the
 * longest unused first, and so is the oldest of too many dead letters; both are told in a warning, `key_forgotten_early`
 * and `dead_letter_dropped`. What is held or has work to be done never is: above `maxPending` a claim (and a save that
 * gives work to a settled record) throws `backend_full`. The records of a closed receiver wait for the next one of its
 * name. The verbs return their values, no promises.
 *
 * @throws OptionError for a mistake in the options: `unknown`, or `invalid` or `out_of_range` for a bound that is not a
 *   whole number above 0; and from `open` `taken` for a name that is already open.
 * @example
 * const backend = memory({ maxKeys: 200_000, maxDead: 5_000 });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.10 any.10}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.12 any.12}
 */
export function memory(options: MemoryOptions = {}): Backend {
  takesAtMost(1, "memory", arguments);
  const { clock, ...limits } = readOptions("memory", options, {
    clock: withDefault(aClock, systemClock),
    maxKeys: withDefault(wholeNumber, 100_000),
    maxAnswerBytes: withDefault(wholeNumber, 64 * 1024 ** 2),
    maxPending: withDefault(wholeNumber, 10_000),
    maxDead: withDefault(wholeNumber, 1_000),
  });
  const stores = new Map<string, MemoryStore>();

  async function open(receiver: string, { release, warn }: Opening): Promise<Records> {
    const store = stores.get(receiver) ?? new MemoryStore(limits);
    stores.set(receiver, store);
    store.warn = warn;
    return openRecords(store, clock, release);
  }

  const receivers = async () => [...stores.keys()].toSorted();
  return { durable: false, receivers, ...openOnce({ open, close: async () => {} }) };
}
