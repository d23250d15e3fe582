/** The records with a deadline on every verb: a backend that is away, hangs or talks nonsense is one and the same. */
import type { Backend, Claimed, Records, Taken, Worker } from "../../backend.ts";
import type { Clock } from "../../clock.ts";
import { AnswerbackError, isAnswerbackError } from "../../errors.ts";
import { inTime, late } from "../../deadline.ts";
import { isPromise } from "../../maybe-promise.ts";
import { rescue, type Soon } from "../../soon.ts";

/** Records that can be relied on to answer, those of this process within the call. */
export type GuardedRecords = {
  readonly [Verb in "claim" | "take" | "save" | "get" | "dead"]: (
    ...given: Parameters<Records[Verb]>
  ) => Soon<Awaited<ReturnType<Records[Verb]>>>;
} & Pick<Records<any>, "work" | "close"> &
  Required<Pick<Records<any>, "run">>;

/** How long an opening that failed is left alone while nobody but the workers asks: ms. */
const openAgainMs = 1_000;

/** Records that open when first asked, and again after an opening that failed. Rejects with `backend_away`. @see any.22 */
export function guardRecords(
  backend: Backend<any>,
  name: string,
  { withinMs, clock }: { withinMs: number; clock: Clock },
): GuardedRecords {
  let opening: Promise<Records<any>> | undefined;
  let opened: Records<any> | undefined;
  let closed = false;

  async function open(): Promise<Records<any>> {
    if (closed) throw new AnswerbackError("closing", "the receiver has closed");
    return opened ?? (opening ??= adopt(backend.open(name)));
  }

  async function adopt(coming: Promise<Records<any>>): Promise<Records<any>> {
    try {
      const records = await coming;
      if (typeof records?.claim !== "function") throw new TypeError("the backend opened no records");
      // another opening was quicker, since this one took too long; or nobody waits for it any more
      if (opened || closed) records.close().catch(() => {});
      return (opened ??= records);
    } catch (error) {
      opening = undefined;
      throw error;
    }
  }

  /** A verb that answers in time what is in its contract, or rejects. */
  function guarded<Given extends unknown[], Value>(
    verb: (records: Records<any>, ...given: Given) => Soon<Value>,
    isSensible: (value: Value) => boolean,
  ): (...given: Given) => Soon<Value> {
    const sensible = (value: Value | typeof late): Value => {
      if (value !== late && isSensible(value)) return value;
      // what hangs now may hang for ever: the next verb opens anew
      if (value === late) opening = undefined;
      throw away(value === late ? `the backend did not answer within ${withinMs} ms` : nonsense);
    };
    const failed = (error: unknown): never => {
      throw isAnswerbackError(error) ? error : away("the backend failed", error);
    };
    const ask = (given: Given): Soon<Value> => {
      const answer = opened ? verb(opened, ...given) : open().then((records) => verb(records, ...given));
      return isPromise(answer) ? inTime(answer, withinMs, clock).then(sensible) : sensible(answer);
    };
    return (...given) => rescue(() => ask(given), failed);
  }

  const adopted = guarded(
    async (records) => records,
    () => true,
  );

  /** Hands the worker over as soon as the backend opens; one that is away at the start comes back. */
  function work(worker: Worker): () => Promise<void> {
    let stopped = false;
    let stop = async () => {};
    let callOff = () => {};
    const begin = async () => {
      try {
        const records = await adopted();
        if (!stopped) stop = records.work(worker);
      } catch {
        if (!stopped) callOff = clock.after(openAgainMs, () => void begin());
      }
    };
    void begin();
    return async () => {
      stopped = true;
      callOff();
      await stop();
    };
  }

  return {
    claim: guarded((records, key, hold) => records.claim(key, hold), isClaimed),
    take: guarded((records, hold, from) => records.take(hold, from), isTaken),
    save: guarded(
      (records, key, hold, change) => records.save(key, hold, change),
      (saved) => typeof saved === "boolean",
    ),
    get: guarded(
      (records, key) => records.get(key),
      (entry) => entry === undefined || typeof entry?.key === "string",
    ),
    dead: guarded((records, page) => records.dead(page), Array.isArray),
    // as long as the handler: who calls it bounds what comes before and after that
    async run(handle) {
      const records = opened ?? (await open());
      if (records.run) return records.run(handle);
      throw new AnswerbackError("failed", "this backend has no transaction that a handler can join");
    },
    work,
    async close() {
      closed = true;
      if (opened) await inTime(opened.close(), withinMs, clock);
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
