/** The end of a run that is not written alone: its entity's version and the handler's own writes go with the event's step. */
import type { Change, Entry } from "../../backend.ts";
import { inTime, late, pause } from "../../deadline.ts";
import type { Hold } from "../record/hold.ts";
import { RolledBack, type Transaction } from "../record/transaction.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs } from "../thrown.ts";
import type { Ended } from "./run.ts";
import type { Turn } from "./turn.ts";

/** What a run leaves to be ended with it. */
export interface Left {
  readonly hold: Hold | undefined;
  readonly turn: Turn | undefined;
  readonly transaction: Transaction;
}

/**
 * Ends with the run what it has in hand: nothing is left of one that failed, and of one that went well it is written
 * with the next step of its event. A version before that: after a crash in between the event is handled again.
 */
export function conclude(runtime: Runtime, left: Left, ended: Ended): Ended | Promise<Ended> {
  const { hold, turn, transaction } = left;
  const isBegun = transaction.close();
  if (!turn && !isBegun) return ended;
  if ("error" in ended) {
    void runtime.tasks.track(Promise.allSettled([transaction.rollBack(ended.error), turn?.end("given up")]));
    return ended;
  }
  if (!hold) return commitAlone(transaction, ended);
  if (isBegun) hold.persistNext((change) => commit(runtime, { hold, turn, transaction }, change));
  else hold.persistNext(async (change) => (await turn?.end("handled")) !== false && hold.persist(change));
  return ended;
}

/** Nothing was claimed, so nothing is to be settled with it. */
async function commitAlone(transaction: Transaction, ended: Ended): Promise<Ended> {
  try {
    await transaction.commit([]);
    return ended;
  } catch (error) {
    return { error: asOurs(error) };
  }
}

/** Both, or neither. */
async function commit(
  runtime: Runtime,
  { hold, turn, transaction }: Left & { hold: Hold },
  change: Change,
): Promise<boolean> {
  const saves = [...(turn ? [turn.saving()] : []), hold.saving(change)];
  try {
    const committing = transaction.commit(saves);
    const ours = await inTime(committing, runtime.backendWithinMs, runtime.clock);
    if (ours === late) return await settledAfterAll(runtime, hold, change);
    return ours;
  } catch (error) {
    if (error instanceof RolledBack) throw error;
    return await settledAfterAll(runtime, hold, change);
  } finally {
    void turn?.end("given up");
  }
}

/** Nobody knows. After an empty step of ours the transaction has been stored, or never will be. */
async function settledAfterAll(runtime: Runtime, hold: Hold, change: Change): Promise<boolean> {
  if (!(await hold.persist({}))) return false;
  if (isStored(await look(runtime, hold.key), change)) return true;
  throw new RolledBack(new Error("the backend went away during the commit"));
}

async function look({ records, clock, abandoned }: Runtime, key: string): Promise<Entry | undefined> {
  for (;;) {
    try {
      return await records.get(key);
    } catch (error) {
      if (abandoned.hasRung) throw error;
      await pause(1_000, clock, abandoned);
    }
  }
}

function isStored(entry: Entry | undefined, { work, answer }: Change): boolean {
  return entry?.work === work && (answer === undefined || entry?.answer === answer);
}
