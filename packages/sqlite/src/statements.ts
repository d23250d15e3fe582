/** The verbs as SQL, one atomic statement each, prepared once a file. */
import type { WorkKind } from "@answerback/core/backend";
import type { DatabaseSync } from "node:sqlite";
import { prepare, thorough, type Statement } from "./prepare.ts";

/** The statements of one open file. */
export type Statements = Readonly<Record<StatementName, Statement>>;

type StatementName =
  | "open"
  | "receivers"
  | "claim"
  | "take"
  | "takeOne"
  | "save"
  | "erase"
  | "linger"
  | "get"
  | "nextDue"
  | "sweep"
  | "wipe";

/** An answer with nothing to be done, and a dead letter, are forgotten once `until` is past. */
export const isForgotten = "until <= :now AND (died IS NOT NULL OR work IS NULL AND answer IS NOT NULL)";

/** What has no work is in one of two indexes, by these words: what is listed and has no answer, and all the rest. */
export const isUnanswered = "work IS NULL AND answer IS NULL AND arrived IS NOT NULL";
export const isRest = "work IS NULL AND (answer IS NOT NULL OR arrived IS NULL)";

/** The table of `Backend`, for a record that was not forgotten. */
export const stateOf = `
  CASE
    WHEN work IS NULL AND answer IS NOT NULL THEN 'settled'
    WHEN work IS NOT NULL AND kind IN ('dead', 'paused') THEN kind
    WHEN until <= :now THEN iif(work IS NULL, 'free', 'due')
    ELSE iif(held, 'held', 'waiting')
  END`;

const sql: Readonly<Record<StatementName, string>> = {
  receivers: `
    SELECT name FROM receivers WHERE EXISTS (SELECT 1 FROM records WHERE receiver = receivers.id) ORDER BY name`,

  open: "INSERT INTO receivers (name) VALUES (:name) ON CONFLICT DO UPDATE SET name = name RETURNING id, linger",

  /** What is free or forgotten, a forgotten one afresh. Its own token claims a free one again by looking. */
  claim: `
    INSERT INTO records (receiver, key, attempts, until, token, step, held, arrived, name, subject)
    VALUES (:receiver, :key, 1, :until, :token, :sequence, 1, :arrived, :name, :subject)
    ON CONFLICT (receiver, key) DO UPDATE SET
      attempts = iif(${isForgotten}, 1, attempts + 1), note = iif(${isForgotten}, NULL, note), answer = NULL, work = NULL,
      died = NULL, until = :until, token = :token, step = :sequence, held = 1, kept = iif(${isForgotten}, NULL, kept),
      arrived = iif(${isForgotten} OR arrived IS NULL, :arrived, arrived),
      name = iif(${isForgotten} OR arrived IS NULL, :name, name),
      subject = iif(${isForgotten} OR arrived IS NULL, :subject, ifnull(subject, :subject))
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
      work = ifnull(work, kept), kind = iif(work IS NULL OR kind IN ('dead', 'paused'), 'run', kind), died = NULL
    WHERE receiver = :receiver AND key = :key AND NOT (${isForgotten}) AND CASE ${stateOf}
      WHEN 'due' THEN ifnull(:early, 'any') = 'any'
      WHEN 'settled' THEN :early IN ('any', 'settled') AND kept IS NOT NULL AND kept_until > :now
      WHEN 'held' THEN 0
      ELSE :early IN ('any', ${stateOf}) AND work IS NOT NULL
    END
    RETURNING key, attempts, work, kind, answer, note`,

  save: `
    UPDATE records SET
      step = :sequence, answer = ifnull(:answer, answer), attempts = ifnull(:attempts, attempts),
      until = ifnull(:until, until), work = iif(:works, :work, work), kind = ifnull(:kind, kind), note = iif(:notes, :note, note),
      died = iif(ifnull(:kind, kind) = 'dead' AND iif(:works, :work, work) IS NOT NULL, ifnull(:died, died), NULL),
      held = held AND NOT :letsGo, kept = iif(:keptUntil IS NULL, kept, :kept), kept_until = ifnull(:keptUntil, kept_until)
    WHERE receiver = :receiver AND key = :key AND token = :token AND step < :sequence AND NOT (${isForgotten})
    RETURNING token, step, iif(work IS NULL, NULL, '') AS work, kind, until`,

  /** Nobody has the empty token. */
  erase: `
    UPDATE records SET
      answer = iif(work IS NULL AND answer IS NULL, NULL, :answer), until = iif(work IS NULL, until, :until),
      token = '', note = NULL, work = NULL, died = NULL, subject = NULL, kept = NULL
    WHERE receiver = :receiver AND key = :key AND NOT (${isForgotten}) AND ${stateOf} <> 'held'
    RETURNING 1`,

  linger: "UPDATE receivers SET linger = :ms WHERE id = :receiver AND linger < :ms",

  get: `SELECT * FROM records WHERE receiver = :receiver AND key = :key AND NOT (${isForgotten})`,

  nextDue: `
    SELECT min(until) AS until FROM records
    WHERE receiver = :receiver AND work IS NOT NULL AND kind = :kind`,

  sweep: `
    DELETE FROM records WHERE id IN (
      SELECT records.id FROM receivers CROSS JOIN records INDEXED BY rest
      ON records.receiver = receivers.id AND ${isRest} AND until < :now - linger
      UNION ALL
      SELECT records.id FROM receivers CROSS JOIN records INDEXED BY unanswered
      ON records.receiver = receivers.id AND ${isUnanswered} AND arrived < :now - linger AND until < :now - linger
      UNION ALL
      SELECT records.id FROM receivers CROSS JOIN records
      ON records.receiver = receivers.id AND work IS NOT NULL AND kind = 'dead' AND until <= :now
      LIMIT :limit
    )`,

  wipe: `
    UPDATE records SET kept = NULL WHERE id IN (
      SELECT id FROM records WHERE kept IS NOT NULL AND kept_until <= :now LIMIT :limit
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

/** Prepares them all. What takes texts away is thorough. */
export function prepareStatements(database: DatabaseSync): Statements {
  const prepared = Object.entries(sql).map(([name, text]) => [name, prepare(database, text)]);
  const statements = Object.fromEntries(prepared) as Statements;
  return {
    ...statements,
    erase: thorough(database, statements.erase),
    sweep: thorough(database, statements.sweep),
    wipe: thorough(database, statements.wipe),
  };
}
