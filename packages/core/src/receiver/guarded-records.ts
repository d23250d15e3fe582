/** The records with a deadline on every verb: a backend that is away, hangs or talks nonsense is one and the same. */
import type { Backend, Claimed, Records } from "../backend.ts";
import type { Clock } from "../clock.ts";
import { AnswerbackError, isAnswerbackError } from "../errors.ts";
import { inTime, late } from "./deadline.ts";

/** Records that open when first asked, and again after an opening that failed. Rejects with `backend_away`. @see any.22 */
export function guardRecords(
  backend: Backend,
  name: string,
  { withinMs, clock }: { withinMs: number; clock: Clock },
): Records {
  let opening: Promise<Records> | undefined;
  let opened: Records | undefined;

  async function open(): Promise<Records> {
    opening ??= backend.open(name);
    try {
      return (opened = await opening);
    } catch (error) {
      opening = undefined;
      throw error;
    }
  }

  async function guarded<Value>(
    verb: (records: Records) => Promise<Value>,
    sensible: (value: Value) => boolean,
  ): Promise<Value> {
    try {
      const value = await inTime(opened ? verb(opened) : open().then(verb), withinMs, clock);
      if (value === late)
        throw new AnswerbackError("backend_away", `the backend did not answer within ${withinMs} ms`);
      if (!sensible(value))
        throw new AnswerbackError("backend_away", "the backend answered what is not in its contract");
      return value;
    } catch (error) {
      if (isAnswerbackError(error)) throw error;
      throw new AnswerbackError("backend_away", "the backend failed", { cause: error });
    }
  }

  return {
    claim: (key, hold) => guarded((records) => records.claim(key, hold), isClaimed),
    take: (hold, from) =>
      guarded(
        (records) => records.take(hold, from),
        (taken) => taken === undefined || typeof taken?.work === "string",
      ),
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
    work(worker) {
      const stop = open().then((records) => records.work(worker));
      return async () => (await stop)();
    },
    async close() {
      if (opening) await (await opening).close();
    },
  };
}

function isClaimed(claimed: Claimed): boolean {
  switch (claimed?.state) {
    case "claimed":
      return typeof claimed.attempts === "number";
    case "held":
      return typeof claimed.forMs === "number";
    case "settled":
      return typeof claimed.answer === "string";
    default:
      return false;
  }
}
