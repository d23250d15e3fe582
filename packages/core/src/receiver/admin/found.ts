/** What became of an event: its record in words. */
import type { Entry } from "../../contract/backend.ts";
import type { Failure } from "../../contract/callback-terms.ts";
import { keptForMs } from "../patience.ts";
import { readNote, readWork, type Work } from "../record/stored.ts";
import type { Runtime } from "../runtime.ts";
import { aKey } from "./take-now.ts";

/** A record in words: what became of an event. */
export interface Found {
  /** The event's key. */
  readonly key: string;
  /**
   * `"held"`: the event is being handled, or its callback is being sent. `"free"`: the next delivery is handled. `"due"`: a
   * worker takes it. `"waiting"`: for its next attempt, or for `receiver.answer`. `"dead"`: a dead letter. `"settled"`:
   * done, and remembered.
   */
  readonly state: "held" | "free" | "due" | "waiting" | "dead" | "settled";
  /** How many runs of the event, or posts of its callback, there were so far. */
  readonly attempts: number;
  /** How many uses of its callback address were begun, partial answers among them; 0 where no work tells it. */
  readonly uses: number;
  /** ms until the state changes by itself, or the record is forgotten; `undefined`: it does not, or changes now. */
  readonly forMs: number | undefined;
  /** What is left to do: handle the event, post the callback, or look at the malformed body; `undefined`: nothing. */
  readonly work: "event" | "callback" | "malformed body" | undefined;
  /** The event's type, or the provider's own name for it; `undefined` where no work tells it. */
  readonly name: string | undefined;
  /** The last error; `undefined`: there was none. */
  readonly error: Failure | undefined;
}

/** Resolves when the backend answers. Rejects with `backend_away`, and the engine's error as its cause. */
export async function ready({ records }: Runtime): Promise<void> {
  await records.get("ready");
}

/** The record of an event in words; `undefined`: nothing is known of the event. */
export async function find({ records }: Runtime, key: string): Promise<Found | undefined> {
  const entry = await records.get(aKey("find: key", key));
  return entry && describe(entry);
}

/** A record in words. */
export function describe(entry: Entry): Found {
  const { key, attempts, forMs } = entry;
  const work = readWork(entry.work);
  return {
    key,
    attempts,
    uses: usesOf(work, attempts),
    state: stateOf(entry),
    forMs: forMs > 0 ? keptForMs(forMs) : undefined,
    work: work && ({ event: "event", post: "callback", malformed: "malformed body" } as const)[work.kind],
    name: work?.kind === "event" ? work.event.type : work?.kind === "post" ? work.name : undefined,
    error: readNote(entry.note),
  };
}

function usesOf(work: Work | undefined, attempts: number): number {
  if (work?.kind === "post") return (work.uses ?? 0) + attempts;
  return work?.kind === "event" ? (work.uses ?? 0) : 0;
}

function stateOf({ diedAt, work, answer, forMs, held }: Entry): Found["state"] {
  if (diedAt !== null) return "dead";
  if (work !== null) return forMs <= 0 ? "due" : held ? "held" : "waiting";
  if (answer !== null) return "settled";
  return forMs > 0 ? "held" : "free";
}
