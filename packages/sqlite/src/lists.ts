/** What people look for, read from indexes: pages of records, how many there are, and what the dead ones died of. */
import type { Cause, ListedState, ListOptions, Place } from "@answerback/core/backend";
import type { DatabaseSync } from "node:sqlite";
import { prepare } from "./prepare.ts";
import type { Row } from "./row.ts";
import { isForgotten, isRest, isUnanswered, stateOf } from "./statements.ts";

/** Whose records, on what clock: ms since the epoch. */
interface Whose {
  readonly receiver: number;
  readonly now: number;
}

/** The lists of one open file. */
export interface Lists {
  /** A page of records, and where the next one begins. */
  list(whose: Whose, page: ListOptions): { readonly rows: Row[]; readonly next: Place | null };
  /** How many are listed in each state. */
  counts(whose: Whose, upTo: number): Record<ListedState, number>;
  /** What the newest dead letters died of. */
  causes(whose: Whose, limit: number): Cause[];
}

/** So many records a page looks at in one step and in all, if that takes no longer than so many ms of the event loop. */
const looks = { aStep: 1_000, inAll: 100_000, ms: 10 };

/** Newer than any record. */
const beforeAll: Place = { at: Number.MAX_SAFE_INTEGER, key: "" };

/** No key comes after it. */
const lastKey = "\u{10ffff}";

/** Prepares what they are read with. */
export function prepareLists(database: DatabaseSync): Lists {
  const steps = Object.fromEntries(
    Object.entries(ways).map(([name, way]) => [
      name,
      { end: prepare(database, endOf(way)), match: prepare(database, matching(way)) },
    ]),
  );
  const count = counting.map((sql) => prepare(database, sql));
  const cause = prepare(database, causing);

  return {
    list(whose, { limit, after, ...filter }) {
      const { end, match } = steps[wayOf(filter)]!;
      const { state = null, name = null, id: subject = null, since = 0 } = filter;
      const startedAt = performance.now();
      const rows: Row[] = [];
      let place = after ?? beforeAll;
      for (let looked = looks.aStep; ; looked += looks.aStep) {
        const step = { ...whose, ...place, since, looks: looks.aStep };
        const last = end.get(step) as { at: number } | undefined;
        const to = last?.at ?? since;
        const asked = { ...step, to, state, name, subject, limit: limit + 1 - rows.length };
        rows.push(...(match.all(asked) as Row[]));
        if (rows.length > limit)
          return { rows: rows.slice(0, limit), next: placeOf(rows[limit - 1]!, state) };
        if (!last) return { rows, next: null };
        // behind all of that ms, also where it has more records than a step looks at
        place = { at: to - 1, key: lastKey };
        if (looked >= looks.inAll || performance.now() - startedAt > looks.ms) return { rows, next: place };
      }
    },

    counts(whose, upTo) {
      const counts = { held: 0, free: 0, due: 0, waiting: 0, paused: 0, dead: 0, settled: 0 };
      for (const { get } of count)
        for (const [state, more] of Object.entries(get({ ...whose, upTo }) as Partial<typeof counts>))
          counts[state as ListedState] = Math.min(counts[state as ListedState] + more, upTo);
      return counts;
    },

    causes: (whose, limit) => cause.all({ ...whose, limit }) as Cause[],
  };
}

/** A list: the column that it is in the order of, before the key, and the stretches of an index that it is read from. */
interface Way {
  readonly at: "arrived" | "died";
  readonly stretches: readonly string[];
}

const arrivals = "INDEXED BY arrivals WHERE arrived IS NOT NULL";
const unanswered = `INDEXED BY unanswered WHERE ${isUnanswered}`;
const workingOn = (kind: string) =>
  `INDEXED BY working WHERE kind = '${kind}' AND work IS NOT NULL AND arrived IS NOT NULL`;
const work = [workingOn("run"), workingOn("post")];

