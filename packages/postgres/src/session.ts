/** What the verbs of one receiver work with, and how they ask the engine. */
import type pg from "pg";
import type { Settings } from "./options.ts";
import type { ItemStatementName, StatementName, Statements, Values } from "./statements.ts";

/** One receiver's share of a database in use. */
export interface Session {
  /** Sends a statement. */
  readonly ask: Ask;
  /** Sends an item in a statement that it may share with others. */
  readonly askTogether: AskTogether;
  /** For who sends one of them on a connection of their own. */
  readonly statements: Statements;
  /** The options of the backend. */
  readonly settings: Settings;
  /** Where handlers' transactions run. */
  readonly handlers: pg.Pool;
  /** The receiver's number in the database. */
  readonly receiver: number;
  /** How long a free record was kept when the receiver was opened: ms. */
  readonly lingerMs: number;
}

/** Asks the engine, on one of the verbs' connections. */
export type Ask = (name: StatementName, values: Values) => Promise<Answer>;

/** Asks the engine for one of several items; resolves to the item's row, `undefined` where it has none. */
export type AskTogether = (name: ItemStatementName, item: Item) => Promise<any>;

/** One of several that are asked for in one statement; its row is found by its key. */
export type Item = Values & {
  /** The receiver's number; the same for all that share a statement. */
  readonly receiver: number;
  /** The key of the item's record. */
  readonly key: string;
};

/** What the engine said. */
export interface Answer {
  /** What the statement returned. */
  readonly rows: readonly any[];
  /** How many rows it returned or changed. */
  readonly rowCount: number | null;
}
