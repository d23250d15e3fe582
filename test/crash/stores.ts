/** The engines, each with a way to make an empty place, to put its clock forward, and to leave nothing behind. */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import pg from "pg";
import { engineOf } from "../support/engines.ts";
import { removeAll } from "../support/redis-store.ts";
import { temporaryFile } from "../support/sqlite-file.ts";
import type { Place } from "./places.ts";

/** A place, in the hands of a test. */
export interface Store {
  readonly place: Place;
  /** Puts the engine's clock forward, for all processes at once. */
  advance(ms: number): Promise<void>;
  /** What the clock of the processes says, which is the engine's where that has no other: ms since the epoch. */
  now(): number;
  /** What handlers wrote in transactions: a line for each row. */
  rows(): Promise<readonly string[]>;
  destroy(): Promise<void>;
}

export type CrashEngine = Place["engine"];

/** Makes an empty place. */
export const stores: Record<CrashEngine, () => Promise<Store>> = {
  sqlite: async () => aside(({ file }) => ({ engine: "sqlite", file })),
  async redis() {
    const url = engineOf("redis").at;
    const prefix = `test-${randomUUID()}`;
    const store = aside(() => ({ engine: "redis", url, prefix }));
    const destroy = async () => {
      await store.destroy();
      await removeAll(url, prefix);
    };
    return { ...store, destroy };
  },
  postgres: createPostgresStore,
};

type Anywhere = Pick<Place, "ledger" | "ahead">;
type At = Place extends infer One ? (One extends Place ? Omit<One, keyof Anywhere> : never) : never;

/** A folder, and a clock in it. */
function aside(at: (folder: { readonly file: string }) => At): Store {
  const { file, destroy } = temporaryFile();
  const ahead = `${file}.ahead`;
  let aheadMs = 0;
  writeFileSync(ahead, "0");
  const place: Place = { ...at({ file }), ledger: `${file}.ledger`, ahead };
  return {
    place,
    // in one write, so that nobody reads the half of it
    advance: async (ms) => writeFileSync(ahead, `${(aheadMs += ms)}`),
    now: () => Date.now() + (place.engine === "sqlite" ? aheadMs : 0),
    rows: async () => [],
    destroy,
  };
}

/** In a schema of its own, with a table for handlers, on a clock that is a row. */
async function createPostgresStore(): Promise<Store> {
  const url = engineOf("postgres").at;
  const schema = `crash_${randomUUID()}`;
  const [clock, rows] = [`"${schema} clock"`, `"${schema} rows"`];
  const now = `(clock_timestamp() + (SELECT ahead FROM ${clock}))`;
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  // a suite kills the server while the connection is idle
  pool.on("error", () => {});
  await pool.query(`CREATE TABLE ${clock} AS SELECT interval '0' AS ahead`);
  await pool.query(`CREATE TABLE ${rows} (receiver text, id text)`);
  const store = aside(() => ({ engine: "postgres", url, schema, now, rows }));
  return {
    ...store,
    advance: async (ms) =>
      void (await pool.query(`UPDATE ${clock} SET ahead = ahead + $1 * interval '1 ms'`, [ms])),
    rows: async () =>
      (await pool.query(`SELECT * FROM ${rows}`)).rows.map(({ receiver, id }) => `${receiver} ${id}`),
    async destroy() {
      await pool.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
      await pool.query(`DROP TABLE ${clock}, ${rows}`);
      await pool.end();
      await store.destroy();
    },
  };
}