const ways = {
  all: { at: "arrived", stretches: [arrivals] },
  free: { at: "arrived", stretches: [unanswered] },
  due: { at: "arrived", stretches: work },
  held: { at: "arrived", stretches: [unanswered, ...work] },
  waiting: { at: "arrived", stretches: [unanswered, ...work] },
  paused: { at: "arrived", stretches: [workingOn("paused")] },
  dead: { at: "died", stretches: ["INDEXED BY dead WHERE died IS NOT NULL AND arrived IS NOT NULL"] },
} satisfies Record<string, Way>;

/** Most records are settled. Names and ids stand in the indexes, so that a record with another one costs no look at it. */
function wayOf({ state }: Pick<ListOptions, "state">): keyof typeof ways {
  return state === undefined || state === "settled" ? "all" : state;
}

/** When the last of the next so many arrived, if there are so many. */
function endOf({ at, stretches }: Way): string {
  const selects = stretches.map(
    (stretch) =>
      `SELECT ${at} AS at FROM records ${stretch} AND receiver = :receiver AND ${at} BETWEEN :since AND :at`,
  );
  return `${selects.join(" UNION ALL ")} ORDER BY at DESC LIMIT 1 OFFSET :looks - 1`;
}

/** What was asked for, up to that time. */
function matching({ at, stretches }: Way): string {
  const selects = stretches.map(
    (stretch) => `
    SELECT * FROM records ${stretch}
      AND receiver = :receiver AND ${at} BETWEEN :to AND :at AND (${at} < :at OR key < :key)
      AND (:name IS NULL OR name = :name) AND (:subject IS NULL OR subject = :subject)
      AND NOT (${isForgotten}) AND (:state IS NULL OR ${stateOf} = :state)`,
  );
  return `${selects.join(" UNION ALL ")} ORDER BY ${at} DESC, key DESC LIMIT :limit`;
}

function placeOf({ arrived, died, key }: Row, state: ListedState | null): Place {
  return { at: (state === "dead" ? died : arrived)!, key };
}

const kinds = ["'run'", "'post'"] as const;

/** All from indexes alone. What is held or waits is the newest of what has no answer, and what is due next. */
const counting: readonly string[] = [
  counted("count(*) AS settled", `INDEXED BY rest WHERE ${isRest} AND until > :now`),
  counted("count(*) AS paused", "INDEXED BY due WHERE work IS NOT NULL AND kind = 'paused'"),
  counted("count(*) AS dead", "INDEXED BY due WHERE work IS NOT NULL AND kind = 'dead' AND until > :now"),
  ...kinds.flatMap((kind) => [
    counted("count(*) AS due", `INDEXED BY due WHERE work IS NOT NULL AND kind = ${kind} AND until <= :now`),
    counted(
      "count(*) FILTER (WHERE held) AS held, count(*) FILTER (WHERE NOT held) AS waiting",
      `INDEXED BY due WHERE work IS NOT NULL AND kind = ${kind} AND until > :now`,
    ),
  ]),
  counted(
    `count(*) FILTER (WHERE until <= :now) AS free, count(*) FILTER (WHERE until > :now AND held) AS held,
     count(*) FILTER (WHERE until > :now AND NOT held) AS waiting`,
    unanswered,
    "ORDER BY arrived DESC",
  ),
];

function counted(counts: string, stretch: string, order = ""): string {
  return `
    SELECT ${counts} FROM (
      SELECT until, held FROM records ${stretch} AND receiver = :receiver AND arrived IS NOT NULL ${order} LIMIT :upTo
    )`;
}

const causing = `
  SELECT note, name, count(*) AS count FROM (
    SELECT note, name FROM records INDEXED BY dead
    WHERE receiver = :receiver AND died IS NOT NULL AND arrived IS NOT NULL AND until > :now
    ORDER BY died DESC, key DESC LIMIT :limit
  ) GROUP BY note, name ORDER BY count DESC`;
