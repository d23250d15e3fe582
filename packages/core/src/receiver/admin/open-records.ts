/** The records of a receiver without the receiver: no provider, no handler, no worker. For operators' tools. */
import { randomUUID } from "node:crypto";
import type { Backend } from "../../contract/backend.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { toMs } from "../../contract/duration.ts";
import { aBackend, aFunction, optional, text } from "../../contract/kinds.ts";
import { OptionError } from "../../contract/option-error.ts";
import { readOptions } from "../../contract/read-options.ts";
import { emitWarning, type Warning } from "../../contract/warning.ts";
import { Cancellation } from "../../lib/cancellation.ts";
import { systemClock } from "../../lib/clock.ts";
import { defaultTimes } from "../patience.ts";
import { Pauses } from "../pauses.ts";
import { guardRecords } from "../record/guarded-records.ts";
import type { RecordAccess } from "../runtime.ts";
import { createTasks } from "../tasks.ts";
import { ready } from "./found.ts";
import { recordsOf, type ReceiverRecords } from "./records.ts";

/** Whose records are opened. */
export interface OpenRecordsOptions {
  /** The receiver's name: its option `name`, or its provider's name. `backend.receivers()` lists those that are there. */
  readonly name: string;
  /** Gets what the backend tells. Default: `process.emitWarning`, with `warning.code`. */
  readonly warn?: ((warning: Warning) => void) | undefined;
}

/** Records that were opened by themselves. */
export interface OpenedRecords extends ReceiverRecords {
  /** Waits for what is under way, and closes the records; the backend is closed by whoever made it. */
  close(): Promise<void>;
}

/**
 * Opens the records of a receiver, in a process that has no such receiver: to list, retry, discard, erase, pause and resume.
 * What becomes due is worked by the processes that have the receiver.
 *
 * @param backend The backend that those processes have.
 * @throws OptionError for a mistake in the options; `taken` for a receiver that is open on this backend object: use its
 *   `receiver.records`. Rejects with `backend_away` when the engine is.
 * @example
 * const records = await openRecords(sqlite("answerback.db"), { name: "upsales" });
 * const { counts } = await records.stats();
 */
export async function openRecords(
  backend: Backend<any>,
  options: OpenRecordsOptions,
): Promise<OpenedRecords> {
  aBackend("openRecords: backend", backend);
  const { name, warn = emitWarning } = readOptions("openRecords", options, {
    name: text,
    warn: optional(aFunction),
  });
  const access = accessTo(backend, { name, warn });
  // opens it, so that an engine that is away, or a name that is taken, is told here
  await ready(access).catch((error: AnswerbackError) => {
    throw error.cause instanceof OptionError ? error.cause : error;
  });
  return {
    ...recordsOf(access),
    async close() {
      await access.tasks.ended();
      access.shutdown.abort(new AnswerbackError("closing", "the records are closed"));
      await access.records.close();
    },
  };
}

function accessTo(
  backend: Backend<any>,
  { name, warn }: { readonly name: string; readonly warn: (warning: Warning) => void },
): RecordAccess {
  const clock = systemClock;
  // every call rejects with what went wrong, so that nothing is told beside
  const tell = () => {};
  const withinMs = toMs(defaultTimes.backendWithin, "backendWithin");
  return {
    name,
    records: guardRecords(backend, name, { withinMs, clock, tell, warn, whenOpened: () => {} }),
    clock,
    tell,
    warn,
    // nobody knows the provider
    types: [],
    newToken: () => randomUUID(),
    tasks: createTasks(),
    retentionMs: toMs(defaultTimes.retention, "retention"),
    shutdown: new Cancellation(),
    pauses: new Pauses(),
    underWay: { runs: 0, posts: 0 },
  };
}
