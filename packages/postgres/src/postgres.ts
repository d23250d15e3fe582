/** The Postgres backend: one set of records for any number of processes, in the database that the app has. */
import { openOnce, takesAtMost, type Backend, type Opening, type Records } from "@answerback/core/backend";
import { openDatabase, type OpenDatabase } from "./database.ts";
import type { PostgresDb } from "./db.ts";
import { addressOf, settingsOf, type PostgresOptions, type PostgresPool } from "./options.ts";
import { openRecords } from "./records.ts";

/**
 * Records in a Postgres database, under a schema of their own that is made and kept up to date by whoever opens it
 * first. A verb is one statement on the engine's clock, and claims and saves that come in together share one; it
 * resolves when it is on the disk (a claim: when every process sees it) and rejects in bounded time. Handlers'
 * transactions have a pool of their own. After `close()` the next `open` connects again; a pool of yours is never
 * closed.
 *
 * @param options A `url`, a pool of `pg`, or {@link PostgresOptions}. `undefined`, as an environment variable that is
 *   not set, is refused as a `url` that is missing.
 * @throws OptionError for a mistake in the options: `missing`, `empty`, `unknown`, `invalid`,
 *   `out_of_range` or `conflict`. `open` rejects
 *   with `invalid` for a schema of a newer version or one that the role may not make, with `taken` for one of somebody
 *   else's and for a receiver's name that is open, and with the engine's own error when that is away.
 * @example
 * const receiver = createReceiver(uphance(), {
 *   backend: postgres(process.env.DATABASE_URL),
 *   authenticate,
 *   handle: ({ data }, { transaction }) =>
 *     transaction((db) => db.query("insert into orders (id) values ($1)", [data.id])),
 * });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.12 any.12}
 */
export function postgres(options: string | undefined | PostgresPool | PostgresOptions): Backend<PostgresDb> {
  takesAtMost(1, "postgres", arguments);
  const settings = settingsOf(options);
  let database: OpenDatabase | undefined;

  async function recordsOf(receiver: string, { release }: Opening): Promise<Records<PostgresDb>> {
    database ??= openDatabase(settings);
    return openRecords(await database.sessionOf(receiver), release);
  }

  async function receivers(): Promise<string[]> {
    database ??= openDatabase(settings);
    return database.receivers();
  }

  async function closeDatabase(): Promise<void> {
    const closed = database;
    database = undefined;
    await closed?.close();
  }

  const address = addressOf(settings);
  return { durable: true, address, receivers, ...openOnce({ open: recordsOf, close: closeDatabase }) };
}
