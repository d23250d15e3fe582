/** One record in memory. */
import type { LeaseToken, WorkKind } from "../../contract/backend.ts";
import { recordState, type RecordState } from "../state.ts";

/** What memory knows of one event. A change makes a new row, so that a refused one leaves no trace. */
export interface Row {
  /** The record's key. */
  readonly key: string;
  /** What duplicates get, as JSON; null: no answer yet. */
  readonly answer: string | null;
  /** What is left to do, as JSON; null: nothing. */
  readonly work: string | null;
  /** What kind of work that is, or was. */
  readonly kind: WorkKind | "dead" | "paused";
  /** When the row became a dead letter: ms on the backend's clock; null: it is none. */
  readonly diedAt: number | null;
  /** When it arrived: ms on the backend's clock; null: it is not listed. */
  readonly arrivedAt: number | null;
  /** The event's name, as JSON; null: none, or it is not listed. */
  readonly name: string | null;
  /** What the event is about, as JSON; null: nobody knows. */
  readonly id: string | null;
  /** The line kept with the record, as JSON. */
  readonly note: string | null;
  /** How many claims and takes there were, less those that were given back. */
  readonly attempts: number;
  /** The record's one time: ms on the backend's clock. */
  readonly until: number;
  /** The {@link fingerprint} of the holder's token. */
  readonly token: number;
  /** The number of the holder's last save; 0 after the claim or take itself. */
  readonly sequence: number;
  /** False once the holder gave it up before `until`. */
  readonly held: boolean;
  /** Where it stands in the heap that it is in, which alone writes this. */
  heapIndex: number;
}

/** What a row is begun with. */
export type NewRow = Pick<Row, "key" | "arrivedAt" | "name" | "id">;

/** A row in somebody's hands: whatever work it has is there to be done. */
export type HeldRow = Row & { readonly kind: WorkKind };

/** The state of a row at an instant; a row that is not there is as good as forgotten. */
export function stateOf(row: Row | undefined, now: number): RecordState {
  return row ? recordState(row, row.until - now) : "forgotten";
}

/** The row in the hands of its next holder, one attempt on. */
export function heldBy(
  row: Partial<Row> & NewRow,
  { token, sequence, leaseMs }: LeaseToken,
  now: number,
): HeldRow {
  const { answer = null, work = null, kind = "run", note = null, attempts = 0 } = row;
  const { key, arrivedAt, name, id } = row;
  return {
    key,
    arrivedAt,
    name,
    id,
    answer,
    work,
    kind: kind === "post" ? "post" : "run",
    diedAt: null,
    note,
    attempts: attempts + 1,
    until: now + leaseMs,
    token: fingerprint(token),
    sequence,
    held: true,
    heapIndex: 0,
  };
}

/** The token of a row that nobody may save any more. */
export const nobody = -1;

/**
 * 53 bits of a token: 16 bytes a row, where its text takes 64. Nobody outside chooses a token, and two tokens of one
 * and the same record would have to have the same 53 bits.
 */
export function fingerprint(token: string): number {
  let one = 0x9e3779b9;
  let other = 0x85ebca6b;
  for (let at = 0; at < token.length; at += 1) {
    const code = token.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x5bd1e995) ^ (other >>> 15);
  }
  return (one >>> 0) + (other >>> 11) * 2 ** 32;
}
