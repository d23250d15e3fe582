/** What a handler writes with: its transaction's client, behind a door that closes with the handler. */
import { AnswerbackError } from "@answerback/core/backend";

/** A statement as an object. */
export interface PostgresQuery {
  /** SQL, with `$1` where the first value belongs. */
  readonly text: string;
  /** What is filled in, in order. */
  readonly values?: readonly unknown[] | undefined;
  /** Under this name it is parsed once a connection. */
  readonly name?: string | undefined;
}

/**
 * Writes in the transaction that settles the event: `query` is that of `pg`. It is begun and ended for you; BEGIN,
 * COMMIT and ROLLBACK reject, SAVEPOINT works.
 */
export interface PostgresDb {
  /**
   * Sends one statement. One that fails dooms the transaction, unless a savepoint was set before.
   *
   * @throws AnswerbackError `failed` for BEGIN, COMMIT or ROLLBACK, and for a statement after the handler's end; else the
   *   engine's own error.
   */
  query<Row extends object = any>(
    query: string | PostgresQuery,
    values?: readonly unknown[],
  ): Promise<{
    /** What it returns. */
    readonly rows: Row[];
    /** How many rows it returned or changed; `null` for a statement that has none. */
    readonly rowCount: number | null;
  }>;
}

/** What ends a transaction or begins one, where it is not hidden; what is, the end of the run finds out. */
const transactional =
  /^[\s;]*(begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!\s+(work\s+|transaction\s+)?to\b))\b/i;

/**
 * A client of `pg`, as far as it is needed here. No published declaration may name a type of `pg`: an app without
 * `@types/pg` would not compile.
 */
export interface Client {
  query(
    query: string | { readonly text: string; readonly query_timeout: number },
    values?: any[],
  ): Promise<{ readonly rows: any[]; readonly rowCount: number | null }>;
}

/** A client behind a door. */
export interface Door {
  /** Goes through it. */
  readonly db: PostgresDb;
  /** Shuts it: nothing goes through any more. */
  readonly close: () => void;
}

/** Lets what a handler writes through to its transaction's client. */
export function openDoor(client: Client): Door {
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
