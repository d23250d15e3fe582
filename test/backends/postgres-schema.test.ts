/** postgres's schema: who makes it, when several start at once, under which names, and how it grows up. */
import { randomUUID } from "node:crypto";
import { OptionError, type OptionErrorCode } from "@answerback/core";
import { postgres, schemaSql, type PostgresOptions } from "@answerback/postgres";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { migrate, migrations } from "../../packages/postgres/src/schema.ts";
import { describeWith, engineOf } from "../support/engines.ts";
import { day, lease, opened, settle } from "../support/postgres-records.ts";
import { forkTool, heard } from "../support/sqlite-file.ts";

/** A client of the test's own, and a schema that is gone after it. */
async function fresh(name = `answerback_${randomUUID()}`) {
  const client = new pg.Client({ connectionString: engineOf("postgres").at });
  await client.connect();
  const quoted = client.escapeIdentifier(name);
  onTestFinished(async () => {
    await client.query(`DROP SCHEMA IF EXISTS ${quoted} CASCADE`);
    await client.end();
  });
  return { client, schema: name, quoted, options: { url: engineOf("postgres").at, schema: name } };
}

describeWith("postgres")("the schema in Postgres", () => {
  test("is made once by ten that start at the same time", async () => {
    const { options, client, quoted } = await fresh();
    await Promise.all(Array.from({ length: 10 }, () => opened(options, "receiver")));
    const { rows } = await client.query(`SELECT count(*)::int AS receivers FROM ${quoted}.receivers`);
    expect(rows).toEqual([{ receivers: 1 }]);
  });

  test("is not made by whoever asks for the receivers", async () => {
    const { options, client, schema } = await fresh();
    const backend = postgres(options);
    onTestFinished(() => backend.close());
    expect(await backend.receivers?.()).toEqual([]);
    const { rowCount } = await client.query("SELECT FROM pg_namespace WHERE nspname = $1", [schema]);
    expect(rowCount).toBe(0);
    await opened(options, "receiver");
    expect(await backend.receivers?.()).toEqual(["receiver"]);
  });

  test("from three processes that start at once, of fifty claims of a key one wins", async () => {
    const { options } = await fresh();
    const others = [1, 2, 3].map(() => forkTool("postgres-claimer.ts", [options.url, options.schema]));
    expect(await Promise.all(others.map(heard))).toEqual(["open", "open", "open"]);
    const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`);
    const won = others.map(heard);
    for (const other of others) other.send(Array.from({ length: 17 }, () => keys).flat());
    const winners = (await Promise.all(won)).flat();
    expect(new Set(winners)).toEqual(new Set(keys));
    expect(winners).toHaveLength(keys.length);
  });

  test.each(["with \"quotes\" and 'more'", "Ünïcode; DROP TABLE x --", "UPPER", "a:key::b @now $1"])(
    "may have any name: %s",
    async (name) => {
      const { options } = await fresh(`${name} ${randomUUID().slice(0, 8)}`);
      const { records } = await opened(options);
      expect((await records.claim("key", lease("key"))).state).toBe("claimed");
      expect(
        await records.run(async () => [{ key: "key", lease: lease("key", 1), change: { forMs: 0 } }]),
      ).toBe(true);
    },
  );

  test("compares keys and names byte by byte, whatever the database's language", async () => {
    const { options, client, schema } = await fresh();
    await opened(options);
    const { rows } = await client.query(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = $1 AND collation_name = 'C' ORDER BY 1`,
      [schema],
    );
    expect(rows.map(({ name }) => name)).toEqual([
      "receivers.name",
      "records.id",
      "records.key",
      "records.name",
    ]);
  });

  test("two schemas share nothing", async () => {
    const [one, two] = [await fresh(), await fresh()];
    const records = await Promise.all(
      [one, two].map(async ({ options }) => (await opened(options, "same")).records),
    );
    await records[0]!.claim("key", lease("key"));
    expect(await records[1]!.get("key")).toBeUndefined();
  });

  test("of an older version is brought to the newest, with what is in it", async () => {
    const { options, client, schema, quoted } = await fresh();
    await (await opened(options)).records.claim("key", lease("key"));
    const newer = [
      ...migrations,
      "ALTER TABLE records ADD COLUMN extra text",
      "UPDATE records SET extra = key",
    ];
    for (const _twice of [1, 2]) await migrate(client, schema, newer);
    const { rows } = await client.query(`SELECT key, extra FROM ${quoted}.records`);
    expect(rows).toEqual([{ key: "key", extra: "key" }]);
  });

  test("of version 1 keeps every state of a record, and stops the processes that knew no later one", async () => {
    const { options, client, schema, quoted } = await fresh();
    await migrate(client, schema, migrations.slice(0, 1));
    await client.query(
      `INSERT INTO ${quoted}.receivers (name) VALUES ('receiver');
       INSERT INTO ${quoted}.records (receiver, key, attempts, step, held, token, note, until, answer, work)
       SELECT id, one.* FROM ${quoted}.receivers, (VALUES
         ('held', 1, 0, true, 'held', NULL, now() + interval '1 minute', NULL, NULL),
         ('free', 3, 1, true, 'free', '"why"', now() - interval '1 day', NULL, NULL),
         ('due', 1, 1, true, 'due', NULL, now() - interval '1 hour', '"later"', '"event"'),
         ('waiting', 1, 1, false, 'waiting', NULL, now() + interval '1 hour', '"later"', '"event"'),
         ('dead', 8, 9, true, 'dead', '"why"', NULL, '"later"', '"event"'),
         ('settled', 1, 1, true, 'settled', NULL, now() + interval '1 day', '"done"', NULL),
         ('forgotten', 1, 1, true, 'forgotten', NULL, now() - interval '30 days', '"done"', NULL)
       ) AS one`,
    );
    const { records } = await opened(options, "receiver");
    expect(await records.claim("held", lease("x"))).toMatchObject({ state: "held" });
    expect(await records.save("held", lease("held", 1), settle)).toBe(true);
    expect(await records.claim("free", lease("x"))).toEqual({ state: "claimed", attempts: 4, note: '"why"' });
    expect(await records.claim("settled", lease("x"))).toEqual({ state: "settled", answer: '"done"' });
    expect(await records.claim("forgotten", lease("x"))).toMatchObject({ state: "claimed", attempts: 1 });
    expect((await records.due(10)).map(({ key }) => key)).toEqual(["due"]);
    expect(await records.take(lease("x"))).toMatchObject({ key: "due", attempts: 2, work: '"event"' });
    expect(await records.take(lease("x"))).toBeUndefined();
    expect(await records.take(lease("x"), { key: "waiting", early: true })).toMatchObject({ key: "waiting" });
    const dead = async () => (await records.list({ state: "dead", limit: 10 })).entries;
    const [letter, ...rest] = await dead();
    expect([letter, rest]).toMatchObject([{ key: "dead", note: '"why"', answer: '"later"' }, []]);
    expect(Math.abs(letter!.diedAt! - Date.now())).toBeLessThan(60_000);
    expect(Math.abs(letter!.forMs - 30 * day)).toBeLessThan(60_000);
    expect(await records.take(lease("x"), { key: "dead", early: true })).toMatchObject({ attempts: 9 });
    expect(await dead()).toEqual([]);
    const burying = client.query(`UPDATE ${quoted}.records SET until = NULL`);
    await expect(burying).rejects.toThrow(/until/);
    const before = client.query(`UPDATE ${quoted}.records SET step = 2, work = '"event"'`);
    await expect(before).rejects.toThrow(/step/);
  });

  test("of version 1 is swept by and by, and what has work, or had no end, is left", async () => {
    const { options, client, schema, quoted } = await fresh();
    await migrate(client, schema, migrations.slice(0, 1));
    await client.query(
      `INSERT INTO ${quoted}.receivers (name) VALUES ('receiver');
       INSERT INTO ${quoted}.records (receiver, key, attempts, step, held, token, until, answer, work)
       SELECT id, one.* FROM ${quoted}.receivers, (VALUES
         ('due', 1, 1, true, '', now(), '1', '1'), ('dead', 1, 1, true, '', NULL, '1', '1'),
         ('for ever', 1, 1, true, '', NULL, '1', NULL), ('settled', 1, 1, true, '', now(), '1', NULL)
       ) AS one`,
    );
    await (await opened(options)).backend.close();
    await opened({ ...options, now: "(clock_timestamp() + interval '9 days')" });
    const keys = async () => (await client.query(`SELECT key FROM ${quoted}.records ORDER BY key`)).rows;
    await expect.poll(keys).toEqual([{ key: "dead" }, { key: "due" }, { key: "for ever" }]);
  });

  test("of version 3 lists what has an answer or work, by the name that its work tells, as if it had arrived now", async () => {
    const { options, client, schema, quoted } = await fresh();
    await migrate(client, schema, migrations.slice(0, 3));
    const event = (type: string, data: unknown = {}) =>
      JSON.stringify({ kind: "event", event: { type, data } });
    const post = JSON.stringify({
      kind: "post",
      post: { kind: "event", name: "no" },
      type: "*",
      name: "posted",
    });
    let deep: unknown = 1;
    for (let level = 0; level < 2_000; level += 1) deep = [deep];
    const works: Record<string, [state: string, work: string, name: string | null]> = {
      due: ["due", event("contact.create"), '"contact.create"'],
      waiting: ["waiting", event('with "quotes" \\'), JSON.stringify('with "quotes" \\')],
      dead: ["dead", event("Grüße 東京"), '"Grüße 東京"'],
      posting: ["held", post, '"posted"'],
      odd: ["due", event("odd", "\u0000 \\u0000 \ud800 \udfff"), '"odd"'],
      deep: ["due", event("deep", deep), '"deep"'],
      long: ["due", event("x".repeat(1_000)), null],
      malformed: ["dead", '{"kind":"malformed","body":{"kind":"event","event":{"type":"no"}}}', null],
      text: ["due", '"event"', null],
      number: ["due", "1", null],
    };
    await client.query(`INSERT INTO ${quoted}.receivers (name) VALUES ('receiver')`);
    for (const [key, [state, work]] of Object.entries(works))
      await client.query(
        `INSERT INTO ${quoted}.records (receiver, key, attempts, sequence, held, token, until, due, kind, died, answer, work)
         SELECT id, $1, 1, 1, $2 <> 'waiting', '', until, until, CASE WHEN $2 = 'dead' THEN 'dead' ELSE 'run' END,
           CASE WHEN $2 = 'dead' THEN 1 END, CASE WHEN $1 <> 'due' THEN '"answer"' END, $3
         FROM ${quoted}.receivers, (SELECT now() + CASE WHEN $2 = 'due' THEN -1 ELSE 1 END * interval '1 hour' AS until) AS times`,
        [key, state, work],
      );
    await client.query(
      `INSERT INTO ${quoted}.records (receiver, key, attempts, sequence, held, token, note, until, rest, answer)
       SELECT id, one.key, 1, 1, true, one.key, '"note"', now() + hours * interval '1 hour', current_date, answer FROM ${quoted}.receivers,
         (VALUES ('settled', 1, '"done"'), ('forgotten', -1, '"done"'), ('entity', -1, NULL), ('held now', 1, NULL)) AS one (key, hours, answer)`,
    );
    const { records } = await opened(options, "receiver");
    const { entries } = await records.list({ limit: 100 });
    const found = Object.fromEntries(entries.map(({ key, state, name, id }) => [key, [state, name, id]]));
    expect(found).toEqual({
      ...Object.fromEntries(
        Object.entries(works).map(([key, [state, , name]]) => [key, [state, name, null]]),
      ),
      settled: ["settled", null, null],
    });
    expect(Math.max(...entries.map(({ arrivedAt }) => Math.abs(arrivedAt! - Date.now())))).toBeLessThan(
      60_000,
    );
    expect((await records.list({ name: '"posted"', limit: 10 })).entries.map(({ key }) => key)).toEqual([
      "posting",
    ]);
    const [posting] = entries.filter(({ key }) => key === "posting");
    expect(posting?.work).toBe(post);
    for (const key of ["entity", "held now"])
      expect(await records.get(key)).toMatchObject({ key, note: '"note"', arrivedAt: null, name: null });
    expect(await records.save("held now", lease("held now", 2), settle)).toBe(true);
    expect((await records.stats(100)).counts).toMatchObject({
      due: 6,
      dead: 2,
      settled: 1,
      held: 1,
      waiting: 1,
    });
    await records.claim("new", lease("new"), { name: '"new"', id: null });
    const { rows } = await client.query(
      `SELECT key FROM ${quoted}.records WHERE arrived IS NULL ORDER BY key`,
    );
    expect(rows.map(({ key }) => key)).toEqual(["entity", "held now"]);
  });

  test("of version 3 goes on for the processes that know no later one: what they claim is not listed", async () => {
    const { options, client, schema, quoted } = await fresh();
    await migrate(client, schema, migrations.slice(0, 3));
    await client.query(`INSERT INTO ${quoted}.receivers (name) VALUES ('receiver')`);
    const { records } = await opened(options, "receiver");
    await client.query(
      `INSERT INTO ${quoted}.records (receiver, key, attempts, until, token, sequence, held, rest)
       SELECT id, 'key', 1, now() + interval '1 minute', 'key', 0, true, current_date FROM ${quoted}.receivers`,
    );
    expect(await records.save("key", lease("key", 1), settle)).toBe(true);
    expect(await records.claim("key", lease("x"))).toEqual({ state: "settled", answer: '"done"' });
    expect((await records.list({ limit: 10 })).entries).toEqual([]);
  });

  test("stays as it was when a step fails, and the next one makes it", async () => {
    const { options, client, schema } = await fresh();
    await expect(migrate(client, schema, [...migrations, "nonsense"])).rejects.toThrow(/syntax error/);
    await client.query("ROLLBACK");
    const { records } = await opened(options);
    expect((await records.claim("key", lease("key"))).state).toBe("claimed");
  });

  test("of a newer version is refused, and an open that was refused can be tried again", async () => {
    const { options, client, quoted } = await fresh();
    const { backend } = await opened(options, "receiver");
    await backend.close();
    await client.query(`INSERT INTO ${quoted}.versions VALUES (99)`);
    await expect(backend.open("receiver")).rejects.toThrow(
      /is of version 99, and this .* knows \d+: update it/,
    );
    await client.query(`DELETE FROM ${quoted}.versions WHERE version = 99`);
    await (await backend.open("receiver")).close();
  });

  test("with tables of somebody else's is refused, and left as it was", async () => {
    const { options, client, quoted } = await fresh();
    await client.query(`CREATE SCHEMA ${quoted}; CREATE TABLE ${quoted}.records (id integer)`);
    await expect(postgres(options).open("receiver")).rejects.toThrow(
      /^postgres: schema: .*not ours: give Answerback a schema/,
    );
    const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = $1", [
      options.schema,
    ]);
    expect(rows).toEqual([{ tablename: "records" }]);
  });

  test("that the role may not make is refused with the cure, and the cure works", async () => {
    const { options, client, schema, quoted } = await fresh();
    const role = `answerback_${randomUUID()}`;
    await client.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'secret of the role'`);
    onTestFinished(async () => {
      await client.query(
        `DROP SCHEMA IF EXISTS ${quoted} CASCADE; DROP OWNED BY "${role}"; DROP ROLE "${role}"`,
      );
    });
    const url = Object.assign(new URL(options.url), { username: role, password: "secret of the role" }).href;
    const refusal = await postgres({ url, schema })
      .open("receiver")
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OptionError);
    expect(String(refusal)).toMatch(/permission denied .*schemaSql\("answerback_.*grant this role USAGE/);
    await client.query(schemaSql(schema));
    await client.query(
      `GRANT USAGE ON SCHEMA ${quoted} TO "${role}";
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quoted} TO "${role}"`,
    );
    // with a pool, whose password is hidden from who copies its options
    const pool = new pg.Pool({ connectionString: options.url, user: role, password: "secret of the role" });
    onTestFinished(() => pool.end());
    for (const by of [{ url }, { pool }]) {
      const { records } = await opened({ ...by, schema });
      expect((await records.claim("key", lease("key"))).state).toBe("claimed");
      expect(
        await records.save("key", lease("key", 1), { work: null, answer: "1", forMs: 2_000_000_000 }),
      ).toBe(true);
    }
  });

  test("of an older version that the role may not change is refused with the cure, and the cure works", async () => {
    const { options, client, schema, quoted } = await fresh();
    await migrate(client, schema, migrations.slice(0, 1));
    const role = `answerback_${randomUUID()}`;
    await client.query(
      `CREATE ROLE "${role}" LOGIN; GRANT USAGE ON SCHEMA ${quoted} TO "${role}";
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quoted} TO "${role}"`,
    );
    onTestFinished(async () => void (await client.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`)));
    const url = Object.assign(new URL(options.url), { username: role }).href;
    await expect(postgres({ url, schema }).open("receiver")).rejects.toThrow(
      /must be owner .*schemaSql\("answerback_.*", 1\) gives/,
    );
    await client.query(schemaSql(schema, 1));
    const { records } = await opened({ url, schema });
    expect((await records.claim("key", lease("key"))).state).toBe("claimed");
  });

  test("may be a schema that is there, for a role that may create in it alone", async () => {
    const { options, client, schema, quoted } = await fresh();
    const role = `answerback_${randomUUID()}`;
    await client.query(`CREATE ROLE "${role}" LOGIN; CREATE SCHEMA ${quoted} AUTHORIZATION "${role}"`);
    onTestFinished(
      async () => void (await client.query(`DROP OWNED BY "${role}" CASCADE; DROP ROLE "${role}"`)),
    );
    const { records } = await opened({
      url: Object.assign(new URL(options.url), { username: role }).href,
      schema,
    });
    expect((await records.claim("key", lease("key"))).state).toBe("claimed");
  });
});

