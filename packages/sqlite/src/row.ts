/** How a record, a lease and a change look in SQL. */
import {
  recordState,
  type About,
  type Change,
  type Claimed,
  type Entry,
  type LeaseToken,
  type ListedState,
  type Taken,
  type WorkKind,
} from "@answerback/core/backend";
import type { Fields } from "./prepare.ts";

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
  readonly kind: WorkKind | "dead" | "paused";
  /** When the record became a dead letter: ms since the epoch; `null`: it is none. */
  readonly died: number | null;
  /** When it was claimed first, or afresh: ms since the epoch; `null`: it is not listed. */
  readonly arrived: number | null;
  /** JSON text of the event's name; `null`: it has none. */
  readonly name: string | null;
  /** JSON text of the provider's id of what the event is about; `null`: nobody knows. */
  readonly subject: string | null;
  /** JSON text of what was handled; `null`: it is not kept. */
  readonly kept: string | null;
  /** Until when that is kept: ms since the epoch. */
  readonly kept_until: number | null;
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
  const { key, attempts, work, answer, note, kind, name } = row;
  const forMs = row.until - now;
  return {
    key,
    // what was forgotten is no row that a statement finds
    state: recordState({ work, answer, kind, held: row.held !== 0 }, forMs) as ListedState,
    attempts,
    work,
    answer,
    note,
    forMs,
    diedAt: row.died,
    arrivedAt: row.arrived,
    name,
    id: row.subject,
    kept: row.kept_until !== null && row.kept_until > now ? row.kept : null,
  };
}

/** The columns of a lease that begins now. */
export function leasing({ token, sequence, leaseMs }: LeaseToken, now: number): Fields {
  return { token, sequence, until: instant(now, leaseMs) };
}

/** The columns of what a record is about that arrives now. */
export function arriving(about: About | undefined, now: number): Fields {
  if (!about) return { arrived: null, name: null, subject: null };
  return { arrived: Math.floor(now), name: about.name, subject: about.id };
}

/** The columns of a change; what may become NULL has a flag beside it. */
export function changing(change: Change, now: number): Fields {
  const { forMs, answer, work, kind, attempts, note, held, kept, keptForMs = 0 } = change;
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
    kept: kept ?? null,
    keptUntil: kept === undefined ? null : instant(now, keptForMs),
  };
}

/** Whole and no less, and small enough for a JavaScript number: a lease never ends early, and what is read back fits. */
export function instant(now: number, ms: number): number {
  return Math.min(Math.ceil(now + ms), Number.MAX_SAFE_INTEGER);
}
