/** The tables, and the steps that bring a schema of an older version to them. */
import { OptionError } from "@answerback/core/backend";
import type { Client } from "./db.ts";

/**
 * What each version adds to the one before; a released step never changes.
 *
 * An update that changes no indexed column touches no index (HOT, on the room that `fillfactor` leaves). So `until`
 * stands in none: `due` does, which is `until` while there is work, and else NULL; `rest`, which is the day of the last
 * claim or save while there is no work, and else NULL; `died`, which is there for dead letters, and `arrived`, which is
 * there for what is listed: ms since the epoch; and `id`. An event that is settled on the day of its claim changes none of
 * them, and is in no more indexes than its key's, that of its arrival, and that of its id, where it has one.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE receivers (
     id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     name text COLLATE "C" NOT NULL UNIQUE,
     linger bigint NOT NULL DEFAULT 604800000
   );
   CREATE TABLE records (
     until timestamptz,
     due timestamptz GENERATED ALWAYS AS (CASE WHEN work IS NOT NULL THEN until END) STORED,
     receiver integer NOT NULL,
     attempts integer NOT NULL,
     step integer NOT NULL,
     rest date GENERATED ALWAYS AS (CASE WHEN work IS NULL THEN (until AT TIME ZONE 'UTC')::date END) STORED,
     held boolean NOT NULL,
     dead boolean GENERATED ALWAYS AS (work IS NOT NULL AND until IS NULL) STORED,
     key text COLLATE "C" NOT NULL,
     token text NOT NULL,
     note text,
     answer text,
     work text,
     PRIMARY KEY (receiver, key)
   ) WITH (fillfactor = 80);
   CREATE INDEX due ON records (receiver, due) WHERE due IS NOT NULL;
   CREATE INDEX dead ON records (receiver, key) WHERE dead;
   CREATE INDEX rest ON records (receiver, rest) WHERE rest IS NOT NULL;`,

  // Plain columns: Postgres parses the expression of a generated one again for each statement. The new name of `step`
  // stops the processes of the version before, whose saves would leave `due` as it was.
  `ALTER TABLE records DROP COLUMN due, DROP COLUMN rest, DROP COLUMN dead,
     ADD COLUMN due timestamptz, ADD COLUMN kind text NOT NULL DEFAULT 'run', ADD COLUMN rest date DEFAULT (now() AT TIME ZONE 'UTC')::date;
   ALTER TABLE records ALTER COLUMN rest DROP DEFAULT;
   ALTER TABLE records RENAME COLUMN step TO sequence;
   UPDATE records SET due = coalesce(until, 'infinity'), rest = NULL WHERE work IS NOT NULL;
   CREATE INDEX due ON records (receiver, kind, due, key) WHERE due IS NOT NULL;
   CREATE INDEX rest ON records (receiver, rest) WHERE rest IS NOT NULL;`,

  // What was dead had no `until`: it dies now, and is kept for 30 days. NOT NULL refuses what the processes of the version
  // before would bury.
  `ALTER TABLE records ADD COLUMN died bigint;
   UPDATE records SET until = now() + interval '30 days',
     due = CASE WHEN work IS NOT NULL THEN now() + interval '30 days' END,
     kind = CASE WHEN work IS NOT NULL THEN 'dead' ELSE kind END,
     died = CASE WHEN work IS NOT NULL THEN floor(extract(epoch FROM now()) * 1000) END,
     rest = CASE WHEN work IS NULL THEN (now() AT TIME ZONE 'UTC')::date END
   WHERE until IS NULL;
   ALTER TABLE records ALTER COLUMN until SET NOT NULL;
   CREATE INDEX dead ON records (receiver, died, key) WHERE died IS NOT NULL;`,

  // What has an answer or work arrives now: a default for the rows that are there rewrites none of them. Names are read
  // from the texts of the core, {"kind":"event","event":{"type":…}} and {"kind":"post","name":…}, less the escapes that
  // JSON has and Postgres has not. What is listed is swept by its arrival, so that it needs no place in `rest`. An index
  // takes no text of a thousand characters: of an id it has a hash.
  `ALTER TABLE records ADD COLUMN arrived bigint DEFAULT floor(extract(epoch FROM now()) * 1000),
     ADD COLUMN name text COLLATE "C", ADD COLUMN id text COLLATE "C", ADD COLUMN kept text, ADD COLUMN kept_until timestamptz;
   ALTER TABLE records ALTER COLUMN arrived DROP DEFAULT;
   UPDATE records SET arrived = NULL WHERE answer IS NULL AND work IS NULL;
   UPDATE records SET name = named.name FROM (
     SELECT receiver, key, CASE work ->> 'kind' WHEN 'event' THEN work -> 'event' -> 'type' WHEN 'post' THEN work -> 'name' END::text AS name
     FROM (
       SELECT receiver, key, regexp_replace(work, '\\\\u(0000|[dD][89a-fA-F]..)', '\\\\ufffd', 'g')::json AS work
       FROM records WHERE work IS NOT NULL
     ) AS works
   ) AS named WHERE records.receiver = named.receiver AND records.key = named.key AND length(named.name) <= 1000;
   DROP INDEX rest;
   CREATE INDEX rest ON records (receiver, rest) WHERE rest IS NOT NULL AND arrived IS NULL;
   CREATE INDEX resting ON records (receiver, arrived, key) WHERE arrived IS NOT NULL AND due IS NULL;
   CREATE INDEX pending ON records (receiver, arrived, key) WHERE arrived IS NOT NULL AND (due IS NOT NULL OR NOT held);
   CREATE INDEX about ON records (receiver, hashtext(id), arrived) WHERE id IS NOT NULL;
   CREATE INDEX kept ON records (kept_until) WHERE kept_until IS NOT NULL;`,
];

/** Of all who migrate something of ours in this database one does so at a time: "Ansb". */
const lock = 0x41_6e_73_62;

