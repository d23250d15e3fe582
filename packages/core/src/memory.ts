/** The in-memory backend: records that live as long as the process, bounded in number and bytes. */
import type { Backend, Records } from "./backend.ts";
import { systemClock, type Clock } from "./clock.ts";
import { openRecords } from "./memory/records.ts";
import { Shelf } from "./memory/shelf.ts";
import { OptionError } from "./option-error.ts";

/** How much memory may hold, for each receiver by itself. */
export interface MemoryOptions {
  /** Default: the process's clock. */
  readonly clock?: Clock;
  /** How many keys that owe nothing are remembered: settled ones, and free ones with their note. Default 100,000. */
  readonly maxKeys?: number;
  /** How many bytes their answers and notes may take, counted as two a character. Default 64 MiB. */
  readonly maxAnswerBytes?: number;
  /** How many records may be held or have work, dead letters included. Default 10,000. */
  readonly maxPending?: number;
}

/**
 * Records in memory; a restart forgets them. What owes nothing is forgotten early when there is too much of it, the
 * longest unused first. What is held or has work never is: above `maxPending` a claim (and a save that gives work to
 * a settled record) rejects with `backend_full`. The records of a closed receiver wait for the next one of its name.
 *
 * @throws OptionError when a bound is not a whole number above 0, and from `open` for a name that is already open.
 * @example
 * const backend = memory({ maxKeys: 1_000_000 });
 * @see any.10, any.12
 */
export function memory(options: MemoryOptions = {}): Backend {
  const {
    clock = systemClock,
    maxKeys = 100_000,
    maxAnswerBytes = 64 * 1024 ** 2,
    maxPending = 10_000,
  } = options;
  const limits = { maxKeys, maxAnswerBytes, maxPending };
  mustBeWhole(limits);
  const shelves = new Map<string, Shelf>();
  const opened = new Map<string, Records>();

  return {
    durable: false,
    async open(receiver) {
      if (opened.has(receiver)) throw new OptionError("name", "taken", alreadyOpen(receiver));
      const shelf = shelves.get(receiver) ?? new Shelf(limits);
      const records = openRecords(shelf, clock, () => {
        // a second close() of an old one must not let the name of its successor go
        if (opened.get(receiver) === records) opened.delete(receiver);
      });
      shelves.set(receiver, shelf);
      opened.set(receiver, records);
      return records;
    },
    async close() {
      await Promise.all([...opened.values()].map((records) => records.close()));
    },
  };
}

function mustBeWhole(limits: Record<string, number>): void {
  for (const [option, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new OptionError(
      `memory: ${option}`,
      "invalid",
      `${value} is not a whole number above 0; leave it out for a good one`,
    );
  }
}

function alreadyOpen(receiver: string): string {
  return `a receiver named ${JSON.stringify(receiver)} is already open on this backend: close it first, or give this one another name`;
}
