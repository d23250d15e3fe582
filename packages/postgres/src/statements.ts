/** The verbs as SQL, one atomic statement each, on the engine's clock. */
import type { WorkKind } from "@answerback/core/backend";
import { createHash } from "node:crypto";
import type pg from "pg";
import { looks, type LookName } from "./looks.ts";
import type { Settings } from "./options.ts";
import { quoted } from "./schema.ts";
import {
  dayOf,
  entry,
  instantNow,
  isForgotten,
  isKept,
  msFromNow,
  msTo,
  nowOnce,
  ofBothKinds,
  one,
  state,
} from "./sql.ts";

/** What is filled in, by the name behind the colon. */
export type Values = Readonly<Record<string, string | number | boolean | null>>;

/** Each statement with its values, as `pg` takes it. */
export type Statements = Readonly<Record<StatementName, (values: Values) => pg.QueryConfig>>;

/** Those that are there twice: for one item, by its values, and for many, by `items`, a JSON array of their values. */
export type ItemStatementName = "claim" | "save";

/** Each is one round trip. */
export type StatementName =
  | ItemStatementName
  | `${ItemStatementName}Many`
  | LookName
  | "open"
  | "receivers"
  | "reclaim"
  | "take"
  | "takeOne"
  | "saved"
  | "saveInRun"
  | "linger"
  | "get"
  | "erase"
  | "due"
  | "sweep"
  | "wipe";

/** Its own token claims a free one again by looking. */
const isClaimable = (token: string): string =>
  `(${isForgotten} OR r.work IS NULL AND r.until <= @now AND r.token <> ${token})`;

/** Nobody said yet what it is about. */
const isNews = `(${isForgotten} OR r.arrived IS NULL)`;

const taken = "r.key, r.attempts, r.work, r.kind, r.answer, r.note";

const taking = `attempts = r.attempts + 1, until = ${msFromNow(":leaseMs")}, due = ${msFromNow(":leaseMs")},
      token = :token, sequence = :sequence, held = true`;

/** How a statement reads a value of an item, and where the items come from: one by its values, or many as rows. */
interface Source {
  readonly given: (name: string) => string;
  readonly from: string;
  readonly where: string;
}

const oneItem: Source = { given: (name) => `:${name}`, from: "", where: one };

/**
 * The receiver of an item is compared with what is known already, so that the planner expects one item: if it expected
 * a hundred, it would read a small table from end to end, and go on so when the table has grown.
 */
const manyItems = (values: string): Source => ({
  given: (name) => `item."${name}"`,
  from: `json_to_recordset(:items) AS item (receiver integer, key text, token text, sequence integer, ${values})`,
  where: "item.receiver = :receiver AND r.receiver = item.receiver AND r.key = item.key",
});

const manyClaims = manyItems(`"leaseMs" float8, listed boolean, name text, id text`);
const manySaves = manyItems(
  `"forMs" float8, answer text, works boolean, work text, kind text, attempts integer, notes boolean, note text,
    "letsGo" boolean, keeps boolean, kept text, "keptForMs" float8`,
);

/**
 * New records are made; the state of all others is told without a write. No row: another claim came between looking and
 * writing. A claim need not wait for the disk: one that a crashed server forgets is a second handling, and its saves
 * find nothing.
 */
const claim = ({ given, from, where }: Source): string => `
  WITH new AS (
    INSERT INTO @records (receiver, key, attempts, until, token, sequence, held, rest, arrived, name, id)
    SELECT :receiver, ${given("key")}, 1, ${msFromNow(given("leaseMs"))}, ${given("token")}, ${given("sequence")}, true,
      ${dayOf("@now")}, CASE WHEN ${given("listed")} THEN ${instantNow} END, ${given("name")}, ${given("id")}
    ${from && `FROM ${from}`}
    ON CONFLICT DO NOTHING
    RETURNING key, set_config('synchronous_commit', 'off', true)
  )
  SELECT key, true AS own, false AS claimable, 1 AS attempts, NULL AS note, NULL AS answer, NULL AS "forMs" FROM new
  UNION ALL
  SELECT r.key, r.token = ${given("token")}, ${isClaimable(given("token"))}, r.attempts, r.note, r.answer,
    ${msTo("r.until")}
  FROM @records AS r ${from && `, ${from}`} WHERE (SELECT count(*) FROM new) < :count AND ${where}`;

