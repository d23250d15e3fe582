/** The public face of `@answerback/sqlite`, every name by hand. */

export { sqlite, type SqliteOptions } from "./sqlite.ts";
