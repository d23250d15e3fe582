/** All or nothing: work inside one write transaction. */
import type { DatabaseSync } from "node:sqlite";

/** Runs it and commits. Throws what went wrong, when nothing is left of it. */
export function inTransaction<Value>(database: DatabaseSync, run: () => Value): Value {
  database.exec("BEGIN IMMEDIATE");
  try {
    const value = run();
    database.exec("COMMIT");
    return value;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Where SQLite has not done so itself, as it does when the disk is full. */
function rollBack(database: DatabaseSync): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // no transaction is open
  }
}
