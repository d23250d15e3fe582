/** The public face of `@answerback/pg-boss`, every name by hand. */

export { pgBoss, type PgBossOptions } from "./pg-boss.ts";
