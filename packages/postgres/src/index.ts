/** The public face of `@answerback/postgres`, every name by hand. */

export { postgres } from "./postgres.ts";
export type { PostgresOptions, PostgresPool } from "./options.ts";
export type { PostgresDb, PostgresQuery } from "./db.ts";
export { schemaSql } from "./schema.ts";
