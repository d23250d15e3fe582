/** A record that a person takes, by its key and before its time. */
import type { Taken } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { type Kind, textOr } from "../../contract/kinds.ts";
import { times } from "../patience.ts";
import { Lease } from "../record/lease.ts";
import { readWork, type Work } from "../record/stored.ts";
import type { Runtime } from "../runtime.ts";

/** The key of an event. */
export const aKey: Kind<string> = textOr("give the key of the event: event.key");

/** A record that a call took. */
export interface TakenRecord {
  readonly lease: Lease;
  readonly taken: Taken;
  readonly work: Work | undefined;
}

/** Takes a record that waits or is dead. Rejects with `wrong_state` where somebody else was quicker. */
export async function takeNow(runtime: Runtime, key: string): Promise<TakenRecord> {
  const token = runtime.newToken();
  const which = { key, early: true };
  const taken = await runtime.records.take({ token, sequence: 0, leaseMs: times.lease }, which);
  if (!taken) throw new AnswerbackError("wrong_state", "somebody else has the record in hand");
  return { taken, lease: new Lease(runtime, key, token), work: readWork(taken.work) };
}
