/** How a record, a lease and a change look in SQL. */
import {
  recordState,
  type Claimed,
  type Entry,
  type LeaseToken,
  type Saving,
  type Taken,
  type WorkKind,
} from "@answerback/core/backend";
import type { Values } from "./statements.ts";

/** How much text an item of many has at most: characters. */
const longText = 8_000;

/** A record as the statements give it: an {@link Entry} whose `held` is false once the holder gave it up before its time. */
export type Row = Entry;

/** What is told of a claim: `own` when it won, or had won before. */
export function claimed({ own, attempts, note, answer, forMs }: Row & { own: boolean }): Claimed {
  if (own) return { state: "claimed", attempts, note };
  if (answer !== null) return { state: "settled", answer };
  return { state: "held", forMs: Math.max(0, forMs) };
}

/** What a worker gets. */
export function taken({ key, attempts, work, kind, answer, note }: Row & { kind: WorkKind }): Taken {
  return { key, attempts, work: work!, kind, answer, note };
}

/** The record as people see it. */
export function entry(row: Row): Entry {
  return { ...row, held: recordState(row, row.forMs) === "held" };
}

/** The values of a lease that begins now. */
export function leasing({ token, sequence, leaseMs }: LeaseToken): Values {
  return { token, sequence, leaseMs: bounded(leaseMs) };
}

/** The values of a save; what may become NULL has a flag beside it. */
export function saving({ key, lease, change }: Saving): Values & { readonly key: string } {
  const { token, sequence } = lease;
  const { forMs, answer, work, kind, attempts, note, held } = change;
  return {
    key,
    token,
    sequence,
    forMs: forMs === undefined ? null : bounded(forMs),
    answer: answer ?? null,
    works: work !== undefined,
    work: work ?? null,
    kind: kind ?? (work ? "run" : null),
    attempts: attempts ?? null,
    notes: note !== undefined,
    note: note ?? null,
    letsGo: held === false,
  };
}

/** Is it so long that a statement of its own costs the engine less than its place in JSON? */
export function isLong({ answer, work, note }: Values): boolean {
  return `${answer}${work}${note}`.length > longText;
}

/** Some 285,000 years: what is later is no time that Postgres knows. */
function bounded(ms: number): number {
  return Math.min(ms, Number.MAX_SAFE_INTEGER);
}
