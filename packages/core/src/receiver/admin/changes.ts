/** What people do with one record: its work is tried again, given up, or erased. */
import type { Change, Entry, TakeOptions } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { isRecord } from "../../decoding/json.ts";
import { type PostWork, readWork, toDo, type Work } from "../record/stored.ts";
import { type TakenRecord, tryToTake } from "../record/take-now.ts";
import type { RecordAccess } from "../runtime.ts";

/** What is done with a record as it was seen. `false`: it was left alone, since somebody has it in hand, or it changed. */
export type Doing = (access: RecordAccess, entry: Entry) => Promise<boolean>;

/** Makes the work of a record due. Rejects with `wrong_state` for a record that has none to be tried again. */
export const retry: Doing = async (access, entry) => {
  mustBeRetryable(entry);
  const record = await tryToTake(access, entry.key, asItWas(entry));
  if (!record) return false;
  const { lease, taken, work } = record;
  // it waited for its next attempt, and waits for `receiver.answer` by now: a worker puts it back
  const isAnothers = entry.state !== "dead" && work?.kind === "event" && work.later;
  const change = isAnothers ? { attempts: taken.attempts - 1 } : again(access, entry, record);
  return (await lease.saveUntilKnown({ ...change, forMs: 0 })) && !isAnothers;
};

/** Gives the work of a record up for good. Rejects with `wrong_state` for a record that has none. */
export const discard: Doing = async (access, entry) => {
  if (!isLeft(entry)) throw nothingTo("discard", entry);
  const record = await tryToTake(access, entry.key, asItWas(entry));
  if (!record) return false;
  return record.lease.saveUntilKnown({ work: null, forMs: rememberedForMs(access, record.work) });
};

/** Erases what a record says of its subject. That it was handled stays. */
export const erase: Doing = async (access, { key, answer, work }) => {
  const forMs = rememberedForMs(access, readWork(work));
  return access.records.erase(key, { answer: withoutBody(answer), forMs });
};

/** Has it work that nobody has in hand? */
function isLeft({ state }: Entry): boolean {
  return state === "dead" || state === "waiting" || state === "paused" || state === "due";
}

function mustBeRetryable(entry: Entry): void {
  const { state, kept, work } = entry;
  if (state === "settled" && kept === null)
    throw new AnswerbackError(
      "wrong_state",
      "it was handled, and its event is not kept: give the option keep",
    );
  if (state !== "settled" && !isLeft(entry)) throw nothingTo("try again", entry);
  const left = readWork(work);
  if (left?.kind === "malformed")
    throw new AnswerbackError("wrong_state", "a malformed body cannot be handled; discard it");
  if (state !== "dead" && left?.kind === "event" && left.later)
    throw new AnswerbackError("wrong_state", "the event waits for receiver.answer");
}

function nothingTo(verb: string, { state }: Entry): AnswerbackError {
  const why = state === "held" ? "somebody has it in hand" : `the record is ${state}`;
  return new AnswerbackError("wrong_state", `there is nothing to ${verb}: ${why}`);
}

/** The state in which it was seen, so that a record that changed since is left alone. */
function asItWas({ state }: Entry): TakeOptions["early"] {
  return state === "dead" || state === "paused" || state === "waiting" || state === "settled" ? state : false;
}

/** The work of a record from its beginning; what was paused goes on in spite of that. */
function again(access: RecordAccess, { state }: Entry, { taken, work }: TakenRecord): Change {
  if (work?.kind === "post") return { ...byHand(access, work, taken.attempts - 1), note: null };
  if (work?.kind !== "event") return {};
  const unpaused = state === "paused" || undefined;
  const afresh = { ...work, unpaused, later: undefined, ended: undefined, since: access.clock.now() };
  return { ...toDo(afresh), note: null, attempts: 0 };
}

function rememberedForMs({ retentionMs }: RecordAccess, work: Work | undefined): number {
  if (work?.kind === "event") return work.event.retentionMs;
  return work?.kind === "post" ? work.retentionMs : retentionMs;
}

/** A callback that a person sends again: at an address of many uses whatever may have arrived is spent, and forgiven. */
function byHand({ clock }: RecordAccess, work: PostWork, attempts: number): Change {
  const again = { ...work, since: clock.now() };
  if (!work.reusable) return { ...toDo(again), attempts };
  return { ...toDo({ ...again, uses: (work.uses ?? 0) + attempts }), attempts: 0 };
}

/** The answer's status, which the provider read; what else is in it may be of the subject. */
function withoutBody(answer: string | null): string {
  const stored: unknown = JSON.parse(answer ?? "null");
  const status = isRecord(stored) && typeof stored.status === "number" ? stored.status : 200;
  return JSON.stringify({ status, headers: {}, body: "" });
}
