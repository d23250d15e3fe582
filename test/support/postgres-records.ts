/** Records in a schema of the test file's own, on the engine's clock with an offset, and the shortest way to put something there. */
import { randomUUID } from "node:crypto";
import type { About, Change, Records } from "@answerback/core/backend";
import { postgres, type PostgresOptions } from "@answerback/postgres";
import pg from "pg";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { engineOf } from "./engines.ts";

export const day = 86_400_000;
export const settle = { answer: '"done"', work: null, forMs: day };

/** A schema, and what is done with it beside the backend. */
export interface TestSchema {
  readonly schema: string;
  /** What every backend in the schema is opened with. */
  readonly options: () => PostgresOptions;
  /** By hand, on a connection of the test's own. */
  readonly query: (text: string, values?: unknown[]) => Promise<pg.QueryResult>;
  readonly advance: (ms: number) => Promise<void>;
  /** Leaves no record and no receiver. */
  readonly empty: () => Promise<void>;
}

/** A schema until the tests beside it are over. */
export function schemaOfFile(url: () => string = () => engineOf("postgres").at): TestSchema {
  const schema = `answerback_${randomUUID()}`;
  const clock = `"${schema} clock"`;
  let pool: pg.Pool | undefined;

  async function query(text: string, values?: unknown[]): Promise<pg.QueryResult> {
    pool ??= poolOf(url());
    return pool.query(text, values);
  }

  beforeAll(async () => void (await query(`CREATE TABLE ${clock} AS SELECT interval '0' AS ahead`)));
  afterAll(async () => {
    await query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await query(`DROP TABLE ${clock}`);
    await pool?.end();
  });

  return {
    schema,
    query,
    options: () => ({
      url: url(),
      schema,
      now: `(clock_timestamp() + (SELECT ahead FROM ${clock}))`,
    }),
    advance: async (ms) =>
      void (await query(`UPDATE ${clock} SET ahead = ahead + $1 * interval '1 ms'`, [ms])),
    async empty() {
      const { rows } = await query("SELECT to_regclass($1) AS there", [`"${schema}".records`]);
      if (rows[0].there) await query(`TRUNCATE "${schema}".records, "${schema}".receivers`);
    },
  };
}

/** Its server may be killed while a connection is idle: without a listener that would end the process. */
function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on("error", () => {});
  return pool;
}

/** A receiver's records until the test is finished. */
export async function opened(options: PostgresOptions, receiver: string = randomUUID()) {
  const backend = postgres(options);
  onTestFinished(() => backend.close());
  return { backend, records: (await backend.open(receiver)) as Required<Records<any>> };
}

/** Holds under a token that is the key: one holder a record is enough here. */
export function lease(token: string, sequence = 0) {
  return { token, sequence, leaseMs: 60_000 };
}

/** What a delivery and its handler do. */
export async function claimAndSave(
  records: Records<any>,
  key: string,
  change: Change,
  about?: About,
): Promise<void> {
  await records.claim(key, lease(key), about);
  await records.save(key, lease(key, 1), change);
}

export function keysOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `key ${index}`);
}
