/** The verbs as SQL, one atomic statement each, prepared once a file. */
import type { WorkKind } from "@answerback/core/backend";
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The statements of one open file. */
export type Statements = Readonly<Record<StatementName, StatementSync>>;

type StatementName =
  "open" | "claim" | "take" | "takeOne" | "save" | "linger" | "get" | "dead" | "nextDue" | "sweep";

/** An answer with nothing to be done, and a dead letter, are forgotten once `until` is past. */
const isForgotten = "until <= :now AND (died IS NOT NULL OR work IS NULL AND answer IS NOT NULL)";

const sql: Readonly<Record<StatementName, string>> = {
  open: "INSERT INTO receivers (name) VALUES (:name) ON CONFLICT DO UPDATE SET name = name RETURNING id, linger",

  /** What is free or forgotten, a forgotten one afresh. Its own token claims a free one again by looking. */
  claim: `
    INSERT INTO records (receiver, key, attempts, until, token, step, held)
    VALUES (:receiver, :key, 1, :until, :token, :sequence, 1)
    ON CONFLICT (receiver, key) DO UPDATE SET
      attempts = iif(${isForgotten}, 1, attempts + 1), note = iif(${isForgotten}, NULL, note), answer = NULL, work = NULL,
      died = NULL, until = :until, token = :token, step = :sequence, held = 1
    WHERE ${isForgotten} OR work IS NULL AND until <= :now AND token <> :token
    RETURNING attempts, note`,

  take: `
    UPDATE records SET attempts = attempts + 1, until = :until, token = :token, step = :sequence, held = 1
    WHERE id = (
      SELECT id FROM (
        SELECT * FROM (${longestDue("run")}) UNION ALL SELECT * FROM (${longestDue("post")})
      ) ORDER BY until LIMIT 1
    )
    RETURNING key, attempts, work, kind, answer, note`,

  takeOne: `
    UPDATE records SET
      attempts = attempts + 1, until = :until, token = :token, step = :sequence, held = 1,
      kind = iif(kind = 'dead', 'run', kind), died = NULL
    WHERE receiver = :receiver AND key = :key AND work IS NOT NULL AND NOT (${isForgotten})
      AND (until <= :now OR :early AND (died IS NOT NULL OR NOT held))
    RETURNING key, attempts, work, kind, answer, note`,

  save: `
    UPDATE records SET
      step = :sequence, answer = ifnull(:answer, answer), attempts = ifnull(:attempts, attempts),
      until = ifnull(:until, until), work = iif(:works, :work, work), kind = ifnull(:kind, kind), note = iif(:notes, :note, note),
      died = iif(ifnull(:kind, kind) = 'dead' AND iif(:works, :work, work) IS NOT NULL, ifnull(:died, died), NULL),
      held = held AND NOT :letsGo
    WHERE receiver = :receiver AND key = :key AND token = :token AND step < :sequence AND NOT (${isForgotten})
    RETURNING token, step, iif(work IS NULL, NULL, '') AS work, kind, until`,

  linger: "UPDATE receivers SET linger = :ms WHERE id = :receiver AND linger < :ms",

  get: `SELECT * FROM records WHERE receiver = :receiver AND key = :key AND NOT (${isForgotten})`,

  dead: `
    SELECT * FROM records
    WHERE receiver = :receiver AND died IS NOT NULL AND (died, key) < (:diedAt, :key) AND until > :now
    ORDER BY died DESC, key DESC LIMIT :limit`,

  nextDue: `
    SELECT min(until) AS until FROM records
    WHERE receiver = :receiver AND work IS NOT NULL AND kind = :kind`,

  sweep: `
    DELETE FROM records WHERE id IN (
      SELECT records.id FROM receivers CROSS JOIN records
      ON records.receiver = receivers.id AND work IS NULL AND until < :now - linger
      UNION ALL
      SELECT records.id FROM receivers CROSS JOIN records
      ON records.receiver = receivers.id AND work IS NOT NULL AND kind = 'dead' AND until <= :now
      LIMIT :limit
    )`,
};

/** What has been due longest of one kind, where that or any kind is asked for. */
function longestDue(kind: WorkKind): string {
  return `
    SELECT id, until FROM records
    WHERE receiver = :receiver AND work IS NOT NULL AND kind = '${kind}' AND until <= :now
      AND ifnull(:kind, '${kind}') = '${kind}'
    ORDER BY until LIMIT 1`;
}

/** Prepares them all. */
export function prepareStatements(database: DatabaseSync): Statements {
  const prepared = Object.entries(sql).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(prepared) as Statements;
}
