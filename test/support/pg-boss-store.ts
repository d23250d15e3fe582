/** Records in Postgres whose work pg-boss hands out, from a schema that nobody else has. */
import { randomUUID } from "node:crypto";
import type { Backend } from "@answerback/core/backend";
import { pgBoss, type PgBossOptions } from "@answerback/pg-boss";
import { postgres } from "@answerback/postgres";
import { afterAll } from "vitest";
import { engineOf } from "./engines.ts";
import { schemaOfFile, type TestSchema } from "./postgres-records.ts";

/** Where the records of a test file are, and their keys. */
export interface CarriedSchema extends TestSchema {
  /** What every pg-boss of the file is opened with. */
  readonly engine: () => PgBossOptions;
  /** A client with the records and the queues on it, as another process would have one. */
  readonly open: (options?: Partial<PgBossOptions>) => Backend;
}

/** Both schemas until the tests beside it are over. */
export function carriedSchemaOfFile(): CarriedSchema {
  const records = schemaOfFile();
  const schema = `pgboss_${randomUUID().replaceAll("-", "")}`;
  const engine = () => ({ connectionString: engineOf("postgres").at, schema });
  afterAll(async () => void (await records.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)));
  return {
    ...records,
    engine,
    // the laws know nothing of what a handler writes with
    open: (options = {}) => pgBoss(postgres(records.options()), { ...engine(), ...options }) as Backend,
  };
}
