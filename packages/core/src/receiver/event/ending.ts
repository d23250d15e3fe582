/** The end of a run that is not written alone: its entity's version and the handler's own writes go with the event's step. */
import type { Change, Entry } from "../../backend.ts";
import { inTime, late, pause } from "../../deadline.ts";
import type { Hold } from "../record/hold.ts";
import { RolledBack, type Transaction } from "../record/transaction.ts";
import { leaseMs, type Runtime } from "../runtime.ts";
import { asOurs } from "../thrown.ts";
import type { Soon } from "../../soon.ts";
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
export function conclude(runtime: Runtime, left: Left, ended: Ended): Soon<Ended> {
  const { hold, turn, transaction } = left;
  const isBegun = transaction.close();
  if (!turn && !isBegun) return ended;
  if ("error" in ended) {
    giveUp(runtime, left, ended.error);
    return ended;
  }
  if (!hold) return commitAlone(transaction, ended);
  const drop = () => giveUp(runtime, left, new Error("nobody was left to settle the event"));
  if (isBegun)
    hold.persistNext({ write: (change) => commit(runtime, { hold, turn, transaction }, change), drop });
  else
    hold.persistNext({
      write: async (change) => (await turn?.end("handled")) !== false && hold.persist(change),
      drop,
    });
  return ended;
}

function giveUp(runtime: Runtime, { transaction, turn }: Left, reason: unknown): void {
  void runtime.tasks.track(Promise.allSettled([transaction.rollBack(reason), turn?.end("given up")]));
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
    // a moment longer than the deliveries wait, which are told that the backend is away
    const ours = await inTime(transaction.commit(saves), runtime.backendWithinMs + 1, runtime.clock);
    if (ours !== late) return ours;
    return await settledAfterAll(
      runtime,
      { hold, change },
      new Error("the backend did not say whether it committed"),
    );
  } catch (error) {
    if (error instanceof RolledBack) throw error;
    return await settledAfterAll(runtime, { hold, change }, error);
  } finally {
    if (turn) void runtime.tasks.track(turn.end("given up").catch(() => false));
  }
}

/** Nobody knows. After an empty step of ours the transaction has been stored, or never will be. */
async function settledAfterAll(
  runtime: Runtime,
  { hold, change }: { hold: Hold; change: Change },
  error: unknown,
): Promise<boolean> {
  if (!(await hold.persist({}))) return false;
  if (!isStored(await look(runtime, hold.key), change)) throw new RolledBack(error);
  // the lease that began with the commit may be over
  return change.forMs === leaseMs ? hold.persist({ forMs: leaseMs }) : true;
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
