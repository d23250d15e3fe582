/** What a handler writes with: its transaction's client, behind a door that closes with the handler. */
import { AnswerbackError } from "@answerback/core";
import type pg from "pg";

/** A statement as an object. */
export interface PostgresQuery {
  readonly text: string;
  readonly values?: readonly unknown[] | undefined;
  /** Prepared once a connection under this name. */
  readonly name?: string | undefined;
}

/**
 * Writes in the transaction that settles the event: `query` is that of `pg`. It is begun and ended for you; BEGIN,
 * COMMIT and ROLLBACK reject, SAVEPOINT works.
 */
export interface PostgresDb {
  /** One statement. A statement that failed dooms the transaction, unless a savepoint was set before. */
  query<Row extends object = any>(
    query: string | PostgresQuery,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[]; readonly rowCount: number | null }>;
}

/** What ends a transaction or begins one, where it is not hidden; what is, the end of the run finds out. */
const transactional =
  /^[\s;]*(begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!\s+(work\s+|transaction\s+)?to\b))\b/i;

/** The way through, and the way to shut it. */
export function openDoor(client: pg.ClientBase): { readonly db: PostgresDb; readonly close: () => void } {
  let isOpen = true;
  const db = {
    async query(query: string | PostgresQuery, ...rest: readonly unknown[]) {
      if (!isOpen) throw new AnswerbackError("failed", "the transaction is over: await every query in it");
      const text = typeof query === "string" ? query : query.text;
      const [, word] = transactional.exec(text) ?? [];
      if (word) throw new AnswerbackError("failed", `${word}: the transaction begins and ends by itself`);
      return client.query(query as string, ...(rest as [any[]?]));
    },
  };
  return { db, close: () => void (isOpen = false) };
}
