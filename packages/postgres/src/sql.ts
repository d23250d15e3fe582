/** Pieces of SQL that several statements have in common. Behind a colon is a value, behind an @ what the schema or the clock is. */

/** The record of a key. */
export const one = "r.receiver = :receiver AND r.key = :key";

export const msFromNow = (ms: string): string => `@now + ${ms} * interval '1 ms'`;
export const msTo = (instant: string): string => `(extract(epoch FROM ${instant} - @now) * 1000)::float8`;
export const instantNow = "floor(extract(epoch FROM @now) * 1000)::bigint";
export const dayOf = (instant: string): string => `(${instant} AT TIME ZONE 'UTC')::date`;

/** Once for the statement, or no index would be used: the clock runs on from row to row. */
export const nowOnce = "(SELECT @now)";

/** An answer with nothing to be done, and a dead letter, are forgotten once `until` is past. */
export const isForgotten =
  "(r.until <= @now AND (r.died IS NOT NULL OR r.work IS NULL AND r.answer IS NOT NULL))";

/** The table of the contract. */
export const state: string = `CASE
  WHEN ${isForgotten} THEN 'forgotten'
  WHEN r.died IS NOT NULL THEN 'dead'
  WHEN r.work IS NOT NULL AND r.kind = 'paused' THEN 'paused'
  WHEN r.work IS NULL AND r.answer IS NOT NULL THEN 'settled'
  WHEN r.until > @now THEN CASE WHEN r.held THEN 'held' ELSE 'waiting' END
  WHEN r.work IS NULL THEN 'free' ELSE 'due'
END`;

/** Is what was handled still to be kept? */
export const isKept = "r.kept_until > @now";

/** A record as people see it. */
export const entry: string = `r.key, ${state} AS state, r.attempts, r.work, r.answer, r.note, ${msTo("r.until")} AS "forMs",
  r.died::float8 AS "diedAt", r.arrived::float8 AS "arrivedAt", r.name, r.id, CASE WHEN ${isKept} THEN r.kept END AS kept`;

/** The index of what is due begins with the kind, so that what is asked of both kinds is asked of each. */
export function ofBothKinds(query: (kind: "run" | "post") => string): string {
  return `(${query("run")}) UNION ALL (${query("post")})`;
}
