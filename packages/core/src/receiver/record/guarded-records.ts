/** The records with a deadline on every verb: a backend that is away, hangs or talks nonsense is one and the same. */
import type { Backend, Claimed, Records, Taken, Worker } from "../../backend.ts";
import type { Clock } from "../../clock.ts";
import { AnswerbackError, isAnswerbackError } from "../../errors.ts";
import { inTime } from "../../deadline.ts";

/** Records that can be relied on to answer. */
export type GuardedRecords = Omit<Records<any>, "run" | "due"> & Required<Pick<Records<any>, "run">>;

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

  function guarded<Value>(
    verb: (records: Records<any>) => Promise<Value>,
    isSensible: (value: Value) => boolean,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      const callOff = clock.after(withinMs, () => {
        // what hangs now may hang for ever: the next verb opens anew
        opening = undefined;
        reject(away(`the backend did not answer within ${withinMs} ms`));
      });
      const failed = (error: unknown) => {
        callOff();
        reject(isAnswerbackError(error) ? error : away("the backend failed", error));
      };
      const answered = (value: Value) => {
        callOff();
        if (isSensible(value)) resolve(value);
        else reject(away("the backend answered what is not in its contract"));
      };
      try {
        (opened ? verb(opened) : open().then(verb)).then(answered, failed);
      } catch (error) {
        failed(error);
      }
    });
  }

  /** Hands the worker over as soon as the backend opens; one that is away at the start comes back. */
  function work(worker: Worker): () => Promise<void> {
    let stopped = false;
    let stop = async () => {};
    let callOff = () => {};
    const begin = async () => {
      try {
        const records = await guarded(
          async (one) => one,
          () => true,
        );
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
    claim: (key, hold) => guarded((records) => records.claim(key, hold), isClaimed),
    take: (hold, from) => guarded((records) => records.take(hold, from), isTaken),
    save: (key, hold, change) =>
      guarded(
        (records) => records.save(key, hold, change),
        (saved) => typeof saved === "boolean",
      ),
    get: (key) =>
      guarded(
        (records) => records.get(key),
        (entry) => entry === undefined || typeof entry?.key === "string",
      ),
    dead: (page) => guarded((records) => records.dead(page), Array.isArray),
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
