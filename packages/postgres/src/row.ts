/** How a record, a lease and a change look in SQL. */
import type {
  About,
  Claimed,
  Entry,
  LeaseToken,
  Listing,
  ListOptions,
  Saving,
  Taken,
  WorkKind,
} from "@answerback/core/backend";
import type { Values } from "./statements.ts";

/** How much text an item of many has at most: characters. */
const longText = 8_000;

/** What is told of a claim: `own` when it won, or had won before. */
export function claimed({ own, attempts, note, answer, forMs }: Entry & { own: boolean }): Claimed {
  if (own) return { state: "claimed", attempts, note };
  if (answer !== null) return { state: "settled", answer };
  return { state: "held", forMs: Math.max(0, forMs) };
}

/** What a worker gets. */
export function taken({ key, attempts, work, kind, answer, note }: Entry & { kind: WorkKind }): Taken {
  return { key, attempts, work: work!, kind, answer, note };
}

/** A record of a page that was asked for, or the last one that the page may look at. */
type Judged = Entry & {
  readonly nth: string;
  readonly at: string;
  readonly isAskedFor: boolean;
  readonly isLast: boolean;
};

/** What people get of the rows of a page, one more than they asked for. */
export function listing(rows: readonly Judged[], { limit }: Pick<ListOptions, "limit">): Listing {
  const entries = rows.filter(({ isAskedFor }) => isAskedFor).slice(0, limit);
  // the last one that was given, or else the last one that was looked at
  const end = rows.length > limit ? rows[limit - 1]! : rows.find(({ isLast }) => isLast);
  const next = end ? { at: Number(end.at), key: end.key } : null;
  return { entries: entries.map(({ nth, at, isAskedFor, isLast, ...entry }) => entry), next };
}

/** The values of a lease that begins now. */
export function leasing({ token, sequence, leaseMs }: LeaseToken): Values {
  return { token, sequence, leaseMs: bounded(leaseMs) };
}

/** What a claim says of its record. */
export function telling(about: About | undefined): Values {
  return about ? { listed: true, name: about.name, id: about.id } : {};
}

/** The values of a save; what may become NULL has a flag beside it. */
export function saving({ key, lease, change }: Saving): Values & { readonly key: string } {
  const { token, sequence } = lease;
  const { forMs, answer, work, kind, attempts, note, held, kept, keptForMs = Infinity } = change;
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
    ...(kept !== undefined && { keeps: true, kept, keptForMs: kept === null ? null : bounded(keptForMs) }),
  };
}

/** Is it so long that a statement of its own costs the engine less than its place in JSON? */
export function isLong({ answer, work, note, kept }: Values): boolean {
  return `${answer}${work}${note}${kept}`.length > longText;
}

/** Some 285,000 years: what is later is no time that Postgres knows. */
export function bounded(ms: number): number {
  return Math.min(ms, Number.MAX_SAFE_INTEGER);
}
