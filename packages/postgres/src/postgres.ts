/** The Postgres backend: one set of records for any number of processes, in the database that the app has. */
import { OptionError, type Backend, type Records } from "@answerback/core";
import { openDatabase, type OpenDatabase } from "./database.ts";
import type { PostgresDb } from "./db.ts";
import { settingsOf, type PostgresOptions, type PostgresPool } from "./options.ts";
import { openRecords } from "./records.ts";

/**
 * Records in a Postgres database, under a schema of their own that is made and kept up to date by whoever opens it
 * first. A verb is one statement on the engine's clock; it resolves when it is on the disk (a claim: when every process
 * sees it) and rejects in bounded time. Handlers' transactions have a pool of their own. After `close()` the next
 * `open` connects again; a pool of yours is never closed.
 *
 * @throws OptionError for a mistake in the options; `open` rejects with one for a schema of a newer version, of somebody
 *   else's, or that the role may not create.
 * @example
 * const receiver = createReceiver(uphance(), {
 *   backend: postgres(process.env.DATABASE_URL),
 *   authenticate,
 *   handle: ({ data }, { transaction }) =>
 *     transaction((db) => db.query("insert into orders (id) values ($1)", [data.id])),
 * });
 * @see any.12
 */
export function postgres(options: string | undefined | PostgresPool | PostgresOptions): Backend<PostgresDb> {
  const settings = settingsOf(options);
  const opened = new Map<string, Promise<Records<PostgresDb>>>();
  let database: OpenDatabase | undefined;
  let closing = Promise.resolve();

  async function recordsOf(receiver: string, letGo: () => void): Promise<Records<PostgresDb>> {
    await closing;
    database ??= openDatabase(settings);
    return openRecords(await database.deskOf(receiver), letGo);
  }

  async function closeDatabase(open: readonly Promise<Records<PostgresDb>>[]): Promise<void> {
    const closed = database;
    database = undefined;
    await Promise.allSettled(open.map(async (coming) => (await coming).close()));
    await closed?.close();
  }

  return {
    durable: true,
    async open(receiver) {
      if (opened.has(receiver)) throw new OptionError("name", "taken", alreadyOpen(receiver));
      const letGo = () => {
        // a second close() of an old one must not let the name of its successor go
        if (opened.get(receiver) === coming) opened.delete(receiver);
      };
      const coming = recordsOf(receiver, letGo);
      opened.set(receiver, coming);
      coming.catch(letGo);
      return coming;
    },
    close() {
      // who opens from now on waits for the closing, and must not be waited for
      const open = [...opened.values()];
      return (closing = closing.then(() => closeDatabase(open)));
    },
  };
}

function alreadyOpen(receiver: string): string {
  return `a receiver named ${JSON.stringify(receiver)} is already open on this backend: close it first, or give this one another name`;
}
