/** How a record, a hold and a change look in SQL. */
import type { Change, Claimed, Entry, HoldToken, Taken } from "@answerback/core";
import type { Values } from "./statements.ts";

/** A record as the statements give it; `forMs` is `null` for never. */
export interface Row {
  readonly key: string;
  readonly attempts: number;
  readonly forMs: number | null;
  /** False once the holder gave it up before its time. */
  readonly held: boolean;
  readonly note: string | null;
  readonly answer: string | null;
  readonly work: string | null;
}

/** What is told of a claim: `own` when it won, or had won before. */
export function claimed({ own, attempts, note, answer, forMs }: Row & { own: boolean }): Claimed {
  if (own) return { state: "claimed", attempts, note };
  if (answer !== null) return { state: "settled", answer };
  return { state: "held", forMs: Math.max(0, forMs ?? 0) };
}

/** What a worker gets. */
export function taken({ key, attempts, work, answer, note }: Row): Taken {
  return { key, attempts, work: work!, answer, note };
}

/** The record as people see it. */
export function entry({ key, attempts, work, answer, note, forMs, held }: Row): Entry {
  const isOpen = work !== null || answer === null;
  return { key, attempts, work, answer, note, forMs, held: held && isOpen && forMs !== null && forMs > 0 };
}

/** The values of a hold that begins now. */
export function holding({ token, step, leaseMs }: HoldToken): Values {
  return { token, step, leaseMs: bounded(leaseMs) };
}

/** The values of a save; what may become NULL has a flag beside it. */
export function saving({ token, step }: HoldToken, change: Change): Values {
  const { forMs, answer, work, attempts, note, held } = change;
  return {
    token,
    step,
    moves: forMs !== undefined,
    forMs: typeof forMs === "number" ? bounded(forMs) : null,
    answer: answer ?? null,
    works: work !== undefined,
    work: work ?? null,
    attempts: attempts ?? null,
    notes: note !== undefined,
    note: note ?? null,
    letsGo: held === false,
  };
}

/** Some 285,000 years: what is later is no time that Postgres knows. */
function bounded(ms: number): number {
  return Math.min(ms, Number.MAX_SAFE_INTEGER);
}
