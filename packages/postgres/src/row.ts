/** How a record, a hold and a change look in SQL. */
import type { Claimed, Entry, HoldToken, Saving, Taken } from "@answerback/core";
import type { Values } from "./statements.ts";

/** How much text an item of many has at most: characters. */
const longText = 8_000;

/** A record as the statements give it: an {@link Entry} whose `held` is false once the holder gave it up before its time. */
export type Row = Entry;

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
  return { token, sequence: step, leaseMs: bounded(leaseMs) };
}

/** The values of a save; what may become NULL has a flag beside it. */
export function saving({ key, hold, change }: Saving): Values & { readonly key: string } {
  const { token, step } = hold;
  const { forMs, answer, work, attempts, note, held } = change;
  return {
    key,
    token,
    sequence: step,
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

/** Is it so long that a statement of its own costs the engine less than its place in JSON? */
export function isLong({ answer, work, note }: Values): boolean {
  return `${answer}${work}${note}`.length > longText;
}

/** Some 285,000 years: what is later is no time that Postgres knows. */
function bounded(ms: number): number {
  return Math.min(ms, Number.MAX_SAFE_INTEGER);
}