/** Longer than the steps take on any table: ms. */
const stepMs = 3_600_000;

/**
 * Brings the schema to the newest version, all of it or nothing; whoever comes at the same time waits.
 *
 * @throws OptionError for tables of somebody else's, a version that this package does not know yet, or a role that may
 *   not create what is missing.
 */
export async function migrate(
  client: Client,
  schema: string,
  steps: readonly string[] = migrations,
): Promise<void> {
  let version = 0;
  try {
    version = await versionOf(client, schema);
    if (version === steps.length) return;
    // said, not left to the default: what is looked at under the lock must be newer than the lock
    await client.query("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    await patiently(client, `SELECT pg_advisory_xact_lock(${lock})`);
    await grow(client, schema, steps);
    await client.query("COMMIT");
  } catch (error) {
    throw cured(error, schema, version);
  }
}

/** Under the lock; another process may have been quicker. */
async function grow(client: Client, schema: string, steps: readonly string[]): Promise<void> {
  const version = await versionOf(client, schema);
  if (version === steps.length) return;
  if (version > steps.length)
    throw new OptionError("postgres: schema", "invalid", tooNew(schema, version, steps.length));
  if (!(await exists(client, schema))) await client.query(`CREATE SCHEMA ${quoted(schema)}`);
  await patiently(client, growth(schema, steps, version));
}

/**
 * The statements that make the schema, or bring an older one up to date: for somebody who may run them, where the app's
 * role may not. The role then needs `USAGE` on the schema and `SELECT, INSERT, UPDATE, DELETE` on its tables.
 *
 * @param schema Its name, as in the option of `postgres()`.
 * @param from The version that is there, as in the message that refuses it; 0, the default: none.
 * @returns SQL, in one transaction.
 * @example
 * console.log(schemaSql("answerback"));
 */
export function schemaSql(schema: string, from: number = 0): string {
  return `BEGIN;\nCREATE SCHEMA IF NOT EXISTS ${quoted(schema)};\n${growth(schema, migrations, from)}\nCOMMIT;\n`;
}

/** The name as an identifier, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The steps after a version. */
function growth(schema: string, steps: readonly string[], version: number): string {
  return [
    `SET LOCAL search_path TO ${quoted(schema)};`,
    ...(version === 0 ? ["CREATE TABLE versions (version integer PRIMARY KEY);"] : []),
    ...steps.slice(version).map((step) => `${step.replace(/;?\s*$/, ";")}`),
    `INSERT INTO versions VALUES (${steps.length});`,
  ].join("\n");
}

/** The version that is there; 0: none. The catalog's tables are asked: `to_regclass` may answer from what was cached before the lock was had. */
export async function versionOf(client: Client, schema: string): Promise<number> {
  const tables = await client.query(
    "SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'versions'",
    [schema],
  );
  if (tables.rows.length === 0) return 0;
  const { rows } = await client.query(`SELECT max(version) AS version FROM ${quoted(schema)}.versions`);
  return rows[0].version ?? 0;
}

async function exists(client: Client, schema: string): Promise<boolean> {
  const { rows } = await client.query("SELECT FROM pg_namespace WHERE nspname = $1", [schema]);
  return rows.length > 0;
}

/** Without the limit of a verb. */
async function patiently(client: Client, text: string): Promise<void> {
  const config = { text, query_timeout: stepMs };
  await client.query(config);
}

function cured(error: unknown, schema: string, version: number): unknown {
  const { code, message = "" } = error as { code?: string; message?: string };
  if (code === "42501")
    return new OptionError("postgres: schema", "invalid", notAllowed(schema, message, version));
  if (code === "42P07") return new OptionError("postgres: schema", "taken", somebodyElses(schema, message));
  return error;
}

function tooNew(schema: string, version: number, known: number): string {
  return `${schema} is of version ${version}, and this @answerback/postgres knows ${known}: update it, or name another schema`;
}

function notAllowed(schema: string, message: string, version: number): string {
  const given = [schema, ...(version > 0 ? [version] : [])].map((one) => JSON.stringify(one)).join(", ");
  return `${message}: let somebody who may run what schemaSql(${given}) gives, and grant this role USAGE on the schema and SELECT, INSERT, UPDATE, DELETE on its tables`;
}

function somebodyElses(schema: string, message: string): string {
  return `${message} in ${schema}, and it is not ours: give Answerback a schema of its own`;
}
