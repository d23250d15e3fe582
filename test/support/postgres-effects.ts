/** A handler's own table beside the records, what it writes there, and the saves that end its run. */
import type { Change, Records, Saving } from "@answerback/core/backend";
import type { PostgresDb, PostgresOptions } from "@answerback/postgres";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { lease, opened, schemaOfFile, settle } from "./postgres-records.ts";

/** In the words of `pg`, or of the system. */
export const cutOff = /connection|terminat|ECONNRESET|EPIPE/i;

/** A schema and a table until the tests beside it are over; the table is empty before each. */
export function effectsOfFile() {
  const file = schemaOfFile();
  const { options, query } = file;
  const effects = `"${file.schema} effects"`;

  beforeAll(
    async () =>
      void (await query(`CREATE TABLE ${effects} (what text UNIQUE DEFERRABLE INITIALLY DEFERRED)`)),
  );
  afterAll(async () => void (await query(`DROP TABLE ${effects}`)));
  beforeEach(async () => void (await query(`DELETE FROM ${effects}`)));

  /** What a handler writes. */
  const write = (db: PostgresDb, what = "written") => db.query(`INSERT INTO ${effects} VALUES ($1)`, [what]);

  const written = async () =>
    (await query(`SELECT what FROM ${effects} ORDER BY what`)).rows.map(({ what }) => what);

  /** Records with one that is held. */
  async function held(more: Partial<PostgresOptions> = {}) {
    const subject = await opened({ ...options(), ...more });
    await subject.records.claim("key", lease("key"));
    return subject;
  }

  async function expectNothing(records: Pick<Records, "get">): Promise<void> {
    expect(await written()).toEqual([]);
    expect((await records.get("key"))?.answer).toBe(null);
  }

  return { ...file, write, written, held, expectNothing };
}

export function saving(key: string, change: Change = settle, sequence = 1): Saving {
  return { key, lease: lease(key, sequence), change };
}
