/** The border between due records and a carrier, an engine that hands their keys to workers: BullMQ, pg-boss. */
import type { Clock } from "../lib/clock.ts";

/** An engine that hands keys of due records to workers, in this process or in others. */
export interface Carrier {
  /**
   * Opens a queue for keys; resolves also while the engine is away. Each receiver has two queues: for runs and for posts.
   *
   * @param name A name that any engine takes: letters, digits, `_`, `.` and `-`, at most 49 of them. No other receiver has
   *   the same.
   */
  open(name: string): Promise<Queue>;
  /** Closes the engine, also while it is away. May be called twice. */
  close(): Promise<void>;
}

/** Where keys wait for a worker. The engine may lose keys at any time: the feeder adds them again. */
export interface Queue {
  /** Adds jobs. A job whose id is in the queue already is ignored. Rejects when the engine is away. */
  add(jobs: readonly Job[]): Promise<void>;
  /**
   * Hands each key to `each`, until stopped.
   *
   * @param slots How many keys may be in the hands of `each` at a time, in this process.
   * @param each Works the record of one key. Never rejects.
   * @returns The function that stops it, and resolves when the keys in hand are worked.
   */
  work(slots: number, each: (key: string) => Promise<void>): () => Promise<void>;
  /** Closes the queue. Called once, when no worker is left. */
  close(): Promise<void>;
}

/** A key of a due record, on its way to a worker. */
export interface Job {
  /**
   * The same each time that a feeder finds the record due since the same instant, so that two feeders add one job: 43
   * characters of base64url.
   */
  readonly id: string;
  /** The key of the record. */
  readonly key: string;
}

/** How a queue is fed with the keys of due records. */
export interface FeedOptions {
  /**
   * How often each working process looks for due records: ms. It looks up to ten times as often while its own saves make
   * records due. Default 1,000.
   */
  readonly everyMs?: number | undefined;
  /** How many keys are added at a time, those of the records that have been due longest. Default 1,000. */
  readonly atOnce?: number | undefined;
  /** Time, for tests. Default: the process's clock. */
  readonly clock?: Clock | undefined;
}
