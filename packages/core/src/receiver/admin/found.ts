/** What became of an event: its record in words. */
import type { Entry, ListedState } from "../../contract/backend.ts";
import type { Failure } from "../../contract/callback-terms.ts";
import { keptForMs } from "../patience.ts";
import { fromText } from "../record/about.ts";
import { readNote, readWork, type Work } from "../record/stored.ts";
import { aKey } from "../record/take-now.ts";
import type { RecordAccess } from "../runtime.ts";

/** A record in words: what became of an event. */
export interface Found {
  /** The event's key. */
  readonly key: string;
  /**
   * `"held"`: the event is being handled, or its callback is being sent. `"free"`: the next delivery is handled. `"due"`: a
   * worker takes it. `"waiting"`: for its next attempt, or for `receiver.answer`. `"paused"`: its handling is. `"dead"`: a
   * dead letter. `"settled"`: done, and remembered.
   */
  readonly state: ListedState;
  /** The event's type, or the provider's own name for it; `undefined` where nothing tells it. */
  readonly name: string | undefined;
  /** The provider's own id of what the event is about; `undefined`: nobody knows, or it was erased. */
  readonly id: string | undefined;
  /** When it arrived first, on the backend's clock: ms since the epoch; `undefined`: it is not listed. */
  readonly arrivedAt: number | undefined;
  /** When it was given up, on the backend's clock: ms since the epoch; `undefined`: it was not. */
  readonly diedAt: number | undefined;
  /** How many runs of the event, or posts of its callback, there were so far. */
  readonly attempts: number;
  /** How many uses of its callback address were begun, partial answers among them; 0 where no work tells it. */
  readonly uses: number;
  /** ms until the state changes by itself, or the record is forgotten; `undefined`: it does not, or changes now. */
  readonly forMs: number | undefined;
  /** What is left to do: handle the event, post the callback, or look at the malformed body; `undefined`: nothing. */
  readonly work: "event" | "callback" | "malformed body" | undefined;
  /** The last error; `undefined`: there was none. */
  readonly error: Failure | undefined;
  /** Was it handled, and is its event kept, so that it can be looked at and replayed? */
  readonly kept: boolean;
}

/** One record with what it holds. No callback address and no secret is in it. */
export interface RecordDetails extends Found {
  /** The event as it was decoded, or the malformed body; `undefined` where it is not stored (any more). */
  readonly data: unknown;
  /** The body of the callback that is to be posted, or was not: JSON text; `undefined` where the work is none. */
  readonly callback: string | undefined;
  /** What every duplicate gets; `undefined`: the event has no answer yet. `body`: base64 where it is no text. */
  readonly answer: { readonly status: number; readonly body: string } | undefined;
}

/** Resolves when the backend answers. Rejects with `backend_away`, and the engine's error as its cause. */
export async function ready({ records }: Pick<RecordAccess, "records">): Promise<void> {
  await records.get("ready");
}

/** The record of an event in words; `undefined`: nothing is known of the event. */
export async function find(
  { records }: Pick<RecordAccess, "records">,
  key: string,
): Promise<Found | undefined> {
  const entry = await records.get(aKey("find: key", key));
  return entry && toFound(entry);
}

/** A record in words. */
export function toFound(entry: Entry): Found {
  const { key, state, attempts, forMs, name, id, arrivedAt, diedAt, kept } = entry;
  const work = readWork(entry.work);
  return {
    key,
    state,
    name: fromText(name) ?? nameIn(work),
    id: fromText(id),
    arrivedAt: arrivedAt ?? undefined,
    diedAt: diedAt ?? undefined,
    attempts,
    uses: usesOf(work, attempts),
    forMs: forMs > 0 && state !== "paused" ? keptForMs(forMs) : undefined,
    work: work && ({ event: "event", post: "callback", malformed: "malformed body" } as const)[work.kind],
    error: readNote(entry.note),
    kept: kept !== null,
  };
}

/** A record in words, with what it holds. */
export function toDetails(entry: Entry): RecordDetails {
  const work = readWork(entry.work ?? entry.kept);
  const callback = work?.kind === "post" ? work.post.body : undefined;
  return { ...toFound(entry), data: work && dataOf(work), callback, answer: answerOf(entry.answer) };
}

function nameIn(work: Work | undefined): string | undefined {
  return work?.kind === "event" ? work.event.type : work?.kind === "post" ? work.name : undefined;
}

function usesOf(work: Work | undefined, attempts: number): number {
  if (work?.kind === "post") return (work.uses ?? 0) + attempts;
  return work?.kind === "event" ? (work.uses ?? 0) : 0;
}

function dataOf(work: Work): unknown {
  if (work.kind === "malformed") return work.body;
  if (work.kind === "post") return undefined;
  // its id stands beside it, and how it is traced is no data
  const { callbackUrl, id: _id, trace: _trace, extra, ...event } = work.event;
  return without(callbackUrl, { ...extra, ...event });
}

/** The callback address is a secret, wherever in its event the provider wrote it. */
function without(address: string | undefined, data: object): unknown {
  if (address === undefined) return data;
  return JSON.parse(JSON.stringify(data), (_, value: unknown) => (value === address ? undefined : value));
}

function answerOf(text: string | null): RecordDetails["answer"] {
  try {
    const { status, body, base64 } = JSON.parse(text ?? "null");
    return typeof status === "number" ? { status, body: String(body ?? base64 ?? "") } : undefined;
  } catch {
    return undefined;
  }
}
