/** postgres's transaction of a run: cut off, spoiled, ended by hand, left alone, above READ COMMITTED. */
import { randomUUID } from "node:crypto";
import type { PostgresDb } from "@answerback/postgres";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { cutOff, effectsOfFile, saving } from "../support/postgres-effects.ts";
import { lease, opened, settle } from "../support/postgres-records.ts";
import { wireTo, type Cut } from "../support/wire.ts";

describeWith("postgres")("the transaction of a run in Postgres", () => {
  const { options, query, write, written, held, expectNothing } = effectsOfFile();

  describe("a connection that is cut", () => {
    test("while the handler has it rejects, and the process and the next run live", async () => {
      const { records } = await held();
      const run = records.run(async (db: PostgresDb) => {
        await write(db);
        const { rows } = await db.query("SELECT pg_backend_pid() AS pid");
        await query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
        await expect(db.query("SELECT 1")).rejects.toThrow(cutOff);
        return [saving("key")];
      });
      await expect(run).rejects.toThrow(cutOff);
      await expectNothing(records);
      expect(await records.run(async (db: PostgresDb) => (await write(db), [saving("key")]))).toBe(true);
    });

    test("because a statement is still running is not waited for, and not used again", async () => {
      const { records } = await held({ transactions: 1, withinMs: 200 });
      const sleep = `SELECT pg_sleep(5) AS "${randomUUID()}"`;
      const unawaited: Promise<unknown>[] = [];
      const run = records.run(async (db: PostgresDb) => {
        await write(db, randomUUID());
        unawaited.push(db.query(sleep).catch(() => {}));
        throw new Error("the handler failed");
      });
      await expect(run).rejects.toThrow("the handler failed");
      const { rows } = await query("SELECT pid FROM pg_stat_activity WHERE query = $1", [sleep]);
      expect(rows).toHaveLength(1);
      await query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
      await Promise.all(unawaited);
      expect(await records.run(async () => [saving("key")])).toBe(true);
      expect(await written()).toEqual([]);
    });

    test("while nobody uses it is replaced", async () => {
      const pool = new pg.Pool({ connectionString: engineOf("postgres").at, max: 1 });
      onTestFinished(() => pool.end());
      const { records } = await held({ url: undefined, pool });
      await pool.query("SELECT 1");
      const removed = new Promise((resolve) => pool.once("remove", resolve));
      await query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query = 'SELECT 1'",
      );
      await removed;
      expect(await records.run(async () => [saving("key")])).toBe(true);
    });

    test("before COMMIT arrives rejects, and nothing is left", async () => {
      const url = await cuttingWire({ statement: "COMMIT", arrives: false });
      const { records: through } = await opened({ ...options(), url: undefined, pool: poolOf(url) }, "cut");
      await through.claim("key", lease("key"));
      const run = through.run(async (db: PostgresDb) => (await write(db), [saving("key")]));
      await expect(run).rejects.toThrow(cutOff);
      await expect.poll(() => through.get("key")).toMatchObject({ answer: null });
      expect(await written()).toEqual([]);
    });

    test("after COMMIT arrived rejects: nobody knows, and get does", async () => {
      const url = await cuttingWire({ statement: "COMMIT", arrives: true });
      const { records } = await opened({ ...options(), url: undefined, pool: poolOf(url) });
      await records.claim("key", lease("key"));
      const run = records.run(async (db: PostgresDb) => (await write(db), [saving("key")]));
      await expect(run).rejects.toThrow(cutOff);
      await expect.poll(() => records.get("key")).toMatchObject({ answer: settle.answer });
      expect(await written()).toEqual(["written"]);
    });

    async function cuttingWire(cut: Cut): Promise<string> {
      const { url, destroy } = await wireTo(engineOf("postgres").at, cut);
      onTestFinished(destroy);
      return url;
    }

    function poolOf(url: string): pg.Pool {
      const pool = new pg.Pool({ connectionString: url });
      onTestFinished(() => pool.end());
      return pool;
    }
  });

  describe("a transaction", () => {
    test("that a statement spoiled rejects, though the handler looked away", async () => {
      const { records } = await held();
      const run = records.run(async (db: PostgresDb) => {
        await write(db);
        await db.query("SELECT 1 / 0").catch(() => {});
        return [saving("key")];
      });
      await expect(run).rejects.toMatchObject({ code: "25P02" });
      const empty = records.run(async (db: PostgresDb) => (await db.query("nonsense").catch(() => {}), []));
      await expect(empty).rejects.toMatchObject({ code: "25P02" });
      await expectNothing(records);
    });

    test("that COMMIT refuses rejects, and nothing is left", async () => {
      const { records } = await held();
      const run = records.run(async (db: PostgresDb) => (await write(db), await write(db), [saving("key")]));
      await expect(run).rejects.toMatchObject({ code: "23505" });
      await expectNothing(records);
    });

    test.each([
      "COMMIT",
      "commit",
      " ; Rollback",
      "END",
      "ABORT",
      "BEGIN",
      "start  transaction",
      "ROLLBACK WORK",
    ])("is not ended or begun by hand: %s", async (text) => {
      const { records } = await held();
      const run = records.run(async (db: PostgresDb) => {
        await write(db);
        await db.query(text);
        return [saving("key")];
      });
      await expect(run).rejects.toThrow(/begins and ends by itself/);
      await expectNothing(records);
    });

    test.each(["/* */ COMMIT", "SELECT 1; COMMIT", "/* */ COMMIT; BEGIN", "/* */ ROLLBACK"])(
      "that was ended in a hidden way settles nothing: %s",
      async (text) => {
        const { records } = await held();
        for (const saves of [[saving("key")], []]) {
          const run = records.run(async (db: PostgresDb) => (await db.query(text), saves));
          await expect(run).rejects.toThrow(/ended the transaction by hand/);
        }
        expect((await records.get("key"))?.answer).toBe(null);
      },
    );

    test("has savepoints", async () => {
      const { records } = await held();
      const ours = await records.run(async (db: PostgresDb) => {
        await write(db, "kept");
        await db.query("SAVEPOINT here");
        await write(db, "given up");
        await db.query("SELECT 1 / 0").catch(() => {});
        await db.query("ROLLBACK TO SAVEPOINT here");
        return [saving("key")];
      });
      expect([ours, await written()]).toEqual([true, ["kept"]]);
    });

    test("is over with its handler: who did not await finds the door shut", async () => {
      const { records } = await held();
      let kept: PostgresDb | undefined;
      await records.run(async (db: PostgresDb) => ((kept = db), [saving("key")]));
      await expect(write(kept!)).rejects.toThrow(/is over: await every query/);
      expect(await written()).toEqual([]);
    });

    test("that nobody says anything in is ended", async () => {
      const { records } = await held({ idleMs: 50 });
      const run = records.run(async (db: PostgresDb) => {
        await write(db);
        const { rows } = await db.query("SELECT pg_backend_pid() AS pid");
        const isThere = "SELECT count(*)::int AS count FROM pg_stat_activity WHERE pid = $1";
        await expect.poll(async () => (await query(isThere, [rows[0].pid])).rows[0].count).toBe(0);
        return [saving("key")];
      });
      await expect(run).rejects.toThrow(cutOff);
      await expectNothing(records);
    });

    test.each(["repeatable read", "serializable"])(
      "is READ COMMITTED where the default is %s",
      async (level) => {
        const url = new URL(engineOf("postgres").at);
        url.searchParams.set("options", `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`);
        const { records } = await held({ url: url.href });
        const ours = await records.run(async (db: PostgresDb) => {
          const { rows } = await db.query("SHOW transaction_isolation");
          expect(rows).toEqual([{ transaction_isolation: "read committed" }]);
          await records.save("key", lease("key", 1), { forMs: 60_000 });
          return [saving("key", settle, 2)];
        });
        expect(ours).toBe(true);
        const claims = await Promise.all(
          Array.from({ length: 50 }, async (_, index) => records.claim("new", lease(`${index}`))),
        );
        expect(claims.filter(({ state }) => state === "claimed")).toHaveLength(1);
      },
    );

    test("keeps its level", async () => {
      const { records } = await held();
      const run = records.run(async (db: PostgresDb) => {
        await db.query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
        return [saving("key")];
      });
      await expect(run).rejects.toMatchObject({ code: "25001" });
    });
  });
});
