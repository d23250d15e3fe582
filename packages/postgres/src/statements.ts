/** The verbs as SQL, one atomic statement each, on the engine's clock. */
import { createHash } from "node:crypto";
import type pg from "pg";
import type { Settings } from "./options.ts";
import { quoted } from "./schema.ts";

/** What is filled in, by the name behind the colon. */
export type Values = Readonly<Record<string, string | number | boolean | null>>;

/** Each statement with its values, as `pg` takes it. */
export type Statements = Readonly<Record<StatementName, (values: Values) => pg.QueryConfig>>;

/** Each is one round trip. */
export type StatementName =
  | "open"
  | "claim"
  | "take"
  | "takeOne"
  | "save"
  | "saved"
  | "saveInRun"
  | "inRun"
  | "linger"
  | "get"
  | "dead"
  | "due"
  | "sweep";

const one = "r.receiver = :receiver AND r.key = :key";
const until = "@now + :leaseMs * interval '1 ms'";
const msTo = (instant: string): string => `(extract(epoch FROM ${instant} - @now) * 1000)::float8`;

/** Once for the statement, or no index would be used: the clock runs on from row to row. */
const nowOnce = "(SELECT @now)";

/** Its own token claims a free one again by looking. */
const isClaimable = "r.work IS NULL AND r.until <= @now AND (r.answer IS NOT NULL OR r.token <> :token)";

/** Not forgotten: that is an answer, nothing to do, and an `until` that is past. */
const isKnown = "(r.work IS NULL AND r.answer IS NOT NULL AND r.until <= @now) IS NOT TRUE";

const entry = `r.key, r.attempts, r.work, r.answer, r.note, r.held, ${msTo("r.until")} AS "forMs"`;
const taken = "r.key, r.attempts, r.work, r.answer, r.note";
const holding = `attempts = r.attempts + 1, until = ${until}, token = :token, step = :step, held = true`;

const save = (and: string): string => `
  UPDATE @records AS r SET
    step = :step, answer = coalesce(:answer, r.answer), attempts = coalesce(:attempts, r.attempts),
    until = CASE WHEN :moves THEN @now + :forMs * interval '1 ms' ELSE r.until END,
    work = CASE WHEN :works THEN :work ELSE r.work END, note = CASE WHEN :notes THEN :note ELSE r.note END,
    held = r.held AND NOT :letsGo
  WHERE ${one} AND r.token = :token AND r.step < :step AND ${isKnown} ${and}
  RETURNING true AS saved, ${msTo("r.due")} AS "dueMs"`;

/** False once the transaction of a run is over, whoever ended it. */
const isInRun = "coalesce(current_setting('answerback.run', true), '') = :run";

const sql: Readonly<Record<StatementName, string>> = {
  open: `
    INSERT INTO @receivers (name) VALUES (:name) ON CONFLICT (name) DO UPDATE SET name = excluded.name
    RETURNING id, linger`,

  // what is not to be had is told so without a write; no row: another claim came between looking and writing. A claim
  // need not wait for the disk: one that a crashed server forgets is a second handling, and its saves find nothing
  claim: `
    WITH seen AS MATERIALIZED (
      SELECT ${entry}, r.token = :token AS own, (${isClaimable}) IS TRUE AS claimable FROM @records AS r WHERE ${one}
    ), won AS (
      INSERT INTO @records AS r (receiver, key, attempts, until, token, step, held)
      SELECT :receiver, :key, 1, ${until}, :token, :step, true WHERE NOT EXISTS (SELECT FROM seen WHERE NOT claimable)
      ON CONFLICT (receiver, key) DO UPDATE SET
        attempts = CASE WHEN r.answer IS NULL THEN r.attempts + 1 ELSE 1 END,
        note = CASE WHEN r.answer IS NULL THEN r.note END, answer = NULL,
        until = ${until}, token = :token, step = :step, held = true
      WHERE ${isClaimable}
      RETURNING attempts, note, set_config('synchronous_commit', 'off', true)
    )
    SELECT true AS own, attempts, note, NULL AS answer, NULL AS "forMs" FROM won
    UNION ALL SELECT own, attempts, note, answer, "forMs" FROM seen WHERE NOT claimable`,

  take: `
    WITH taken AS (
      UPDATE @records AS r SET ${holding}
      WHERE r.receiver = :receiver AND r.key = (
        SELECT key FROM @records WHERE receiver = :receiver AND due <= ${nowOnce}
        ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED
      )
      RETURNING ${taken}
    )
    SELECT taken.*, "dueMs"
    FROM (SELECT ${msTo("min(due)")} AS "dueMs" FROM @records WHERE receiver = :receiver) AS next
    LEFT JOIN taken ON true`,

  takeOne: `
    UPDATE @records AS r SET ${holding}
    WHERE ${one} AND r.work IS NOT NULL AND (r.until <= @now OR :early AND (r.until IS NULL OR NOT r.held))
    RETURNING ${taken}`,

  save: save(""),

  saved: `SELECT FROM @records AS r WHERE ${one} AND r.token = :token AND r.step = :step AND ${isKnown}`,

  saveInRun: `
    WITH saved AS (${save(`AND ${isInRun}`)})
    SELECT ${isInRun} AS "inRun", saved, "dueMs" FROM (SELECT) AS one LEFT JOIN saved ON true`,

  inRun: `SELECT ${isInRun} AS "inRun", true AS saved, NULL AS "dueMs"`,

  linger: `UPDATE @receivers SET linger = :ms WHERE id = :receiver AND linger < :ms`,

  get: `SELECT ${entry} FROM @records AS r WHERE ${one} AND ${isKnown}`,

  dead: `
    SELECT ${entry} FROM @records AS r
    WHERE r.receiver = :receiver AND r.dead AND r.key > :after ORDER BY r.key LIMIT :limit`,

  due: `
    SELECT key, extract(epoch FROM due)::text AS since FROM @records
    WHERE receiver = :receiver AND due <= ${nowOnce} ORDER BY due LIMIT :limit`,

  // what another process sweeps, or uses, is left to it
  sweep: `
    DELETE FROM @records WHERE ctid = ANY (ARRAY(
      SELECT r.ctid FROM @receivers JOIN @records AS r ON r.receiver = receivers.id
        AND r.rest < ((${nowOnce} - linger::float8 * interval '1 ms') AT TIME ZONE 'UTC')::date
      LIMIT :limit FOR UPDATE OF r SKIP LOCKED
    ))`,
};

/** The statements for one schema. */
export function statementsOf(settings: Pick<Settings, "schema" | "now" | "prepare">): Statements {
  const made = Object.entries(sql).map(([name, text]) => [name, statement(text, settings)]);
  return Object.fromEntries(made) as Statements;
}

/**
 * Postgres numbers what we name; a double colon is a cast. What the user named is put in last, and may have colons. The
 * statement's own name says which text it is.
 */
function statement(
  text: string,
  { schema, now, prepare }: Pick<Settings, "schema" | "now" | "prepare">,
): (values: Values) => pg.QueryConfig {
  const names: string[] = [];
  const numbered = text.replace(/(?<!:):(\w+)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  const whole = numbered.replace(/@(\w+)/g, (_, name: string) =>
    name === "now" ? now : `${quoted(schema)}.${name}`,
  );
  const name = `answerback_${createHash("sha256").update(whole).digest("hex").slice(0, 16)}`;
  return (values) => ({
    ...(prepare && { name }),
    text: whole,
    values: names.map((one) => values[one]),
  });
}