describe("options of postgres()", () => {
  const url = "postgres://127.0.0.1/nowhere";

  test.each<[string, unknown, OptionErrorCode, RegExp]>([
    ["no url", undefined, "missing", /^postgres: url: .*give postgres:/],
    ["an empty url", "", "empty", /^postgres: url: .*give postgres:/],
    ["a url of something else", "localhost:5432", "invalid", /^postgres: url: it does not begin with/],
    [
      "both",
      { url, pool: { options: {}, connect: () => {} } },
      "conflict",
      /^postgres: url: give it or a pool, not both/,
    ],
    [
      "a pool and its size",
      { pool: { connect: () => {} }, transactions: 3 },
      "conflict",
      /^postgres: transactions: your pool has its own/,
    ],
    ["an empty schema", { url, schema: "" }, "empty", /^postgres: schema: it is empty/],
    [
      "a schema too long to be kept apart",
      { url, schema: "ä".repeat(32) },
      "invalid",
      /^postgres: schema: .* is no name/,
    ],
    [
      "a schema of Postgres's own",
      { url, schema: "pg_answerback" },
      "invalid",
      /^postgres: schema: .* is no name/,
    ],
    [
      "no connection",
      { url, connections: 0 },
      "out_of_range",
      /^postgres: connections: 0 is not a whole number from 1/,
    ],
    [
      "too long a time",
      { url, idleMs: 2 ** 31 },
      "out_of_range",
      /^postgres: idleMs: 2147483648 is not a whole number from 1/,
    ],
    [
      "half a transaction",
      { url, transactions: 0.5 },
      "invalid",
      /^postgres: transactions: 0.5 is not a whole number/,
    ],
    [
      "a time that is none",
      { url, withinMs: Number.NaN },
      "invalid",
      /^postgres: withinMs: NaN is not a whole number/,
    ],
  ])("%s is refused", (_what, options, code, cure) => {
    const refused = () => postgres(options as PostgresOptions);
    expect(refused).toThrow(cure);
    expect(refused).toThrow(OptionError);
    expect(refused).toThrow(expect.objectContaining({ code }));
  });
});
