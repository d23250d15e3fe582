/** One record in memory, and the state that the backend's table gives it. */
import type { HoldToken } from "../backend.ts";

/** What memory knows of one event. A change makes a new row, so that a refused one leaves no trace. */
export interface Row {
  readonly key: string;
  readonly answer: string | null;
  readonly work: string | null;
  readonly note: string | null;
  readonly attempts: number;
  /** ms on the backend's clock; Infinity: never. */
  readonly until: number;
  /** The fingerprint of the holder's token. */
  readonly token: number;
  readonly step: number;
  /** False once the holder gave it up before `until`. */
  readonly held: boolean;
  /** Where it stands in its timeline, which keeps this. */
  place: number;
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

/** A row for a key that nobody knows. */
export function newRow(key: string): Row {
  return {
    key,
    answer: null,
    work: null,
    note: null,
    attempts: 0,
    until: 0,
    token: NaN,
    step: 0,
    held: false,
    place: 0,
  };
}

/** The row in the hands of its next holder, one attempt on. */
export function heldBy(row: Row, hold: HoldToken, now: number): Row {
  const { step, leaseMs } = hold;
  return {
    ...row,
    token: fingerprint(hold.token),
    step,
    held: true,
    until: now + leaseMs,
    attempts: row.attempts + 1,
  };
}

/**
 * 53 bits of a token, which fit where its text would take most of a row. Nobody outside chooses a token, and two of them
 * would have to be alike at one and the same record.
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
