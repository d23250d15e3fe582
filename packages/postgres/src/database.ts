/** One database in use: its two pools, its statements, and the sweep that keeps it from growing for ever. */
import { AnswerbackError } from "@answerback/core";
import type pg from "pg";
import type { Settings } from "./options.ts";
import { openPools } from "./pools.ts";
import { migrate } from "./schema.ts";
import type { Answer, Session } from "./session.ts";
import { statementsOf, type StatementName, type Values } from "./statements.ts";
import { sweepInTime } from "./sweep.ts";

/** A database in use. */
export interface OpenDatabase {
  /** What the verbs of a receiver work with; a new name gets its number. */
  sessionOf(receiver: string): Promise<Session>;
  /** Resolves when what was asked is answered, and every connection of ours closed. */
  close(): Promise<void>;
}

/** How often a statement is sent again that made room for another one. */
const tries = 20;

/** Nothing is connected before the first verb, and no timer is left behind. */
export function openDatabase(settings: Settings): OpenDatabase {
  const pools = openPools(settings);
  const statements = statementsOf(settings);
  const sweep = sweepInTime(ask);
  const asked = new Set<Promise<Answer>>();
  let isClosed = false;
  let migrating: Promise<void> | undefined;

  async function ask(name: StatementName, values: Values): Promise<Answer> {
    if (isClosed) throw new AnswerbackError("backend_away", "the backend was closed");
    const coming = persistently(pools.verbs, statements[name](values));
    asked.add(coming);
    try {
      const answer = await coming;
      sweep();
      return answer;
    } finally {
      asked.delete(coming);
    }
  }

  async function prepareSchema(): Promise<void> {
    const client = await pools.verbs.connect();
    const ignore = () => {};
    client.on("error", ignore);
    try {
      await migrate(client, settings.schema);
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    } finally {
      client.off("error", ignore);
    }
  }

  return {
    async sessionOf(name) {
      await (migrating ??= prepareSchema().catch((error: unknown) => {
        migrating = undefined;
        throw error;
      }));
      const { rows } = await ask("open", { name });
      const { id, linger } = rows[0];
      return { ask, statements, settings, handlers: pools.handlers, receiver: id, lingerMs: Number(linger) };
    },
    async close() {
      isClosed = true;
      // a pool that ends forgets who still waits for a connection
      await Promise.allSettled(asked);
      await pools.close();
    },
  };
}

/** A database whose default isolation is above READ COMMITTED gives up a statement that met another one: it did nothing. */
async function persistently(pool: pg.Pool, query: pg.QueryConfig): Promise<Answer> {
  for (let left = tries; ; left -= 1) {
    try {
      return await pool.query(query);
    } catch (error) {
      if (left === 0 || !(error instanceof Error && "code" in error && error.code === "40001")) throw error;
    }
  }
}
