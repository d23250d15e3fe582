/** The records of receivers by name, opened for one command and closed after it. No worker is started, no handler runs. */
import { openRecords, type ReceiverRecords, type RecordDetails } from "@answerback/core";
import type { Backend } from "@answerback/core/backend";
import { Option, type Command } from "commander";
import { Complaint, exit, exitCodeOf, messageOf, wrong } from "../exit.ts";
import { unknown } from "../providers/index.ts";
import { wholeNumber } from "../typed.ts";
import { note, type World } from "../world.ts";
import { backendAt, type BackendAddress } from "./open.ts";

/** The options of a command that works on records. */
export interface RecordOptions extends BackendAddress {
  /** Whose records; absent: the only one's, or all. */
  readonly receiver?: string;
}

/** Adds the options that say whose records. */
export function withRecordOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-b, --backend <address>", "sqlite:file, redis://… or postgres://…").env(
        "ANSWERBACK_BACKEND",
      ),
    )
    .option("-r, --receiver <name>", "the receiver; default: the only one that is there")
    .option("--prefix <text>", "redis: what all names begin with, if it is not answerback")
    .option(
      "--shards <number>",
      "redis: over how many slots of a Cluster the records are spread",
      wholeNumber(1, 64),
    )
    .option("--schema <name>", "postgres: the schema of the tables, if it is not answerback");
}

/** Records with the name of their receiver. */
export interface Named {
  readonly receiver: string;
  readonly records: ReceiverRecords;
}

/** Works on the records of one receiver: the one that is named, or the only one. */
export function withOne<Value>(
  world: World,
  options: RecordOptions,
  work: (named: Named) => Promise<Value>,
): Promise<Value> {
  return withAll(world, options, async (all) => {
    const [only, ...others] = all;
    if (only && others.length === 0) return work(only);
    throw wrong(`say which receiver: --receiver ${all.map(({ receiver }) => receiver).join(", or ")}`);
  });
}

/** Works on the records of the receiver that is named, else of all. Throws a Complaint where there is none. */
export async function withAll<Value>(
  world: World,
  options: RecordOptions,
  work: (all: readonly Named[]) => Promise<Value>,
): Promise<Value> {
  const backend = await backendAt(options);
  const opened: (Named & { close(): Promise<void> })[] = [];
  const warn = ({ message }: { readonly message: string }) => note(world, message);
  try {
    // opening makes a row of a name that is not there, so the names are asked for first
    for (const receiver of chosen(await reached(names(backend)), options.receiver)) {
      const records = await reached(openRecords(backend, { name: receiver, warn }));
      opened.push({ receiver, records, close: () => records.close() });
    }
    return await work(opened);
  } finally {
    for (const { close } of opened) await close().catch(() => {});
    await backend.close().catch(() => {});
  }
}

async function names(backend: Backend<any>): Promise<readonly string[]> {
  if (!backend.receivers)
    throw wrong("this version of the backend does not tell its receivers: update its package");
  return backend.receivers();
}

function chosen(there: readonly string[], named: string | undefined): readonly string[] {
  if (there.length === 0)
    throw new Complaint(
      exit.failed,
      "no receiver has records there; another --schema (Postgres) or --prefix (Redis) may be meant",
    );
  if (named === undefined) return there;
  if (there.includes(named)) return [named];
  throw unknown("receiver", named, there);
}

/** What an engine says when it cannot be reached is its own, and all alike to a script. */
async function reached<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Complaint || exitCodeOf(error) === exit.wrongArguments) throw error;
    throw new Complaint(exit.away, `the backend is away: ${messageOf(error)}`, { cause: error });
  }
}

/** The receiver that has a record under the key, and the record. Throws a Complaint where none has. */
export async function holderOf(
  all: readonly Named[],
  key: string,
): Promise<Named & { readonly details: RecordDetails }> {
  for (const named of all) {
    const details = await named.records.get(key);
    if (details) return { ...named, details };
  }
  throw new Complaint(
    exit.failed,
    `nothing is known under the key ${JSON.stringify(key)}: it is another's, or it was forgotten`,
  );
}
