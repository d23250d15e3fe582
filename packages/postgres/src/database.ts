/** One database in use: its two pools, its statements, and the sweep that keeps it from growing for ever. */
import { AnswerbackError, createSweep, systemClock } from "@answerback/core/backend";
import type pg from "pg";
import { inBatches } from "./batches.ts";
import type { Settings } from "./options.ts";
import { openPools } from "./pools.ts";
import { isLong } from "./row.ts";
import { migrate, versionOf } from "./schema.ts";
import type { Answer, AskTogether, Item, Session } from "./session.ts";
import { statementsOf, type ItemStatementName, type StatementName, type Values } from "./statements.ts";

/** A database in use. */
export interface OpenDatabase {
  /** The names of the receivers, in their order. */
  receivers(): Promise<string[]>;
  /** What the verbs of a receiver work with; a new name gets its number. */
  sessionOf(receiver: string): Promise<Session>;
  /** Resolves when what was asked is answered, and every connection of ours closed. */
  close(): Promise<void>;
}

/** How many rows are swept in one statement. */
const sweptAtOnce = 500;

/** How often a statement is sent again that made room for another one. */
const tries = 20;

/** Nothing is connected before the first verb, and no timer is left behind. */
export function openDatabase(settings: Settings): OpenDatabase {
  const pools = openPools(settings);
  const statements = statementsOf(settings);
  // several processes may sweep at once; each steps around what another has
  const sweep = createSweep(async () => {
    const swept = await ask("sweep", { limit: sweptAtOnce });
    const wiped = await ask("wipe", { limit: sweptAtOnce });
    return [swept, wiped].some(({ rowCount }) => Number(rowCount) >= sweptAtOnce);
  }, systemClock);
  const asked = new Set<Promise<unknown>>();
  let isClosed = false;
  let migrating: Promise<void> | undefined;

  /** Closing waits for what began before it. */
  async function whileOpen<Value>(begin: () => Promise<Value>): Promise<Value> {
    if (isClosed) throw new AnswerbackError("backend_away", "the backend was closed");
    const coming = begin();
    asked.add(coming);
    return coming.finally(() => asked.delete(coming));
  }

  async function send(name: StatementName, values: Values): Promise<Answer> {
    const answer = await persistently(pools.verbs, statements[name](values));
    sweep();
    return answer;
  }

  function ask(name: StatementName, values: Values): Promise<Answer> {
    return whileOpen(() => send(name, values));
  }

  function askTogetherFor(receiver: number): AskTogether {
    const batchesOf = (name: ItemStatementName) =>
      inBatches<Item, any>({
        atOnce: settings.connections,
        isAlone: isLong,
        async send(items) {
          const { rows } =
            items.length === 1
              ? await send(name, { ...items[0]!, count: 1 })
              : await send(`${name}Many`, { receiver, items: JSON.stringify(items), count: items.length });
          return new Map(rows.map((row) => [row.key, row]));
        },
      });
    const batches = { claim: batchesOf("claim"), save: batchesOf("save") };
    return (name, item) => whileOpen(() => batches[name](item));
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

  async function prepareOnce(): Promise<void> {
    await (migrating ??= prepareSchema().catch((error: unknown) => {
      migrating = undefined;
      throw error;
    }));
  }

  return {
    async receivers() {
      // whoever asks makes nothing
      if ((await whileOpen(() => versionOf(pools.verbs, settings.schema))) === 0) return [];
      await prepareOnce();
      const { rows } = await ask("receivers", {});
      return rows.map(({ name }) => name);
    },
    async sessionOf(name) {
      await prepareOnce();
      const { rows } = await ask("open", { name });
      const { id, linger } = rows[0];
      return {
        ask,
        askTogether: askTogetherFor(id),
        statements,
        settings,
        handlers: pools.handlers,
        receiver: id,
        lingerMs: Number(linger),
      };
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
