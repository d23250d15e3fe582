/** The pauses of a receiver in a record of its own, so that every process sees them, and a restart forgets none. */
import { AnswerbackError } from "../../contract/errors.ts";
import { isRecord } from "../../decoding/json.ts";
import { sleep } from "../../lib/timeout.ts";
import { times } from "../patience.ts";
import { nothingPaused, type PauseState } from "../pauses.ts";
import type { RecordAccess } from "../runtime.ts";
import { pausesKey } from "./keys.ts";
import { Lease } from "./lease.ts";
import { tryToTake } from "./take-now.ts";

/** Looks what is paused. Rejects with `backend_away`. */
export async function lookAtPauses({
  records,
  pauses,
}: Pick<RecordAccess, "records" | "pauses">): Promise<PauseState> {
  const { changes } = pauses;
  const entry = await records.get(pausesKey);
  // what was changed here meanwhile is newer
  if (pauses.changes !== changes) return pauses.state;
  pauses.isKnown = true;
  return (pauses.state = readPauses(entry?.work ?? null));
}

/** Is the handling of events of this name paused? Looks, where nobody has looked yet. */
export async function isPausedNow(
  access: Pick<RecordAccess, "records" | "pauses">,
  name: string,
): Promise<boolean> {
  if (!access.pauses.isKnown) await lookAtPauses(access);
  return access.pauses.isPaused(name);
}

/** The reason for a refusal where an event cannot wait until the pause has ended. */
export function handlingPaused(): AnswerbackError {
  return new AnswerbackError("paused", "the handling of the event is paused, and it cannot wait here");
}

/** Changes what is paused, for all processes; this one knows at once. */
export async function changePauses(
  access: RecordAccess,
  change: (before: PauseState) => PauseState,
): Promise<void> {
  const { pauses } = access;
  const { lease, work } = await holdPauses(access);
  const state = change(readPauses(work));
  const isSaved = await lease.saveUntilKnown({ ...recorded(state), attempts: 0, forMs: 0 });
  // so late that another process had taken the record over
  if (!isSaved) return changePauses(access, change);
  pauses.isKnown = true;
  pauses.changes += 1;
  pauses.state = state;
}

/** A worker took the record, as who held it died. It is no work. */
export async function putPausesBack(lease: Lease, work: string): Promise<void> {
  await lease.saveUntilKnown({ ...recorded(readPauses(work)), attempts: 0, forMs: 0 });
}

/** Where nothing is left to say, the record is free, and is swept some day. */
function recorded(state: PauseState) {
  const isOver = !state.all && state.names.length === 0 && !state.resuming;
  if (isOver) return { work: null };
  return { work: JSON.stringify({ kind: "pauses", ...state }), kind: "paused" } as const;
}

/** The record, which another process may be changing. */
async function holdPauses(access: RecordAccess): Promise<{ lease: Lease; work: string | null }> {
  for (;;) {
    const taken = await tryToTake(access, pausesKey);
    if (taken) return { lease: taken.lease, work: taken.taken.work };
    const lease = new Lease(access, pausesKey);
    if ((await lease.claim()).state === "claimed") return { lease, work: null };
    await sleep(times.entityAgain, access.clock, access.shutdown);
    access.shutdown.throwIfAborted();
  }
}

/** Of a text that no version of this package has written: nothing is paused. */
function readPauses(text: string | null): PauseState {
  try {
    const state: unknown = JSON.parse(text ?? "null");
    if (!isRecord(state) || !Array.isArray(state.names)) return nothingPaused;
    const names = state.names.filter((name) => typeof name === "string");
    return { all: state.all === true, names, resuming: state.resuming === true };
  } catch {
    return nothingPaused;
  }
}
