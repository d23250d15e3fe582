/** The SQLite backend: records that outlive the process, in one file and with nothing to install. */
import {
  aClock,
  flag,
  openOnce,
  optional,
  OptionError,
  readOptions,
  systemClock,
  takesAtMost,
  textOr,
  wholeNumber,
  withDefault,
  type Backend,
  type Clock,
  type Kind,
  type Opening,
  type Records,
} from "@answerback/core/backend";
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { openFile, type OpenFile } from "./file.ts";
import { openRecords } from "./records.ts";

/** Where the file is, and who else may use it. */
export interface SqliteOptions {
  /** The file; it is created, for its owner's eyes only, in a folder that is there. `-wal` and `-shm` come to stand beside it. */
  readonly file: string | undefined;
  /**
   * Keeps other processes out for as long as this one has the file open. Default: only where two would corrupt it,
   * which is with an SQLite before 3.51.3.
   */
  readonly exclusive?: boolean | undefined;
  /** How many bytes the file may grow to, without `-wal`; beyond, verbs reject as on a full disk. Default: no limit. */
  readonly maxBytes?: number | undefined;
  /** Default: the process's clock. */
  readonly clock?: Clock | undefined;
}

/**
 * Records in an SQLite file, opened at once. A verb resolves when it is on the disk (`synchronous=FULL`); verbs of one
 * turn of the event loop share a commit. What was settled or free is swept when `until` has been past for a week, or
 * for the longest retention given. After `close()` the next `open` opens the file again.
 *
 * @param options The path of the file, or {@link SqliteOptions}. `undefined`, as an environment variable that is not set,
 *   is refused as a file that is missing.
 * @throws OptionError for a mistake in the options: `missing`, `empty`, `unknown`, `invalid` or `out_of_range`; `invalid` for
 *   a file that cannot be opened, is no database, is another program's, or is of a newer version;
 *   `AnswerbackError` with `backend_away` for a file that another process keeps to itself.
 * @example
 * const receiver = createReceiver(uphance(), { backend: sqlite("answerback.db"), authenticate, handle });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.12 any.12}
 */
export function sqlite(options: string | undefined | SqliteOptions): Backend {
  takesAtMost(1, "sqlite", arguments);
  const { clock, ...opening } = readOptions("sqlite", optionsOf(options), known);
  let file: OpenFile | undefined = openFile(opening, clock);
  const address = ["sqlite", realpathSync(opening.file)];

  async function recordsOf(receiver: string, { release }: Opening): Promise<Records> {
    file ??= openFile(opening, clock);
    return openRecords(await file.sessionOf(receiver), release);
  }

  async function closeFile(): Promise<void> {
    await file?.close();
    file = undefined;
  }

  async function receivers(): Promise<string[]> {
    file ??= openFile(opening, clock);
    return file.receivers();
  }

  return { durable: true, address, receivers, ...openOnce({ open: recordsOf, close: closeFile }) };
}

function optionsOf(options: string | undefined | SqliteOptions): SqliteOptions {
  return typeof options === "object" ? options : { file: options };
}

const aFile = textOr('give the path of a file, such as "answerback.db"');

const lastingFile: Kind<string> = (option, value) => {
  const file = aFile(option, value);
  if (file !== ":memory:") return resolve(file);
  throw new OptionError(
    option,
    "invalid",
    "a database in memory outlives nothing; give the path of a file, or use memory()",
  );
};

const known = {
  file: lastingFile,
  exclusive: optional(flag),
  maxBytes: optional(wholeNumber),
  clock: withDefault(aClock, systemClock),
};