const save = ({ given, from, where }: Source, and = ""): string => {
  const until = `coalesce(${msFromNow(given("forMs"))}, r.until)`;
  const work = `CASE WHEN ${given("works")} THEN ${given("work")} ELSE r.work END`;
  const kind = `coalesce(${given("kind")}, r.kind)`;
  return `
  UPDATE @records AS r SET
    sequence = ${given("sequence")}, until = ${until}, work = ${work}, kind = ${kind}, answer = coalesce(${given("answer")}, r.answer),
    attempts = coalesce(${given("attempts")}, r.attempts), held = r.held AND NOT ${given("letsGo")},
    note = CASE WHEN ${given("notes")} THEN ${given("note")} ELSE r.note END,
    due = CASE WHEN ${work} IS NOT NULL THEN ${until} END,
    died = CASE WHEN ${work} IS NOT NULL AND ${kind} = 'dead' THEN CASE WHEN ${given("kind")} = 'dead' THEN ${instantNow} ELSE r.died END END,
    rest = CASE WHEN ${work} IS NULL THEN ${dayOf("@now")} END,
    kept = CASE WHEN ${given("keeps")} THEN ${given("kept")} ELSE r.kept END,
    kept_until = CASE WHEN ${given("keeps")} THEN ${msFromNow(given("keptForMs"))} ELSE r.kept_until END
  ${from && `FROM ${from}`}
  WHERE ${where} AND r.token = ${given("token")} AND r.sequence < ${given("sequence")} AND NOT ${isForgotten} ${and}
  RETURNING r.key, r.kind, CASE WHEN r.work IS NOT NULL AND r.kind IN ('run', 'post') THEN ${msTo("r.until")} END AS "dueMs"`;
};

/** False once the transaction of a run is over, whoever ended it. */
const isInRun = "coalesce(current_setting('answerback.run', true), '') = :run";

const worksOn = (kind: WorkKind): string => `receiver = :receiver AND kind = '${kind}'`;

/** The kind that is asked for, else the kind of what has been due longest. */
const kindToTake = `coalesce(:kind::text, (
  SELECT kind FROM (
    ${ofBothKinds((kind) => `SELECT kind, due FROM @records WHERE ${worksOn(kind)} AND due IS NOT NULL ORDER BY due LIMIT 1`)}
  ) AS first ORDER BY due LIMIT 1
))`;

/** How long a free record of the receiver is kept. */
const lingering = "linger::float8 * interval '1 ms'";

