/** The records with a deadline on every verb: a backend that is away, hangs or talks nonsense is one and the same. */
import type { Backend, Claimed, Records, Taken, Worker } from "../../contract/backend.ts";
import { AnswerbackError, isAnswerbackError } from "../../contract/errors.ts";
import type { Warning } from "../../contract/warning.ts";
import type { Clock } from "../../lib/clock.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { timedOut, withTimeout } from "../../lib/timeout.ts";
import { wordsOf } from "../../lib/words.ts";
import { times } from "../patience.ts";
import type { GuardedRecords } from "../runtime.ts";
import type { Tell } from "../tell.ts";
import { createOutage } from "./outage.ts";

/** How the records are guarded. */
export interface GuardOptions {
  /** How long a verb may take: ms. */
  readonly withinMs: number;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly warn: (warning: Warning) => void;
  /** The backend was opened: called once. */
  readonly whenOpened: () => void;
}

/**
 * Records that open when they are first asked, and again after an opening that failed. Their verbs throw or reject with
 * `backend_away`, whose message has the engine's own words.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.22 any.22}
 */
export function guardRecords(
  backend: Backend<any>,
  name: string,
  { withinMs, clock, tell, warn, whenOpened }: GuardOptions,
): GuardedRecords {
  const outage = createOutage({ name, clock, tell, warn });
  let opening: Promise<Records<any>> | undefined;
  let opened: Records<any> | undefined;
  let isClosed = false;
  /** What the last verb that was given up said after all: the next one that is given up has a reason. */
  let lateError: unknown;

  async function open(): Promise<Records<any>> {
    if (isClosed) throw new AnswerbackError("closing", "the receiver has closed");
    return opened ?? (opening ??= adopt(backend.open(name, { warn })));
  }

  async function adopt(coming: Promise<Records<any>>): Promise<Records<any>> {
    try {
      const records = await coming;
      if (typeof records?.claim !== "function") throw new TypeError("the backend opened no records");
      // this opening took so long that another one was quicker, or that the receiver closed
      if (opened || isClosed) records.close().catch(() => {});
      if (opened) return opened;
      opened = records;
      if (!isClosed) whenOpened();
      return records;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  }

  /** Throws what a verb failed with, as an error of ours. */
  function fail(error: unknown): never {
    const ours = isAnswerbackError(error) ? error : away(wordsOf(error), error);
    if (ours.code === "backend_away" && !isClosed) outage.failed(ours);
    throw ours;
  }

  /** Fails for a verb that is given up. What hangs now may hang for ever, so the next verb opens anew. */
  function giveUp(answer: Promise<unknown>): never {
    opening = undefined;
    answer.catch((error: unknown) => (lateError = error));
    const reason = lateError === undefined ? "" : `: ${wordsOf(lateError)}`;
    throw away(`it did not answer within ${withinMs} ms${reason}`, lateError);
  }

  /** The verb under its deadline. */
  function guarded<Args extends unknown[], Value>(
    verb: (records: Records<any>, ...args: Args) => MaybePromise<Value>,
    isSensible: (value: Value) => boolean,
  ): (...args: Args) => MaybePromise<Value> {
    const checked = (value: Value): Value => {
      if (!isSensible(value)) throw away("it answered what is not in its contract");
      lateError = undefined;
      outage.answered();
      return value;
    };
    return (...args) => {
      try {
        const answer = opened ? verb(opened, ...args) : open().then((records) => verb(records, ...args));
        if (!isPromise(answer)) return checked(answer);
        return withTimeout(answer, withinMs, clock)
          .then((value) => (value === timedOut ? giveUp(answer) : checked(value)))
          .catch(fail);
      } catch (error) {
        return fail(error);
      }
    };
  }

  const whenOpen = guarded(
    async (records) => records,
    () => true,
  );

  /** Hands the worker over once the backend is open. A backend that is away at the start comes back. */
  function work(worker: Worker): () => Promise<void> {
    let isStopped = false;
    let stop = async () => {};
    let cancel = () => {};
    const begin = async () => {
      try {
        const records = await whenOpen();
        if (!isStopped) stop = records.work(overheard(worker));
      } catch {
        if (!isStopped) cancel = clock.after(times.openAgain, () => void begin());
      }
    };
    void begin();
    return async () => {
      isStopped = true;
      cancel();
      await stop();
    };
  }

  /** What a worker's takes come to is heard, too: it may be all that asks the backend. */
  function overheard(worker: Worker): Worker {
    return {
      ...worker,
      taking(take) {
        take.then(outage.answered, fail).catch(() => {});
        worker.taking?.(take);
      },
    };
  }

  return {
    claim: guarded((records, key, lease, about) => records.claim(key, lease, about), isClaimed),
    take: guarded((records, lease, which) => records.take(lease, which), isTaken),
    save: guarded(
      (records, key, lease, change) => records.save(key, lease, change),
      (saved) => typeof saved === "boolean",
    ),
    get: guarded(
      (records, key) => records.get(key),
      (entry) => entry === undefined || typeof entry?.key === "string",
    ),
    list: guarded(
      (records, page) => records.list(page),
      (listing) => Array.isArray(listing?.entries),
    ),
    stats: guarded(
      (records, upTo) => records.stats(upTo),
      (stats) => typeof stats?.counts === "object",
    ),
    causes: guarded((records, limit) => records.causes(limit), Array.isArray),
    erase: guarded(
      (records, key, erased) => records.erase(key, erased),
      (isErased) => typeof isErased === "boolean",
    ),
    // it lasts as long as the handler: the unit of work bounds what comes before and after that
    async run(handle) {
      const records = opened ?? (await open());
      if (records.run) return records.run(handle);
      throw new AnswerbackError("failed", "this backend has no transaction that a handler can join");
    },
    work,
    async close() {
      isClosed = true;
      if (opened) await withTimeout(opened.close(), withinMs, clock);
    },
  };
}

function away(why: string, cause?: unknown): AnswerbackError {
  return new AnswerbackError("backend_away", `the backend is away: ${why}`, { cause });
}

function isClaimed(claimed: Claimed): boolean {
  switch (claimed?.state) {
    case "claimed":
      return Number.isFinite(claimed.attempts);
    case "held":
      return Number.isFinite(claimed.forMs);
    case "settled":
      return typeof claimed.answer === "string";
    default:
      return false;
  }
}

function isTaken(taken: Taken | undefined): boolean {
  if (taken === undefined) return true;
  return typeof taken?.key === "string" && typeof taken.work === "string" && Number.isFinite(taken.attempts);
}
