/** What people ask, as SQL: pages of records, each from the index that has their order; counts; causes. */
import type { ListOptions } from "@answerback/core/backend";
import { entry, nowOnce, ofBothKinds, state } from "./sql.ts";

/** How many records that were not asked for a statement passes over at most. */
const passedOver = 5_000;

/** The records that a claim said something about. */
const listed = "r.receiver = :receiver AND r.arrived IS NOT NULL";

// the conditions of two indexes: what is listed stands in one of them, and what its holder let go without work in both
const withoutWork = "r.due IS NULL";
const withWorkOrLetGo = "(r.due IS NOT NULL OR NOT r.held)";

/** The newest records of a part of the table that has an index, from where the page begins. */
const newest = (part: string, at: string): string => `
  SELECT * FROM @records AS r
  WHERE ${listed} AND ${part} AND (r.${at}, r.key) < (:at::bigint, :key) AND r.${at} >= :since::bigint
  ORDER BY r.${at} DESC, r.key DESC LIMIT ${passedOver}`;

/**
 * A page walks down an index, or two side by side, and looks at each record that it finds there. The last one that it may
 * look at is told whatever it is, so that the next page begins behind it.
 */
const page = (parts: readonly string[], at = "arrived"): string => `
  SELECT * FROM (
    SELECT *, nth = ${passedOver} AS "isLast", state <> 'forgotten' AND (:state::text IS NULL OR state = :state)
      AND (:name::text IS NULL OR name = :name) AND (:id::text IS NULL OR id = :id) AS "isAskedFor"
    FROM (
      SELECT ${entry}, r.${at} AS at, row_number() OVER (ORDER BY r.${at} DESC, r.key DESC) AS nth
      FROM (${parts.map((part) => `(${newest(part, at)})`).join(" UNION ALL ")}) AS r
      ORDER BY r.${at} DESC, r.key DESC LIMIT ${passedOver}
    ) AS looked
  ) AS judged WHERE "isAskedFor" OR "isLast" ORDER BY at DESC, key DESC LIMIT :limit`;

/** Of records without work the newest so many. */
const resting = `
  SELECT ${state} AS state FROM @records AS r WHERE ${listed} AND ${withoutWork}
  ORDER BY r.arrived DESC, r.key DESC LIMIT :upTo::bigint`;

/** Of records with work of a kind those that have been due longest, or will be due first. */
const working = (kind: string, due: string, limit = ":upTo::bigint"): string => `
  SELECT ${state} AS state FROM @records AS r WHERE ${listed} AND r.kind = '${kind}' AND ${due} ORDER BY r.due LIMIT ${limit}`;

/** What is not due yet waits or is held, most of what is held not for long: of so many of both all are looked at. */
const counted = [
  ...["run", "post"].flatMap((kind) => [
    working(kind, `r.due <= ${nowOnce}`),
    working(kind, `r.due > ${nowOnce}`, "2 * :upTo::bigint"),
  ]),
  working("paused", "r.due IS NOT NULL"),
  working("dead", `r.due > ${nowOnce}`),
  resting,
];

/** What people ask. */
export type LookName =
  "listAll" | "listWithoutWork" | "listWithWork" | "listAbout" | "listDead" | "stats" | "causes";

export const looks: Readonly<Record<LookName, string>> = {
  // were `due` said not to be NULL, its index might be read to its end, and sorted
  listAll: page([`${withoutWork} AND r.held`, withWorkOrLetGo]),
  listWithoutWork: page([withoutWork]),
  listWithWork: page([withWorkOrLetGo]),
  listAbout: page(["r.id IS NOT NULL AND hashtext(r.id) = hashtext(:id)"]),
  listDead: page(["r.died IS NOT NULL"], "died"),

  stats: `
    SELECT json_object_agg(state, least(count, :upTo::bigint)) AS counts, (
      SELECT (extract(epoch FROM @now - min(due)) * 1000)::float8 FROM (
        ${ofBothKinds((kind) => `SELECT min(due) AS due FROM @records WHERE receiver = :receiver AND kind = '${kind}' AND due IS NOT NULL`)}
      ) AS first
    ) AS "dueForMs"
    FROM (
      SELECT state, count(*) AS count FROM (${counted.map((query) => `(${query})`).join(" UNION ALL ")}) AS found WHERE state <> 'forgotten' GROUP BY state
    ) AS counted`,

  causes: `
    SELECT note, name, count(*)::integer AS count FROM (
      SELECT r.note, r.name, r.died FROM @records AS r WHERE ${listed} AND r.died IS NOT NULL AND r.until > ${nowOnce}
      ORDER BY r.died DESC, r.key DESC LIMIT :limit::bigint
    ) AS letters GROUP BY note, name ORDER BY count(*) DESC, max(died) DESC`,
};

/** The statement that lists these records: from the index that leaves out most of all others. */
export function listOf({ state, id }: Pick<ListOptions, "state" | "id">): LookName {
  if (state === "dead") return "listDead";
  if (id !== undefined) return "listAbout";
  if (state === "settled" || state === "free") return "listWithoutWork";
  if (state === "due" || state === "waiting" || state === "paused") return "listWithWork";
  return "listAll";
}
