/** One record in memory, and the state that the table of `Backend` gives it. */
import type { HoldToken } from "../backend.ts";

/** What memory knows of one event. A change makes a new row, so that a refused one leaves no trace. */
export interface Row {
  /** The record's key. */
  readonly key: string;
  /** What duplicates get, as JSON; null: no answer yet. */
  readonly answer: string | null;
  /** What is left to do, as JSON; null: nothing. */
  readonly work: string | null;
  /** The line kept with the record, as JSON. */
  readonly note: string | null;
  /** How many claims and takes there were, less those that were given back. */
  readonly attempts: number;
  /** The record's one time: ms on the backend's clock; Infinity: never. */
  readonly until: number;
  /** The {@link fingerprint} of the holder's token. */
  readonly token: number;
  /** The number of the holder's last save; 0 after the claim or take itself. */
  readonly step: number;
  /** False once the holder gave it up before `until`. */
  readonly held: boolean;
  /** Where it stands in the heap that it is in, which alone writes this. */
  heapIndex: number;
}

/** The table of `Backend` in words. */
export type State = "held" | "waiting" | "free" | "due" | "dead" | "settled" | "forgotten";

/** The state of a row at an instant; what is not there is as good as forgotten. */
export function stateOf(row: Row | undefined, now: number): State {
  if (!row) return "forgotten";
  const past = row.until <= now;
  if (row.work !== null) {
    if (past) return "due";
    if (row.until === Infinity) return "dead";
  } else {
    if (row.answer !== null) return past ? "forgotten" : "settled";
    if (past) return "free";
  }
  return row.held ? "held" : "waiting";
}

/** The row in the hands of its next holder, one attempt on. A key alone stands for a row that nobody knows. */
export function heldBy(row: Partial<Row> & Pick<Row, "key">, hold: HoldToken, now: number): Row {
  const { key, answer = null, work = null, note = null, attempts = 0 } = row;
  return {
    key,
    answer,
    work,
    note,
    attempts: attempts + 1,
    until: now + hold.leaseMs,
    token: fingerprint(hold.token),
    step: hold.step,
    held: true,
    heapIndex: 0,
  };
}

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
