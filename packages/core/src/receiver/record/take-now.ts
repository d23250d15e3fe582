/** A record that somebody takes by its key and before its time. */
import type { Taken, TakeOptions } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { type Kind, matching, textOr } from "../../contract/kinds.ts";
import { times } from "../patience.ts";
import type { RecordAccess } from "../runtime.ts";
import { Lease } from "./lease.ts";
import { readWork, type Work } from "./stored.ts";

const cure = "give the key of the event: event.key";

/** The key of an event. U+0000 is in none, and Postgres would not take it. */
export const aKey: Kind<string> = matching(/^[^\0]+$/, `it is none; ${cure}`, textOr(cure));

/** A record that a call took. */
export interface TakenRecord {
  readonly lease: Lease;
  readonly taken: Taken;
  readonly work: Work | undefined;
}

/** Takes a record that waits, is paused, dead, or kept. Rejects with `wrong_state` where somebody else was quicker. */
export async function takeNow(access: RecordAccess, key: string): Promise<TakenRecord> {
  const record = await tryToTake(access, key);
  if (record) return record;
  throw new AnswerbackError("wrong_state", "somebody else has the record in hand");
}

/** Takes such a record, or one in just this state; `undefined`: it is none (any more), or somebody else has it in hand. */
export async function tryToTake(
  access: RecordAccess,
  key: string,
  early: TakeOptions["early"] = true,
): Promise<TakenRecord | undefined> {
  const token = access.newToken();
  const which = { key, early };
  const taken = await access.records.take({ token, sequence: 0, leaseMs: times.lease }, which);
  return taken && { taken, lease: new Lease(access, key, token), work: readWork(taken.work) };
}
