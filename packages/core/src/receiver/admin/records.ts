/** The records of a receiver, for people: listed, counted, looked at, retried, discarded, erased; and its work paused. */
import { text, wholeNumber, withDefault } from "../../contract/kinds.ts";
import { readOptions } from "../../contract/read-options.ts";
import type { Paused } from "../pauses.ts";
import { toText } from "../record/about.ts";
import { aKey } from "../record/take-now.ts";
import type { RecordAccess } from "../runtime.ts";
import { doToAll, doToOne, type BulkOptions, type BulkProgress } from "./bulk.ts";
import { discard, erase, retry } from "./changes.ts";
import { groupsOf, type ErrorGroup } from "./errors.ts";
import { toDetails, type Found, type RecordDetails } from "./found.ts";
import { aFilter, listPage, type RecordFilter, type RecordPage } from "./list.ts";
import { pause, paused, resume } from "./pause.ts";

/** How many records there are, and how the work goes. */
export interface RecordCounts {
  /** How many in each state. One that equals `upTo` may be more. */
  readonly counts: Readonly<Record<Found["state"], number>>;
  /** Where counting ended. */
  readonly upTo: number;
  /** How long what has been due longest has been due: ms; 0 where nothing is due. */
  readonly dueForMs: number;
  /** How many handlers run in this process. */
  readonly runs: number;
  /** How many callbacks are being posted by this process. */
  readonly posts: number;
  /** What is paused. */
  readonly paused: Paused;
}

/**
 * The records of a receiver. Its functions reject with `backend_away`, too, and with an OptionError for a mistake in what
 * they are given.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.44 any.44} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.49 any.49}
 */
export interface ReceiverRecords {
  /**
   * Lists records, the newest first: as they arrived, dead letters as they died.
   *
   * @param options The filter; `limit`: how many at most, default 50; `cursor`: of the page before.
   * @example
   * let page = await receiver.records.list({ id: "11e6" });
   * if (page.cursor) page = await receiver.records.list({ id: "11e6", cursor: page.cursor });
   */
  list(
    options?: RecordFilter & { readonly limit?: number | undefined; readonly cursor?: string | undefined },
  ): Promise<RecordPage>;
  /** Gets one record; `undefined`: nothing is known under this key. */
  get(key: string): Promise<RecordDetails | undefined>;
  /**
   * Counts.
   *
   * @param options `upTo`: how far a state is counted, which bounds what the call costs. Default 10,000.
   */
  stats(options?: { readonly upTo?: number | undefined }): Promise<RecordCounts>;
  /**
   * Groups dead letters by what they died of, the largest group first.
   *
   * @param options `limit`: how many are looked at, the newest first. Default 10,000.
   */
  errors(options?: { readonly limit?: number | undefined }): Promise<ErrorGroup[]>;
  /**
   * Makes a record due: a dead letter, one that waits, one that is paused, or one that was handled and whose event is kept. An
   * event begins with its first attempt again; one whose callback address was used has no callback any more. A callback keeps
   * its count, since an earlier use of the address may have arrived. What is paused goes on by itself while the others wait.
   * No handler is run by this call: a worker takes it.
   *
   * @throws AnswerbackError `unknown_key` for a key without a record; `wrong_state` for a record that has nothing to be
   *   tried again, and where somebody else has it in hand.
   */
  retry(key: string): Promise<void>;
  /**
   * Gives the work of a record up for good: of a dead letter, of one that waits, is due or paused. Its duplicates get the
   * stored answer for the retention.
   *
   * @throws AnswerbackError as `retry`.
   */
  discard(key: string): Promise<void>;
  /**
   * Retries all records that the filter finds, a batch at a time. Records that come to match meanwhile may be among them.
   *
   * @param filter Its `state` is `"dead"` unless it says `"waiting"`, `"paused"` or `"settled"`.
   */
  retryAll(filter: RecordFilter, options?: BulkOptions): Promise<BulkProgress>;
  /**
   * Discards all records that the filter finds, a batch at a time.
   *
   * @param filter Its `state` is `"dead"` unless it says `"waiting"`, `"due"` or `"paused"`.
   */
  discardAll(filter: RecordFilter, options?: BulkOptions): Promise<BulkProgress>;
  /**
   * Erases what is kept of one subject: events, callbacks, errors, the bodies of answers, and the id itself. That the events
   * were handled stays known, so that none is handled again. Work that was left is given up.
   *
   * @param subject `id`: the provider's own id of it.
   * @returns `done`: how many records were erased. `skipped`: how many are in somebody's hands: call again.
   */
  erase(subject: { readonly id: string }, options?: BulkOptions): Promise<BulkProgress>;
  /**
   * Pauses the handling of all events, or of one type, in all processes, until `resume`. Deliveries are accepted and wait; in
   * memory, and where somebody waits at a screen, they are refused as _unavailable_. What runs goes on, and callbacks are
   * posted. Other processes notice within two seconds.
   *
   * @param name The event type, or the provider's own name. Default: all.
   */
  pause(name?: string): Promise<void>;
  /**
   * Ends a pause: what waited for it is due again.
   *
   * @param name As given to `pause`; without one everything that is paused.
   */
  resume(name?: string): Promise<void>;
  /** Says what is paused. */
  paused(): Promise<Paused>;
}

/** The records behind an access. */
export function recordsOf(access: RecordAccess): ReceiverRecords {
  const { records, underWay } = access;
  return {
    list: (options) => listPage(access, options),
    async get(key) {
      const entry = await records.get(aKey("records.get: key", key));
      return entry && toDetails(entry);
    },
    async stats(options = {}) {
      const { upTo } = readOptions("records.stats", options, { upTo: withDefault(wholeNumber, usualLimit) });
      const [{ counts, dueForMs }, isPaused] = await Promise.all([records.stats(upTo), paused(access)]);
      return { counts, upTo, dueForMs, ...underWay, paused: isPaused };
    },
    async errors(options = {}) {
      const { limit } = readOptions("records.errors", options, {
        limit: withDefault(wholeNumber, usualLimit),
      });
      return groupsOf(await records.causes(limit));
    },
    retry: async (key) => doToOne(access, aKey("records.retry: key", key), retry),
    discard: async (key) => doToOne(access, aKey("records.discard: key", key), discard),
    async retryAll(filter, options) {
      const which = aFilter("records.retryAll", filter, ["dead", "waiting", "paused", "settled"]);
      return doToAll(access, { which, doing: retry }, options);
    },
    async discardAll(filter, options) {
      const which = aFilter("records.discardAll", filter, ["dead", "waiting", "due", "paused"]);
      return doToAll(access, { which, doing: discard }, options);
    },
    async erase(subject, options) {
      const { id } = readOptions("records.erase", subject, { id: text });
      return doToAll(access, { which: { id: toText(id) }, doing: erase }, options);
    },
    pause: (name) => pause(access, name),
    resume: (name) => resume(access, name),
    paused: () => paused(access),
  };
}

/** How many records are counted, or looked at, where nobody says. */
const usualLimit = 10 ** 4;
