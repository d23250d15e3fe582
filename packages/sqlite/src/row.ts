/** How a record, a lease and a change look in SQL. */
import {
  recordState,
  type Change,
  type Claimed,
  type Entry,
  type LeaseToken,
  type Taken,
  type WorkKind,
} from "@answerback/core/backend";

/** A record as it stands in the file. */
export interface Row {
  /** The event key. */
  readonly key: string;
  /** How often the record was claimed or taken, less the attempts that were given back. */
  readonly attempts: number;
  /** When the record is free, its work due, or the record forgotten: ms since the epoch. */
  readonly until: number;
  /** The token of the last hold. */
  readonly token: string;
  /** The step that was saved last under this token. */
  readonly step: number;
  /** 0 once the holder gave it up before `until`. */
  readonly held: number;
  /** JSON text of the note; `null`: there is none. */
  readonly note: string | null;
  /** JSON text of the answer; `null`: there is none yet. */
  readonly answer: string | null;
  /** JSON text of the work; `null`: there is none. */
  readonly work: string | null;
  readonly kind: WorkKind | "dead";
  /** When the record became a dead letter: ms since the epoch; `null`: it is none. */
  readonly died: number | null;
}

/** What a claim is told of a row that it does not win; `undefined`: it may win this one. */
export function refused(row: Row | undefined, { token }: LeaseToken, now: number): Claimed | undefined {
  if (!row) return undefined;
  const { answer, work, until } = row;
  if (row.token === token) return claimed(row);
  if (answer !== null) return { state: "settled", answer };
  if (work === null && until <= now) return undefined;
  return { state: "held", forMs: Math.max(0, until - now) };
}

/** What the winner of a claim is told; the same token again is the same claim. */
export function claimed({ attempts, note }: Row): Claimed {
  return { state: "claimed", attempts, note };
}

/** What a worker gets. */
export function taken({ key, attempts, work, kind, answer, note }: Row): Taken {
  return { key, attempts, work: work!, kind: kind as WorkKind, answer, note };
}

/** The record as people see it. */
export function entry(row: Row, now: number): Entry {
  const { key, attempts, work, answer, note, died: diedAt } = row;
  const forMs = row.until - now;
  const held = recordState({ work, answer, held: row.held !== 0, diedAt }, forMs) === "held";
  return { key, attempts, work, answer, note, forMs, held, diedAt };
}

/** The columns of a lease that begins now. */
export function leasing({ token, sequence, leaseMs }: LeaseToken, now: number): SqlFields {
  return { token, sequence, until: instant(now, leaseMs) };
}

/** The columns of a change; what may become NULL has a flag beside it. */
export function changing(change: Change, now: number): SqlFields {
  const { forMs, answer, work, kind, attempts, note, held } = change;
  return {
    until: forMs === undefined ? null : instant(now, forMs),
    answer: answer ?? null,
    works: work === undefined ? 0 : 1,
    work: work ?? null,
    kind: kind ?? (work ? "run" : null),
    died: kind === "dead" ? Math.floor(now) : null,
    attempts: attempts ?? null,
    notes: note === undefined ? 0 : 1,
    note: note ?? null,
    letsGo: held === false ? 1 : 0,
  };
}

type SqlFields = Record<string, string | number | null>;

/** Whole and no less, and small enough for a JavaScript number: a lease never ends early, and what is read back fits. */
function instant(now: number, ms: number): number {
  return Math.min(Math.ceil(now + ms), Number.MAX_SAFE_INTEGER);
}
