/** One record, or all that a filter finds, a batch at a time. Stopped between two records, what was done stays done. */
import type { Entry, Place } from "../../contract/backend.ts";
import { AnswerbackError, isAnswerbackError } from "../../contract/errors.ts";
import { aFunction, objectWith, optional } from "../../contract/kinds.ts";
import { readOptions } from "../../contract/read-options.ts";
import type { RecordAccess } from "../runtime.ts";
import type { Doing } from "./changes.ts";
import { nextPage, type Which } from "./list.ts";

/** How a bulk call goes on. */
export interface BulkOptions {
  /** Hears of the progress after each batch. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  /** Stops it between two records. What was done stays done. */
  readonly signal?: AbortSignal | undefined;
}

/** What a bulk call did until now. */
export interface BulkProgress {
  /** How many records were done. */
  readonly done: number;
  /** How many were left alone: in somebody's hands, changed meanwhile, or with nothing to be done. */
  readonly skipped: number;
}

/** How many records are in a batch, and how many of them are worked on at a time. */
const [batch, atOnce] = [100, 8];

/** Does it to one record. */
export async function doToOne(access: RecordAccess, key: string, doing: Doing): Promise<void> {
  const entry = await access.records.get(key);
  if (!entry) throw new AnswerbackError("unknown_key", "no record has this key");
  await doTo(access, entry, doing);
}

/** Does it to a record as it was seen. */
export async function doTo(access: RecordAccess, entry: Entry, doing: Doing): Promise<void> {
  if (await access.tasks.track(doing(access, entry))) return;
  throw new AnswerbackError("wrong_state", "somebody else has the record in hand");
}

/** Does it to all. Once through the list, from the newest on: what comes to match behind that is left for another call. */
export async function doToAll(
  access: RecordAccess,
  what: { readonly which: Which; readonly doing: Doing },
  options: BulkOptions = {},
): Promise<BulkProgress> {
  const how = readOptions("bulk", options, {
    onProgress: optional(aFunction),
    signal: optional(objectWith<AbortSignal>("an AbortSignal", "throwIfAborted")),
  });
  return access.tasks.track(goThrough(access, what, how));
}

async function goThrough(
  access: RecordAccess,
  { which, doing }: { readonly which: Which; readonly doing: Doing },
  { onProgress, signal }: BulkOptions,
): Promise<BulkProgress> {
  const progress = { done: 0, skipped: 0 };
  let after: Place | undefined;
  let failure: { readonly error: unknown } | undefined;
  const isStopped = () => failure !== undefined || signal?.aborted === true;
  do {
    const { entries, next } = await nextPage(access, which, { limit: batch, after });
    const rest = entries.values();
    const worker = async () => {
      for (const entry of rest) {
        if (isStopped()) return;
        const isDone = await doing(access, entry).catch(inNoState);
        progress[isDone ? "done" : "skipped"] += 1;
      }
    };
    const failed = (error: unknown) => void (failure ??= { error });
    await Promise.all(Array.from({ length: atOnce }, () => worker().catch(failed)));
    onProgress?.({ ...progress });
    after = next ?? undefined;
  } while (after && !isStopped());
  if (failure) throw failure.error;
  return progress;
}

/** One that has nothing to be done is passed over. */
function inNoState(error: unknown): false {
  if (isAnswerbackError(error) && error.code === "wrong_state") return false;
  throw error;
}
