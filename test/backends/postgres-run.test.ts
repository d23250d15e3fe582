/** postgres's run: a handler's writes and the saves that end its run are there together, or not at all; on which pool. */
import { randomUUID } from "node:crypto";
import type { PostgresDb } from "@answerback/postgres";
import pg from "pg";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { effectsOfFile, saving } from "../support/postgres-effects.ts";
import { lease, opened, settle } from "../support/postgres-records.ts";

describeWith("postgres")("run in Postgres", () => {
  const { options, query, advance, schema, write, written, held, expectNothing } = effectsOfFile();

  test("the writes and the saves are there together", async () => {
    const { records } = await held();
    await records.claim("entity", lease("entity"));
    const ours = await records.run(async (db: PostgresDb) => {
      expect((await write(db)).rowCount).toBe(1);
      expect(await written()).toEqual([]);
      return [saving("entity", { note: '"3"', forMs: 0 }), saving("key")];
    });
    expect([ours, await written()]).toEqual([true, ["written"]]);
    expect((await records.claim("key", lease("other"))).state).toBe("settled");
    expect((await records.get("entity"))?.note).toBe('"3"');
  });

  test("without a save the writes are there", async () => {
    const { records } = await held();
    expect(await records.run(async (db: PostgresDb) => (await write(db), []))).toBe(true);
    expect(await written()).toEqual(["written"]);
  });

  test("a record that another took meanwhile rolls both back", async () => {
    const { records } = await held();
    const ours = await records.run(async (db: PostgresDb) => {
      await write(db);
      await advance(61_000);
      expect((await records.claim("key", lease("other"))).state).toBe("claimed");
      return [saving("key")];
    });
    expect(ours).toBe(false);
    await expectNothing(records);
    expect(await records.save("key", lease("other", 1), settle)).toBe(true);
  });

  test("of two saves the second, lost, takes the first with it", async () => {
    const { records } = await held();
    expect(await records.run(async () => [saving("key"), saving("nobody's")])).toBe(false);
    await expectNothing(records);
  });

  test("a step that was saved before is none to settle with: its writes are there already", async () => {
    const { records } = await held();
    const handle = async (db: PostgresDb) => (await write(db, randomUUID()), [saving("key")]);
    expect(await records.run(handle)).toBe(true);
    expect(await records.run(handle)).toBe(false);
    expect(await written()).toHaveLength(1);
    expect(await records.save("key", lease("key", 1), settle)).toBe(true);
  });

  test("what the handler throws comes out, nothing is left, and its connection is used again", async () => {
    const { records } = await held({ transactions: 1 });
    const error = new Error("no such customer");
    const pids: unknown[] = [];
    const handle = async (db: PostgresDb) => {
      pids.push((await db.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
      await write(db);
      throw error;
    };
    for (const _twice of [1, 2]) await expect(records.run(handle)).rejects.toBe(error);
    await expectNothing(records);
    expect(pids[0]).toBe(pids[1]);
  });

  test("a renewal is saved while the handler writes", async () => {
    const { records } = await held();
    const ours = await records.run(async (db: PostgresDb) => {
      await write(db);
      expect(await records.save("key", lease("key", 1), { forMs: 120_000 })).toBe(true);
      return [saving("key", settle, 2)];
    });
    expect(ours).toBe(true);
  });

  test("what it gives to work wakes a worker at once", async () => {
    const { records } = await held();
    // nothing but a wake makes a worker look before its time
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const taking = vi.spyOn(pg.Pool.prototype, "query");
    onTestFinished(() => taking.mockRestore());
    const got = Promise.withResolvers<string>();
    const stop = records.work({
      slots: { run: 1, post: 1 },
      leaseMs: 60_000,
      each: async ({ work }) => got.resolve(work),
    });
    await taking.mock.results[0]?.value;
    await records.get("key");
    await records.run(async () => [saving("key", { work: '"callback"', forMs: 0 })]);
    expect(await got.promise).toBe('"callback"');
    await stop();
  });

  test("a retention longer than a week keeps the notes of what is free as long", async () => {
    const { records } = await held();
    const tenDays = 864_000_000;
    await records.run(async () => [saving("key", { ...settle, forMs: tenDays })]);
    const { rows } = await query(`SELECT max(linger)::float8 AS linger FROM "${schema}".receivers`);
    expect(rows[0].linger).toBe(tenDays);
  });

  describe("the pools", () => {
    test("handlers that use theirs up leave the verbs their own", async () => {
      const pool = new pg.Pool({ connectionString: engineOf("postgres").at, max: 2 });
      onTestFinished(() => pool.end());
      const { records } = await opened({ ...options(), url: undefined, pool });
      const go = Promise.withResolvers<void>();
      const keys = ["a", "b", "c", "d"];
      const runs = keys.map(async (key) => {
        await records.claim(key, lease(key));
        return records.run(async (db: PostgresDb) => {
          await write(db, key);
          await go.promise;
          return [saving(key, settle, 2)];
        });
      });
      await expect.poll(() => pool.waitingCount).toBe(2);
      const renewed = await Promise.all(
        keys.map(async (key) => records.save(key, lease(key, 1), { forMs: 120_000 })),
      );
      expect(renewed).toEqual([true, true, true, true]);
      go.resolve();
      expect(await Promise.all(runs)).toEqual([true, true, true, true]);
      expect(await written()).toEqual(keys);
    });

    test("a pool of yours is used for what handlers write, and stays open", async () => {
      const pool = new pg.Pool({
        connectionString: engineOf("postgres").at,
        application_name: "yours",
        password: "its password",
      });
      onTestFinished(() => pool.end());
      const asked = vi.spyOn(pg.Pool.prototype, "query");
      onTestFinished(() => asked.mockRestore());
      const { records, backend } = await held({ url: undefined, pool });
      expect(pool.totalCount).toBe(0);
      expect((asked.mock.contexts[0] as any)?.options.password).toBe("its password");
      await records.run(async (db: PostgresDb) => {
        expect((await db.query("SHOW application_name")).rows).toEqual([{ application_name: "yours" }]);
        return [saving("key")];
      });
      expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
      await backend.close();
      expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
      expect(pool.listenerCount("error")).toBe(0);
    });
  });
});
