/** How leases and changes go to the scripts, and what their replies mean. */
import {
  recordState,
  type Change,
  type Claimed,
  type Due,
  type Entry,
  type LeaseToken,
  type Taken,
  type WorkKind,
} from "@answerback/core/backend";

/** A lease as a script takes it. */
export function leasing({ token, sequence, leaseMs }: LeaseToken): (string | number)[] {
  return [token, sequence, wholeMs(leaseMs)];
}

/** A change as the script takes it: the time, whether the record dies, how many fields go, those, then names and values. */
export function changing(change: Change): (string | number)[] {
  const { forMs, answer, work, kind = work ? "run" : undefined, attempts, note, held } = change;
  const time = forMs === undefined ? "" : wholeMs(forMs);
  const gone = Object.entries({ work, note }).filter(([, value]) => value === null);
  const set = Object.entries({ answer, work, kind, attempts, note, held: held === false ? 0 : undefined });
  const given = set.filter((field): field is [string, string | number] => (field[1] ?? null) !== null);
  return [time, kind === "dead" ? 1 : 0, gone.length, ...gone.map(([name]) => name), ...given.flat()];
}

/** Whole and no less, and small enough for a JavaScript number: a lease never ends early, and what is read back fits. */
function wholeMs(ms: number): number {
  return Math.min(Math.ceil(ms), Number.MAX_SAFE_INTEGER);
}

/** What a claim came to. */
export function claimed([state, value, note]: readonly any[]): Claimed {
  if (state === "claimed") return { state, attempts: Number(value), note };
  if (state === "settled") return { state, answer: value };
  return { state: "held", forMs: Number(value) };
}

/** What a worker gets, if anything. */
export function taken([key, attempts, work, answer, note, kind]: readonly any[]): Taken | undefined {
  if (typeof key !== "string") return undefined;
  return { key, attempts: Number(attempts), work, kind, answer, note };
}

/** The record as people see it, if there is one. */
export function entry([key, attempts, ms, holds, note, answer, work, died]: readonly any[]):
  Entry | undefined {
  if (typeof key !== "string") return undefined;
  const forMs = Number(ms);
  const diedAt = died === null ? null : Number(died);
  const held = recordState({ work, answer, held: Number(holds) === 1, diedAt }, forMs) === "held";
  return { key, attempts: Number(attempts), work, answer, note, forMs, held, diedAt };
}

/** Keys of one kind of work and their times, one after the other. */
export function dues(reply: readonly string[], kind: WorkKind): Due[] {
  const pairs = Array.from({ length: reply.length / 2 }, (_, index) => reply.slice(2 * index, 2 * index + 2));
  return pairs.map(([key = "", since = ""]) => ({ key, since, kind }));
}
