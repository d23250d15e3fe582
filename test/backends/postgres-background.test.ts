/** postgres in the background: what the sweep takes away, what workers find, and what a commit waits for. */
import { randomUUID } from "node:crypto";
import { postgres } from "@answerback/postgres";
import pg from "pg";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import {
  claimAndSave,
  day,
  lease,
  keysOf,
  opened,
  schemaOfFile,
  settle,
} from "../support/postgres-records.ts";

describeWith("postgres")("in the background of Postgres", () => {
  const { options, query, advance, empty, schema } = schemaOfFile();
  const table = `"${schema}".records`;
  const count = async () => (await query(`SELECT count(*)::int AS count FROM ${table}`)).rows[0].count;

  /** A transaction of somebody else's that has locked the record. */
  async function lock(key: string): Promise<void> {
    const client = await begun();
    await client.query(`SELECT FROM ${table} WHERE key = $1 FOR UPDATE`, [key]);
  }

  /** A client in a transaction. */
  async function begun(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: engineOf("postgres").at });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query("BEGIN");
    return client;
  }

  /** Resolves when one of ours waits for somebody else's transaction. */
  async function untilOneWaits(): Promise<void> {
    const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1";
    await expect.poll(async () => (await query(waiting, [`%${schema}%`])).rows.length).toBe(1);
  }

  beforeEach(empty);

  describe("the sweep", () => {
    test("takes what was forgotten, five hundred at a time, set off by other verbs", async () => {
      const { records } = await opened(options());
      await Promise.all(keysOf(1_200).map((key) => claimAndSave(records, key, settle)));
      await advance(30 * day);
      const { records: next } = await opened(options());
      await expect.poll(count).toBe(700);
      await next.get("x");
      await expect.poll(count).toBe(200);
      await next.get("x");
      await expect.poll(count).toBe(0);
    });

    test("leaves for a week, or the longest retention, what is free and its note", async () => {
      const { records } = await opened(options());
      await claimAndSave(records, "settled", { ...settle, forMs: 20 * day });
      await claimAndSave(records, "free", { note: '"why"', forMs: 0 });
      await claimAndSave(records, "free later", { note: '"why"', forMs: 5 * day });
      await advance(20 * day - 60_000);
      const early = await opened(options());
      await early.backend.close();
      expect(await records.get("free")).toMatchObject({ note: '"why"' });
      await advance(2 * day);
      await opened(options());
      await expect.poll(count).toBe(1);
      expect(await records.get("free later")).toMatchObject({ note: '"why"' });
      await advance(5 * day);
      await opened(options());
      await expect.poll(count).toBe(0);
    });

    test("takes what is listed and what is not, each when it was forgotten, and what has work never", async () => {
      const { records } = await opened(options());
      const about = { name: '"name"', id: '"id"' };
      await claimAndSave(records, "listed", settle, about);
      await claimAndSave(records, "not listed", settle);
      await claimAndSave(records, "listed, free", { forMs: 0 }, about);
      await claimAndSave(records, "listed, later", { ...settle, forMs: 14 * day }, about);
      await claimAndSave(records, "paused", { work: '"event"', kind: "paused", forMs: 0 }, about);
      await advance(14 * day - 60_000);
      await (await opened(options())).backend.close();
      expect(await count()).toBe(5);
      await advance(8 * day);
      await opened(options());
      await expect.poll(count).toBe(1);
      expect((await records.get("paused"))?.state).toBe("paused");
    });

    test("wipes what was kept once its time is past, and leaves the record", async () => {
      const { records } = await opened(options());
      const kept = { ...settle, forMs: 5 * day, kept: '"event"' };
      await claimAndSave(records, "short", { ...kept, keptForMs: day });
      await claimAndSave(records, "long", { ...kept, keptForMs: 3 * day });
      await claimAndSave(records, "for ever", { ...kept, keptForMs: Infinity });
      await advance(2 * day);
      await opened(options());
      const texts = async () => (await query(`SELECT key, kept FROM ${table} ORDER BY key`)).rows;
      await expect.poll(texts).toEqual([
        { key: "for ever", kept: '"event"' },
        { key: "long", kept: '"event"' },
        { key: "short", kept: null },
      ]);
      expect((await records.claim("short", lease("x"))).state).toBe("settled");
    });

    test("leaves what has work, whenever it was due, and what is kept for ever, and takes what is dead at its time", async () => {
      const { records } = await opened(options());
      await claimAndSave(records, "due", { work: '"event"', forMs: 0 });
      await claimAndSave(records, "dead", { work: '"event"', kind: "dead", forMs: 30 * day });
      await claimAndSave(records, "dead for ever", { work: '"event"', kind: "dead", forMs: 300_000 * day });
      await claimAndSave(records, "for ever", { ...settle, forMs: Number.MAX_VALUE });
      await claimAndSave(records, "forgotten", settle);
      await advance(39_000 * day);
      await opened(options());
      await expect.poll(count).toBe(3);
      expect((await records.claim("for ever", lease("x"))).state).toBe("settled");
      expect((await records.get("dead for ever"))?.state).toBe("dead");
    });

    test("steps around what another process has in its hands", async () => {
      const { records, backend } = await opened(options());
      for (const key of ["a", "b", "c"]) await claimAndSave(records, key, settle);
      await backend.close();
      await advance(30 * day);
      await lock("b");
      await opened(options());
      await expect.poll(count).toBe(1);
    });

    test("happens about once a minute, and is tried again after one when it failed", async () => {
      vi.useFakeTimers({ toFake: ["Date"] });
      onTestFinished(() => void vi.useRealTimers());
      const real = pg.Pool.prototype.query;
      let sweeps = 0;
      let sweeping: any = Promise.resolve();
      const asked = vi.spyOn(pg.Pool.prototype, "query").mockImplementation(function (
        this: pg.Pool,
        ...args: any[]
      ) {
        const query = () => Reflect.apply(real, this, args) as any;
        if (!/DELETE|kept = NULL/.test(JSON.stringify(args))) return query();
        if (JSON.stringify(args).includes("DELETE")) sweeps += 1;
        sweeping = sweeps === 2 ? Promise.reject(new Error("canceled")) : query();
        return sweeping;
      });
      onTestFinished(() => asked.mockRestore());
      const { records } = await opened(options());
      for (let second = 0; second < 235; second += 1) {
        vi.setSystemTime(Date.now() + 1_000);
        await records.get("x");
        // the clock stands still while it sweeps, and while it wipes after that
        for (const _ of ["sweep", "wipe"]) {
          await sweeping.catch(() => {});
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      expect(sweeps).toBe(4);
    });
  });

  describe("a worker", () => {
    test("finds what another process made due", async () => {
      const receiver = randomUUID();
      const [worker, other] = [await opened(options(), receiver), await opened(options(), receiver)];
      const got = Promise.withResolvers<string>();
      const stop = worker.records.work({
        slots: { run: 1, post: 1 },
        leaseMs: 60_000,
        each: async ({ key }) => got.resolve(key),
      });
      await claimAndSave(other.records, "key", { work: '"event"', forMs: 200 });
      expect(await got.promise).toBe("key");
      await stop();
    });

    test("does not wait for a record that somebody has locked", async () => {
      const { records } = await opened(options());
      for (const key of ["first", "second"]) await claimAndSave(records, key, { work: '"event"', forMs: 0 });
      await lock("first");
      expect((await records.take(lease("x")))?.key).toBe("second");
      expect(await records.take(lease("y"))).toBeUndefined();
    });

    test("looks at the index of what is due alone, however many wait", async () => {
      const { records } = await opened(options());
      await claimAndSave(records, "one", { work: '"event"', forMs: 3_600_000 });
      await query(
        `INSERT INTO ${table} (receiver, key, attempts, until, due, token, sequence, held, work)
         SELECT receiver, 'more ' || n, 1, until, due, '', 0, false, '1' FROM ${table}, generate_series(1, 5000) AS n`,
      );
      await query(`ANALYZE ${table}`);
      const asked = vi.spyOn(pg.Pool.prototype, "query");
      onTestFinished(() => asked.mockRestore());
      await records.take(lease("x"));
      const { text, values } = asked.mock.calls[0]![0] as unknown as pg.QueryConfig;
      const { rows } = await query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
      const plan = JSON.stringify(rows);
      expect(plan).toContain('"Index Name":"due"');
      expect(plan).not.toMatch(/"Rows Removed by Filter":[1-9]/);
    });
  });

  describe("two at once", () => {
    test("a claim that finds another one on its way looks again", async () => {
      const { records } = await opened(options());
      await records.claim("model", lease("model"));
      const other = await begun();
      await other.query(
        `INSERT INTO ${table} (receiver, key, attempts, until, token, sequence, held)
         SELECT receiver, 'key', 1, until, 'other', 0, true FROM ${table}`,
      );
      const claim = records.claim("key", lease("x"));
      await untilOneWaits();
      await other.query("COMMIT");
      expect(await claim).toEqual({ state: "held", forMs: expect.closeTo(55_000, -4) });
    });

    test("a save that finds itself on its way is a repeat", async () => {
      const { records } = await opened(options());
      await records.claim("key", lease("key"));
      const other = await begun();
      await other.query(`UPDATE ${table} SET sequence = 1, note = '"first"'`);
      const save = records.save("key", lease("key", 1), { note: '"second"' });
      await untilOneWaits();
      await other.query("COMMIT");
      expect([await save, (await records.get("key"))?.note]).toEqual([true, '"first"']);
    });
  });

  describe("a commit", () => {
    test("of a claim does not wait for the disk, all others do", async () => {
      const { records } = await opened(options());
      const log = `"${schema} commits"`;
      await query(
        `CREATE TABLE ${log} (verb text, waits text);
         CREATE FUNCTION ${log}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           INSERT INTO ${log} VALUES (new.token || ' ' || new.sequence, current_setting('synchronous_commit')); RETURN NULL;
         END $$;
         CREATE CONSTRAINT TRIGGER commits AFTER INSERT OR UPDATE ON ${table} DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION ${log}()`,
      );
      onTestFinished(async () => void (await query(`DROP FUNCTION ${log} CASCADE; DROP TABLE ${log}`)));
      await records.claim("key", lease("claim"));
      await records.save("key", lease("claim", 1), { note: '"why"', forMs: 0 });
      await records.claim("key", lease("again"));
      await records.save("key", lease("again", 1), { work: '"event"', forMs: 0 });
      await records.take(lease("take"));
      const { rows } = await query(`SELECT verb, waits FROM ${log}`);
      expect(rows.map(({ verb, waits }) => [verb, waits])).toEqual([
        ["claim 0", "off"],
        ["claim 1", "on"],
        ["again 0", "off"],
        ["again 1", "on"],
        ["take 0", "on"],
      ]);
    });

    test("is not needed to tell a duplicate its answer", async () => {
      const { records } = await opened(options());
      await claimAndSave(records, "settled", settle);
      await records.claim("held", lease("held"));
      const before = (await query("SELECT pg_current_xact_id() AS id")).rows[0].id;
      expect((await records.claim("settled", lease("x"))).state).toBe("settled");
      expect((await records.claim("held", lease("x"))).state).toBe("held");
      expect(await records.take(lease("x"))).toBeUndefined();
      const { rows } = await query(`SELECT xmax FROM ${table}`);
      expect([before !== undefined, rows.map(({ xmax }) => xmax)]).toEqual([true, ["0", "0"]]);
    });

    test("of odd numbers ends no lease early", async () => {
      const { records } = await opened(options());
      await records.claim("key", { ...lease("key"), leaseMs: 60_000.5 });
      await records.save("key", lease("key", 1), { ...settle, forMs: Number.MAX_VALUE });
      expect((await records.get("key"))?.forMs).toBeGreaterThan(Number.MAX_SAFE_INTEGER - 3 * day);
    });

    test("of a renewal leaves every index alone: none holds what it moves", async () => {
      await opened(options());
      const { rows } = await query("SELECT indexdef FROM pg_indexes WHERE schemaname = $1", [schema]);
      const ofRecords = rows.map(({ indexdef }) => indexdef).filter((text) => text.includes(".records "));
      expect(ofRecords).toHaveLength(8);
      expect(ofRecords.join().match(/\b(until|sequence|attempts|token|note|answer|work)\b/g)).toBe(null);
    });

    test.each([
      ["not listed", undefined],
      ["listed", { name: '"name"', id: null }],
      ["listed with an id", { name: '"name"', id: '"id"' }],
    ])(
      "of an event that is settled on the day of its claim leaves every index alone: %s",
      async (_, about) => {
        const asked = vi.spyOn(pg.Pool.prototype, "query");
        onTestFinished(() => asked.mockRestore());
        const { records } = await opened(options());
        await claimAndSave(records, "key", settle, about);
        const queries = asked.mock.calls.map(([config]) => config as unknown as pg.QueryConfig);
        const [claim, save] = ["INSERT INTO", "UPDATE"].map((verb) =>
          queries.find(({ text }) => text.includes(`${verb} ${table}`) && text.includes("token")),
        );
        await empty();
        const client = await begun();
        await client.query(claim!);
        expect((await client.query(save!)).rowCount).toBe(1);
        const { rows } = await client.query(
          "SELECT pg_stat_get_xact_tuples_hot_updated($1::regclass)::int AS hot",
          [table],
        );
        expect(rows).toEqual([{ hot: 1 }]);
      },
    );
  });

  describe("what comes in together", () => {
    /** The statements of a verb that were sent since. */
    function sent(): () => string[] {
      const asked = vi.spyOn(pg.Pool.prototype, "query");
      onTestFinished(() => asked.mockRestore());
      return () =>
        asked.mock.calls
          .map(([config]) => (config as unknown as pg.QueryConfig).text)
          .filter((text) => /token/.test(text));
    }

    test("is claimed with one statement and saved with one", async () => {
      const { records } = await opened(options());
      const statements = sent();
      const keys = keysOf(50);
      const claims = await Promise.all(keys.map(async (key) => records.claim(key, lease(key))));
      expect(claims).toEqual(keys.map(() => ({ state: "claimed", attempts: 1, note: null })));
      const saves = await Promise.all(keys.map(async (key) => records.save(key, lease(key, 1), settle)));
      expect(saves).toEqual(keys.map(() => true));
      expect(statements()).toHaveLength(2);
    });

    test("is told apart: each its own row, and none for who lost its hold", async () => {
      const { records } = await opened(options());
      await Promise.all(keysOf(3).map(async (key) => records.claim(key, lease(key))));
      const save = async (key: string, holder: string, change: object) =>
        records.save(key, lease(holder, 1), change);
      const saves = [
        save("key 0", "key 0", { ...settle, answer: '"0"' }),
        save("key 1", "somebody else", { ...settle, answer: '"1"' }),
        save("key 2", "key 2", { work: '"2"', kind: "dead", note: '"why"', forMs: day }),
        save("key 3", "key 3", settle),
      ];
      expect(await Promise.all(saves)).toEqual([true, false, true, false]);
      expect(await Promise.all(keysOf(3).map(async (key) => records.get(key)))).toMatchObject([
        { answer: '"0"', work: null },
        { answer: null, work: null },
        { answer: null, work: '"2"', note: '"why"', diedAt: expect.any(Number) },
      ]);
    });

    test("of one record goes one after the other", async () => {
      const { records } = await opened(options());
      const claims = await Promise.all(["a", "b"].map(async (token) => records.claim("key", lease(token))));
      expect(claims.map(({ state }) => state).sort()).toEqual(["claimed", "held"]);
      const token = claims[0]?.state === "claimed" ? "a" : "b";
      const saves = [1, 2].map(async (sequence) =>
        records.save("key", lease(token, sequence), { note: `${sequence}` }),
      );
      expect((await Promise.all(saves)).at(-1)).toBe(true);
      expect((await records.get("key"))?.note).toBe("2");
    });

    test("is not refused because the engine refuses one of them", async () => {
      const { records } = await opened(options());
      const keys = ["a", "b\0", "c"];
      const claims = await Promise.allSettled(keys.map(async (key) => records.claim(key, lease("x"))));
      expect(claims.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    });

    test("is in nobody's way with long texts", async () => {
      const { records } = await opened(options());
      const keys = keysOf(3);
      await Promise.all(keys.map(async (key) => records.claim(key, lease(key))));
      const statements = sent();
      const answers = ['"short"', JSON.stringify("long".repeat(10_000)), '"short, too"'];
      await Promise.all(
        keys.map(async (key, at) => records.save(key, lease(key, 1), { ...settle, answer: answers[at] })),
      );
      expect(statements()).toHaveLength(2);
      expect(
        (await Promise.all(keys.map(async (key) => records.get(key)))).map((one) => one?.answer),
      ).toEqual(answers);
    });
  });

  describe("statements", () => {
    test("have no names where the pooler cannot follow them", async () => {
      const asked = vi.spyOn(pg.Pool.prototype, "query");
      onTestFinished(() => asked.mockRestore());
      const { records } = await opened({ ...options(), prepare: false });
      await claimAndSave(records, "key", settle);
      expect((await records.claim("key", lease("x"))).state).toBe("settled");
      expect(asked.mock.calls.map(([config]) => Object.keys(config).includes("name"))).not.toContain(true);
    });

    test("that were asked for before closing are answered, and none after it", async () => {
      const { records, backend } = await opened(options());
      const claims = keysOf(10).map(async (key) => records.claim(key, lease(key)));
      await backend.close();
      expect((await Promise.all(claims)).map(({ state }) => state)).toEqual(claims.map(() => "claimed"));
      await expect(records.get("key 1")).rejects.toThrow(/was closed/);
    });

    test("connect when first asked", async () => {
      const connected = vi.spyOn(pg.Pool.prototype, "connect");
      onTestFinished(() => connected.mockRestore());
      const backend = postgres(options());
      onTestFinished(() => backend.close());
      expect(connected).not.toHaveBeenCalled();
    });
  });
});
