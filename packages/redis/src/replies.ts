/** How leases and changes go to the scripts, and what their replies mean. */
import type {
  About,
  Change,
  Claimed,
  Due,
  Entry,
  LeaseToken,
  Taken,
  WorkKind,
} from "@answerback/core/backend";
import { hash } from "node:crypto";

/** A lease as a script takes it. */
export function leasing({ token, sequence, leaseMs }: LeaseToken): (string | number)[] {
  return [token, sequence, wholeMs(leaseMs)];
}

/** What a record is about, as a script takes it: the tags, the name, the id. Nothing is empty, which no JSON text is. */
export function telling(about: About | undefined): string[] {
  if (!about) return [];
  const { name, id } = about;
  return [tagOf(name ?? "") + tagOf(id ?? ""), name ?? "", id ?? ""];
}

/** Few enough for the set of each to be small, and to be one that Redis packs; so many that strangers seldom share one. */
export function tagOf(text: string): string {
  return text === "" ? "----" : hash("sha1", text).slice(0, 4);
}

/** A change as the script takes it: the time, what is kept and how long, how many fields go, those, then names and values. */
export function changing(change: Change): (string | number)[] {
  const { forMs, answer, work, kind = work ? "run" : undefined, attempts, note, held } = change;
  const { kept, keptForMs = 0 } = change;
  const time = forMs === undefined ? "" : wholeMs(forMs);
  const keeping = kept === undefined ? ["", ""] : [kept ?? "", wholeMs(keptForMs)];
  const gone = Object.entries({ work, note }).filter(([, value]) => value === null);
  const set = Object.entries({ answer, work, kind, attempts, note, held: held === false ? 0 : undefined });
  const given = set.filter((field): field is [string, string | number] => (field[1] ?? null) !== null);
  return [time, ...keeping, gone.length, ...gone.map(([name]) => name), ...given.flat()];
}

/** Whole and no less, and small enough for a JavaScript number: a lease never ends early, and what is read back fits. */
export function wholeMs(ms: number): number {
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
export function entry(reply: readonly any[]): Entry | undefined {
  const [key, state, attempts, forMs, note, answer, work, diedAt, arrivedAt, name, id, kept] = reply;
  if (typeof key !== "string") return undefined;
  return {
    key,
    state,
    attempts: Number(attempts),
    work,
    answer,
    note,
    forMs: Number(forMs),
    diedAt: diedAt && Number(diedAt),
    arrivedAt: arrivedAt && Number(arrivedAt),
    name: name || null,
    id: id || null,
    kept,
  };
}

/** Keys of one kind of work and their times, one after the other. */
export function dues(reply: readonly string[], kind: WorkKind): Due[] {
  const pairs = Array.from({ length: reply.length / 2 }, (_, index) => reply.slice(2 * index, 2 * index + 2));
  return pairs.map(([key = "", since = ""]) => ({ key, since, kind }));
}
