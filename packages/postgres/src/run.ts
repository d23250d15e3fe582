/** A handler's transaction: its own writes, and the saves that end its run, fenced and last. */
import { AnswerbackError, type Saving } from "@answerback/core/backend";
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { openDoor, type PostgresDb } from "./db.ts";
import { saving } from "./row.ts";
import type { Session } from "./session.ts";

/** The saves that were made in a run. */
export interface Made {
  /** When the first of them is due: ms from now; `null`: none is. */
  readonly dueMs: number | null;
}

/** The handler's part of it. */
export type Handling = (db: PostgresDb) => Promise<readonly Saving[]>;

/** Runs it and commits. `undefined`: a record was lost, and nothing is left of it. */
export async function runTransaction(session: Session, handle: Handling): Promise<Made | undefined> {
  const client = await session.handlers.connect();
  // while it is in our hands nobody else listens, and a connection that is cut would end the process
  const ignore = () => {};
  client.on("error", ignore);
  let isOver = false;
  const end = async (how: "COMMIT" | "ROLLBACK") => {
    await client.query(inTime(session, { text: how }));
    isOver = true;
  };
  try {
    const made = await transact({ ...session, client }, handle);
    await end(made ? "COMMIT" : "ROLLBACK");
    return made;
  } catch (error) {
    await end("ROLLBACK").catch(() => {});
    throw error;
  } finally {
    // a connection that may still be in a transaction is closed; Postgres rolls it back
    client.release(!isOver);
    client.off("error", ignore);
  }
}

/** All but its end. */
async function transact(
  run: Session & { readonly client: pg.PoolClient },
  handle: Handling,
): Promise<Made | undefined> {
  const { client, settings } = run;
  const id = randomUUID();
  await client.query(inTime(run, { text: beginning(id, settings.idleMs) }));
  const { db, close } = openDoor(client);
  const savings = await handle(db).finally(close);
  return fence(run, id, savings);
}

/**
 * READ COMMITTED, whatever the default is: above it the last save fails whenever the lease was renewed meanwhile. The
 * SELECT settles the level, and leaves a mark that ends with the transaction.
 */
function beginning(id: string, idleMs: number): string {
  return `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL idle_in_transaction_session_timeout = ${idleMs};
    SELECT set_config('answerback.run', '${id}', true)`;
}

/** The saves come last: a record that is locked by a handler could be neither renewed nor looked at. */
async function fence(
  run: Session & { readonly client: pg.PoolClient },
  id: string,
  savings: readonly Saving[],
): Promise<Made | undefined> {
  const { client, statements, receiver } = run;
  const items = JSON.stringify(savings.map((one) => ({ receiver, ...saving(one) })));
  const { rows } = await client.query(inTime(run, statements.saveInRun({ receiver, run: id, items })));
  const [{ inRun, saved, dueMs }] = rows;
  if (!inRun) throw new AnswerbackError("failed", endedByHand);
  return saved === savings.length ? { dueMs } : undefined;
}

/**
 * A statement of ours waits no longer than a verb's, whatever the handlers' pool allows; and without a name, so that
 * nothing of ours stays on connections that may be yours.
 */
function inTime({ settings }: Session, { text, values }: pg.QueryConfig): pg.QueryConfig {
  return { text, values, query_timeout: settings.withinMs } as pg.QueryConfig;
}

const endedByHand =
  "the handler ended the transaction by hand: what it wrote may be there, and the event is not settled";
