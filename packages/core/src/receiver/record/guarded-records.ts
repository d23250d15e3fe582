/** The records with a deadline on every verb: a backend that is away, hangs or talks nonsense is one and the same. */
import type { Backend, Claimed, OpenOptions, Records, Taken, Worker } from "../../contract/backend.ts";
import { AnswerbackError, isAnswerbackError } from "../../contract/errors.ts";
import type { Clock } from "../../lib/clock.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { timedOut, withTimeout } from "../../lib/timeout.ts";
import { times } from "../patience.ts";
import type { GuardedRecords } from "../runtime.ts";

/** How the records are guarded. */
export interface GuardOptions {
  /** How long a verb may take: ms. */
  readonly withinMs: number;
  readonly clock: Clock;
  /** Gets what the backend has to tell. */
  readonly warn: NonNullable<OpenOptions["warn"]>;
}

/**
 * Records that open when they are first asked, and again after an opening that failed. Their verbs throw or reject with
 * `backend_away`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.22 any.22}
 */
export function guardRecords(
  backend: Backend<any>,
  name: string,
  { withinMs, clock, warn }: GuardOptions,
): GuardedRecords {
  let opening: Promise<Records<any>> | undefined;
  let opened: Records<any> | undefined;
  let isClosed = false;

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
      return (opened ??= records);
    } catch (error) {
      opening = undefined;
      throw error;
    }
  }

  /** The verb under its deadline. */
  function guarded<Args extends unknown[], Value>(
    verb: (records: Records<any>, ...args: Args) => MaybePromise<Value>,
    isSensible: (value: Value) => boolean,
  ): (...args: Args) => MaybePromise<Value> {
    const checked = (value: Value | typeof timedOut): Value => {
      if (value !== timedOut && isSensible(value)) return value;
      // what hangs now may hang for ever: the next verb opens anew
      if (value === timedOut) opening = undefined;
      throw away(value === timedOut ? `the backend did not answer within ${withinMs} ms` : nonsense);
    };
    const failed = (error: unknown): never => {
      throw isAnswerbackError(error) ? error : away("the backend failed", error);
    };
    return (...args) => {
      try {
        const answer = opened ? verb(opened, ...args) : open().then((records) => verb(records, ...args));
        if (!isPromise(answer)) return checked(answer);
        return withTimeout(answer, withinMs, clock).then(checked).catch(failed);
      } catch (error) {
        return failed(error);
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
        if (!isStopped) stop = records.work(worker);
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

  return {
    claim: guarded((records, key, lease) => records.claim(key, lease), isClaimed),
    take: guarded((records, lease, which) => records.take(lease, which), isTaken),
    save: guarded(
      (records, key, lease, change) => records.save(key, lease, change),
      (saved) => typeof saved === "boolean",
    ),
    get: guarded(
      (records, key) => records.get(key),
      (entry) => entry === undefined || typeof entry?.key === "string",
    ),
    dead: guarded((records, page) => records.dead(page), Array.isArray),
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

const nonsense = "the backend answered what is not in its contract";

function away(message: string, cause?: unknown): AnswerbackError {
  return new AnswerbackError("backend_away", message, { cause });
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
