/** The tables, and the steps that bring a file of an older version to them. */
import { OptionError } from "@answerback/core/backend";
import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "./transaction.ts";

/** Marks the file as ours, for `file(1)` and against being opened on somebody else's: "Ansb". */
const applicationId = 0x41_6e_73_62;

/**
 * What each version adds to the one before; a released step never changes. A plain rowid table: WITHOUT ROWID writes
 * several times slower once rows hold answers. `until` is ms since the epoch. Free records stay for `linger` ms after
 * `until`: a week, or the longest retention that was given. `died` is there for dead letters, whose work has the kind
 * `dead`, and `arrived` for what is listed. There is no index of names or of ids: each would cost a delivery a page of the
 * disk, and 70,000 names are passed over in 10 ms.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE receivers (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     linger INTEGER NOT NULL DEFAULT 604800000
   ) STRICT;
   CREATE TABLE records (
     id INTEGER PRIMARY KEY,
     receiver INTEGER NOT NULL,
     key TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     until INTEGER,
     token TEXT NOT NULL,
     step INTEGER NOT NULL,
     held INTEGER NOT NULL,
     note TEXT,
     answer TEXT,
     work TEXT,
     UNIQUE (receiver, key)
   ) STRICT;
   CREATE INDEX due ON records (receiver, until) WHERE work IS NOT NULL;
   CREATE INDEX dead ON records (receiver, key) WHERE work IS NOT NULL AND until IS NULL;
   CREATE INDEX rest ON records (receiver, until) WHERE work IS NULL;`,
  `ALTER TABLE records ADD COLUMN kind TEXT NOT NULL DEFAULT 'run';
   DROP INDEX due;
   CREATE INDEX due ON records (receiver, kind, until) WHERE work IS NOT NULL;`,

  // What was dead had no `until`: it dies now, and is kept for 30 days. The CHECK refuses what the processes of the version
  // before would bury.
  `DROP INDEX dead;
   UPDATE records SET kind = iif(work IS NULL, kind, 'dead'), until = (unixepoch() + 30 * 86400) * 1000 WHERE until IS NULL;
   ALTER TABLE records ADD COLUMN died INTEGER CHECK (until IS NOT NULL);
   UPDATE records SET died = unixepoch() * 1000 WHERE kind = 'dead';
   CREATE INDEX dead ON records (receiver, died, key) WHERE died IS NOT NULL;`,

  // What has an answer or work is listed from now on, in the order of its coming. An entity's record has neither, as little as one of
  // the receiver itself. A delivery that is settled moves from `unanswered` to `rest`, where it moved within `rest` before.
  `ALTER TABLE records ADD COLUMN arrived INTEGER;
   ALTER TABLE records ADD COLUMN name TEXT;
   ALTER TABLE records ADD COLUMN subject TEXT;
   ALTER TABLE records ADD COLUMN kept TEXT;
   ALTER TABLE records ADD COLUMN kept_until INTEGER;
   UPDATE records SET
     arrived = unixepoch() * 1000 - (SELECT max(id) FROM records) + id,
     name = iif(json_valid(work), ifnull(work -> '$.event.type', work -> '$.name'), NULL)
   WHERE answer IS NOT NULL OR work IS NOT NULL;
   DROP INDEX due;
   DROP INDEX rest;
   DROP INDEX dead;
   CREATE INDEX due ON records (receiver, kind, until, arrived, held) WHERE work IS NOT NULL;
   CREATE INDEX rest ON records (receiver, until, arrived) WHERE work IS NULL AND (answer IS NOT NULL OR arrived IS NULL);
   CREATE INDEX unanswered ON records (receiver, arrived, until, held) WHERE work IS NULL AND answer IS NULL AND arrived IS NOT NULL;
   CREATE INDEX working ON records (receiver, kind, arrived, name, subject) WHERE work IS NOT NULL AND arrived IS NOT NULL;
   CREATE INDEX dead ON records (receiver, died, name, subject) WHERE died IS NOT NULL AND arrived IS NOT NULL;
   CREATE INDEX arrivals ON records (receiver, arrived, name, subject) WHERE arrived IS NOT NULL;
   CREATE INDEX kept ON records (kept_until) WHERE kept IS NOT NULL;`,
];

/**
 * Brings the file to the newest version, all of it or nothing.
 *
 * @throws OptionError for a file of somebody else's, or of a version that this package does not know yet.
 */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrations): void {
  if (versionOf(database) === steps.length) return mustBeOurs(database);
  inTransaction(database, () => {
    // asked again under the lock: another process may have been quicker
    const version = versionOf(database);
    mustBeOurs(database);
    if (version > steps.length)
      throw new OptionError(
        "sqlite: file",
        "invalid",
        `${fileOf(database)} ${tooNew(version, steps.length)}`,
      );
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length}`);
  });
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version);
}

function mustBeOurs(database: DatabaseSync): void {
  const id = database.prepare("PRAGMA application_id").get()?.application_id;
  const isEmpty = database.prepare("SELECT 1 FROM sqlite_schema").get() === undefined;
  if (id === applicationId || (id === 0 && isEmpty)) return;
  throw new OptionError(
    "sqlite: file",
    "invalid",
    `${fileOf(database)} is another program's database; give Answerback its own`,
  );
}

function fileOf(database: DatabaseSync): string {
  return String(database.prepare("PRAGMA database_list").get()?.file);
}

function tooNew(version: number, known: number): string {
  return `is of version ${version}, and this @answerback/sqlite knows ${known}: update it, or go back to a copy of the file`;
}
