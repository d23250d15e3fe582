/** Opening the file: who may read it, how durable a commit is, and who else may write. */
import { AnswerbackError, OptionError } from "@answerback/core/backend";
import { closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrate } from "./schema.ts";

/** How a file is opened. */
export interface Opening {
  /** The path of the file. */
  readonly file: string;
  /** Keeps other processes out. Default: only where two would corrupt the file. */
  readonly exclusive?: boolean | undefined;
  /** How many bytes the file may grow to, without `-wal`. Default: no limit. */
  readonly maxBytes?: number | undefined;
}

/**
 * The first SQLite whose WAL survives two writers.
 *
 * @see {@link https://sqlite.org/wal.html#walresetbug}
 */
const sharable = [3, 51, 3];

/** How long the opening waits for a process that is about to close: ms. It blocks, once. */
const openingWaitMs = 1_000;

/** How long a statement may block the event loop for another process: ms. What is longer waits without blocking. */
const statementWaitMs = 20;

/** Opens the file, creates it where there is none, and leaves nothing open when that fails. */
export function openDatabase(opening: Opening): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    createPrivately(opening.file);
    database = new DatabaseSync(opening.file);
    prepare(database, opening);
    return database;
  } catch (error) {
    database?.close();
    throw cured(error, opening.file);
  }
}

/** Does another process hold the lock? */
export function isBusy(error: unknown): boolean {
  return resultCodeOf(error) === 5;
}

/** SQLite's primary result code; `undefined`: the error is not SQLite's. */
function resultCodeOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
}

/** The error with its cure, where a person can cure it. */
function cured(error: unknown, file: string): unknown {
  if (isBusy(error)) return inUse(file, error);
  const cure = cureOf(error, file);
  return cure === undefined ? error : new OptionError("sqlite: file", "invalid", cure, { cause: error });
}

function cureOf(error: unknown, file: string): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `there is no folder ${dirname(file)}: make it first`;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return `this process may not write ${file} (${code})`;
  if (code === "ENOTDIR") return `${dirname(file)} is not a folder`;
  if (resultCodeOf(error) === 14)
    return `${file} cannot be opened: is it a file, and may this process write it and its folder?`;
  if (resultCodeOf(error) === 26) return `${file} is not a database: give Answerback a file of its own`;
  return undefined;
}

/** For our eyes only; SQLite gives -wal and -shm the same mode. The mode of a file that is there is its owner's affair. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    // never opened when it exists: closing it again would drop the locks of this process's other connections
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

function prepare(database: DatabaseSync, { file, exclusive, maxBytes }: Opening): void {
  const version = linkedVersion();
  const corrupts = isBefore(version, sharable);
  if (corrupts && exclusive === false)
    throw new OptionError("sqlite: exclusive", "invalid", mustBeExclusive(version));
  database.exec(`PRAGMA busy_timeout = ${openingWaitMs}`);
  // before the file is read for the first time, or it locks nothing; the kernel ends the lock with the process, so
  // that a crashed one is in nobody's way
  if (exclusive ?? corrupts) database.exec("PRAGMA locking_mode = EXCLUSIVE");
  const mode = database.prepare("PRAGMA journal_mode = WAL").get()?.journal_mode;
  if (mode !== "wal")
    throw new OptionError(
      "sqlite: file",
      "invalid",
      `${file} cannot have a write-ahead log: put it on a local disk`,
    );
  // FULL: SQLite waits for the disk at each commit; fullfsync: on macOS too
  database.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
  migrate(database);
  if (maxBytes !== undefined) limit(database, maxBytes);
  database.exec(`PRAGMA busy_timeout = ${statementWaitMs}`);
}

/** Of the library in use, which need not be the one that Node was built with; asked of a database that is not ours. */
function linkedVersion(): string {
  const memory = new DatabaseSync(":memory:");
  const row = memory.prepare("SELECT sqlite_version() AS version").get();
  memory.close();
  return String(row?.version);
}

function limit(database: DatabaseSync, maxBytes: number): void {
  const pageSize = Number(database.prepare("PRAGMA page_size").get()?.page_size);
  database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
}

function isBefore(version: string, other: readonly number[]): boolean {
  const parts = version.split(".").map(Number);
  const index = other.findIndex((part, at) => part !== parts[at]);
  return index >= 0 && (parts[index] ?? 0) < other[index]!;
}

function mustBeExclusive(version: string): string {
  return `SQLite ${version} may corrupt a file that two processes write: leave the option out, or update Node`;
}

function inUse(file: string, cause: unknown): AnswerbackError {
  const message = `${file} is in use by another process, and one of the two keeps it to itself: give each process a file of its own, or update Node to one with SQLite ${sharable.join(".")}, or use a backend for several machines`;
  return new AnswerbackError("backend_away", message, { cause });
}