const sql: Readonly<Record<StatementName, string>> = {
  ...looks,

  receivers: `SELECT name FROM @receivers ORDER BY name`,

  open: `
    INSERT INTO @receivers (name) VALUES (:name) ON CONFLICT (name) DO UPDATE SET name = excluded.name
    RETURNING id, linger`,

  claim: claim(oneItem),
  claimMany: claim(manyClaims),

  reclaim: `
    UPDATE @records AS r SET
      attempts = CASE WHEN ${isForgotten} THEN 1 ELSE r.attempts + 1 END,
      note = CASE WHEN NOT ${isForgotten} THEN r.note END, answer = NULL, work = NULL, due = NULL, died = NULL,
      until = ${msFromNow(":leaseMs")}, token = :token, sequence = :sequence, held = true, rest = ${dayOf("@now")},
      arrived = CASE WHEN ${isNews} THEN CASE WHEN :listed THEN ${instantNow} END ELSE r.arrived END,
      name = CASE WHEN ${isNews} THEN :name ELSE r.name END, id = CASE WHEN ${isNews} THEN :id ELSE coalesce(r.id, :id) END,
      kept = CASE WHEN NOT ${isForgotten} THEN r.kept END, kept_until = CASE WHEN NOT ${isForgotten} THEN r.kept_until END
    WHERE ${one} AND ${isClaimable(":token")}
    RETURNING true AS own, attempts, note, set_config('synchronous_commit', 'off', true)`,

  take: `
    WITH taken AS (
      UPDATE @records AS r SET ${taking}
      WHERE r.receiver = :receiver AND r.key = (
        SELECT key FROM @records WHERE receiver = :receiver AND kind = ${kindToTake} AND due <= ${nowOnce}
        ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED
      )
      RETURNING ${taken}
    )
    SELECT taken.*, "dueMs" FROM (
      SELECT ${msTo("min(due)")} AS "dueMs" FROM (
        ${ofBothKinds((kind) => `SELECT '${kind}' AS kind, min(due) AS due FROM @records WHERE ${worksOn(kind)} AND due IS NOT NULL`)}
      ) AS first WHERE kind = coalesce(:kind::text, kind)
    ) AS next LEFT JOIN taken ON true`,

  takeOne: `
    UPDATE @records AS r SET ${taking}, work = coalesce(r.work, r.kept), died = NULL, rest = NULL,
      kind = CASE WHEN r.work IS NULL OR r.kind <> 'post' THEN 'run' ELSE 'post' END
    WHERE ${one} AND CASE ${state}
      WHEN 'due' THEN coalesce(:early::text, 'any') = 'any'
      WHEN 'settled' THEN :early IN ('any', 'settled') AND ${isKept}
      WHEN 'held' THEN false WHEN 'forgotten' THEN false
      ELSE :early IN ('any', ${state}) AND r.work IS NOT NULL
    END
    RETURNING ${taken}`,

  save: save(oneItem),
  saveMany: save(manySaves),

  saved: `SELECT FROM @records AS r WHERE ${one} AND r.token = :token AND r.sequence = :sequence AND NOT ${isForgotten}`,

  saveInRun: `
    WITH saved AS (${save(manySaves, `AND ${isInRun}`)})
    SELECT ${isInRun} AS "inRun", count(*)::integer AS saved, min("dueMs") AS "dueMs" FROM saved`,

  linger: `UPDATE @receivers SET linger = :ms WHERE id = :receiver AND linger < :ms`,

  get: `SELECT ${entry} FROM @records AS r WHERE ${one} AND NOT ${isForgotten}`,

  // who held it before has no token for it any more
  erase: `
    WITH erased AS (
      UPDATE @records AS r SET id = NULL, note = NULL, kept = NULL, kept_until = NULL, token = '',
        answer = CASE WHEN r.work IS NOT NULL OR r.answer IS NOT NULL THEN :answer END,
        until = CASE WHEN r.work IS NOT NULL THEN ${msFromNow(":forMs")} ELSE r.until END,
        work = NULL, due = NULL, died = NULL, rest = coalesce(r.rest, ${dayOf("@now")})
      WHERE ${one} AND ${state} NOT IN ('held', 'forgotten')
      RETURNING r.key
    )
    SELECT EXISTS (SELECT FROM erased) OR NOT EXISTS (SELECT FROM @records AS r WHERE ${one} AND NOT ${isForgotten}) AS "isGone"`,

  due: `
    SELECT key, extract(epoch FROM due)::text AS since, kind FROM (
      ${ofBothKinds(
        (kind) => `
        SELECT key, due, kind FROM @records WHERE ${worksOn(kind)} AND due <= ${nowOnce} ORDER BY due LIMIT :limit`,
      )}
    ) AS listed ORDER BY due LIMIT :limit`,

  // what another process sweeps, or uses, is left to it
  sweep: `
    DELETE FROM @records WHERE ctid = ANY (ARRAY(
      SELECT r.ctid FROM @receivers JOIN @records AS r ON r.receiver = receivers.id
        AND r.due IS NULL AND r.arrived < (extract(epoch FROM ${nowOnce} - ${lingering}) * 1000)::bigint
        AND r.until <= ${nowOnce} - CASE WHEN r.answer IS NULL THEN ${lingering} ELSE interval '0' END
      LIMIT :limit FOR UPDATE OF r SKIP LOCKED
    ) || ARRAY(
      SELECT r.ctid FROM @receivers JOIN @records AS r ON r.receiver = receivers.id
        AND r.arrived IS NULL AND r.rest < ${dayOf(`(${nowOnce} - ${lingering})`)}
        AND r.until <= ${nowOnce} - CASE WHEN r.answer IS NULL THEN ${lingering} ELSE interval '0' END
      LIMIT :limit FOR UPDATE OF r SKIP LOCKED
    ) || ARRAY(
      SELECT r.ctid FROM @receivers JOIN @records AS r ON r.receiver = receivers.id
        AND r.kind = 'dead' AND r.due <= ${nowOnce}
      LIMIT :limit FOR UPDATE OF r SKIP LOCKED
    ))`,

  wipe: `
    UPDATE @records SET kept = NULL, kept_until = NULL WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM @records WHERE kept_until <= ${nowOnce} LIMIT :limit FOR UPDATE SKIP LOCKED
    ))`,
};

/** The statements for one schema. */
export function statementsOf(settings: Pick<Settings, "schema" | "now" | "prepare">): Statements {
  const made = Object.entries(sql).map(([name, text]) => {
    // what people ask is rare, and is planned each time: a plan of a tiny table would read a large one from end to end
    const prepare = settings.prepare && !Object.hasOwn(looks, name);
    return [name, statement(text, { ...settings, prepare })];
  });
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
