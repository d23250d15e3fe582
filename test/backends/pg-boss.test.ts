/** pgBoss keeps the contract, and its engine may be wiped, dropped and away. */
import { randomUUID } from "node:crypto";
import { memory } from "@answerback/core";
import { backendConformance, type Subject } from "@answerback/conformance";
import { pgBoss, type PgBossOptions } from "@answerback/pg-boss";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { keysOf, makeDue, workIn } from "../support/carrier-crew.ts";
import { mostAtOnce, startWorker } from "../support/carrier-processes.ts";
import { testProcesses, testWiping } from "../support/carrier-suite.ts";
import { describeWith } from "../support/engines.ts";
import { carriedSchemaOfFile } from "../support/pg-boss-store.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

describeWith("postgres")("with pg-boss", () => {
  const { open, advance, empty, engine, options, query } = carriedSchemaOfFile();
  const jobs = () => `${engine().schema}.job`;

  backendConformance<Subject>(
    {
      name: "postgres, carried by pg-boss",
      create: async () => ({ backend: open(), advance, destroy: empty }),
      second: async () => open(),
      async reopen({ backend }) {
        await backend.close();
        return open();
      },
      due: true,
      receivers: true,
      driftMs: 5_000,
    },
    { describe, test, expect },
  );

  /** The records of a receiver until the test is finished. */
  async function opened(given: Partial<PgBossOptions> = {}, receiver: string = randomUUID()) {
    const backend = open(given);
    onTestFinished(() => backend.close());
    // what a receiver of another test has left behind does not count
    const queue = `${receiver.replaceAll(/[^\w-]+/g, "-")}-%`;
    const counting = () => query(`SELECT count(*)::int AS count FROM ${jobs()} WHERE name LIKE $1`, [queue]);
    const count = async () => (await counting()).rows[0].count;
    return { backend, records: await backend.open(receiver), count };
  }

  describe("what is carried", () => {
    testWiping(async () => {
      const { records } = await opened();
      const truncate = () => query(`TRUNCATE ${jobs()} CASCADE`);
      const drop = () => query(`DROP SCHEMA ${engine().schema} CASCADE`);
      return { records, wipes: [truncate, drop] };
    });

    test("is worked though somebody deleted its queue", async () => {
      const { records } = await opened({}, "deleted");
      const crew = workIn(records, 8);
      crew.release(Infinity);
      await makeDue(records, ["before"]);
      await expect.poll(() => crew.done, { timeout: 20_000 }).toEqual(["before"]);
      await query(`SELECT ${engine().schema}.delete_queue(name) FROM ${engine().schema}.queue
        WHERE name LIKE 'deleted-%'`);
      await makeDue(records, ["after"]);
      await expect.poll(() => crew.done, { timeout: 40_000 }).toEqual(["before", "after"]);
      await crew.stop();
    });

    test("is keys and nothing else, and leaves no trace when it is done", async () => {
      const { records, count } = await opened({}, "a name: with/more");
      const crew = workIn(records, 1);
      await makeDue(records, ["one", "two"]);
      await expect.poll(count, { timeout: 20_000 }).toBe(2);
      await expect.poll(() => crew.got.length).toBe(1);
      const { rows } = await query(`SELECT name, data, state FROM ${jobs()} ORDER BY state`);
      expect(rows.map(({ data }) => data)).toEqual(expect.arrayContaining([{ key: "one" }, { key: "two" }]));
      expect(rows.map(({ state }) => state)).toEqual(["created", "active"]);
      expect(rows[0].name).toMatch(/^a-name-with-more-[\w-]{8}$/);
      crew.release(2);
      await expect.poll(() => crew.done.length).toBe(2);
      await crew.stop();
      expect(await count()).toBe(0);
    });

    test("is touched while it is in hand, and put in once however often it is seen", async () => {
      const { records, count } = await opened({ everyMs: 10 }, "touched");
      const crew = workIn(records, 1);
      await makeDue(records, ["one", "two"]);
      await expect.poll(count, { timeout: 20_000 }).toBe(2);
      await expect.poll(() => crew.got.length).toBe(1);
      const active = `FROM ${jobs()} WHERE state = 'active'`;
      await query(`UPDATE ${jobs()} SET heartbeat_on = now() - interval '20 s' WHERE state = 'active'`);
      const age = async () =>
        (await query(`SELECT extract(epoch FROM now() - heartbeat_on) AS s ${active}`)).rows;
      await expect.poll(async () => Number((await age())[0]?.s), { timeout: 20_000 }).toBeLessThan(10);
      expect(await count()).toBe(2);
      crew.release(2);
      await expect.poll(() => crew.done.length).toBe(2);
      await crew.stop();
    });

    test("comes again when who had fetched it died before taking it", async () => {
      const { records, count } = await opened();
      const first = workIn(records, 1);
      // occupied, so that the next one stays in the queue
      await makeDue(records, ["first", "next"]);
      await expect.poll(count, { timeout: 20_000 }).toBe(2);
      await expect.poll(() => first.got.length).toBe(1);
      const { key } = first.got[0]!;
      const other = key === "first" ? "next" : "first";
      // fetched by somebody whose heart stopped a minute ago
      await query(
        `UPDATE ${jobs()} SET state = 'active', started_on = now(), heartbeat_on = now() - interval '1 minute'
         WHERE data->>'key' = $1`,
        [other],
      );
      first.release(2);
      await expect.poll(() => first.done, { timeout: 40_000 }).toEqual([key, other]);
      await first.stop();
    });
  });

  describe("processes", () => {
    /** What a worker of these records in another process is told. */
    async function ordersFor(globalConcurrency?: number) {
      const receiver = randomUUID();
      const { records } = await opened({}, receiver);
      const told = { postgres: options(), pgBoss: { ...engine(), globalConcurrency } };
      return { records, orders: { receiver, ...told, slots: 4, leaseMs: 60_000 } };
    }

    testProcesses(ordersFor);

    test("never have more in their hands than the limit for all", async () => {
      const { records, orders } = await ordersFor(2);
      await makeDue(records, keysOf(40));
      const workers = await Promise.all([1, 2].map(() => startWorker({ ...orders, takesMs: 50 })));
      const done = () => workers.flatMap((worker) => worker.done);
      await expect.poll(() => done().length, { timeout: 30_000 }).toBe(40);
      expect(mostAtOnce(done())).toBe(2);
    });

    test("keep the limit when they fetch at the same moment", async () => {
      const receiver = randomUUID();
      const clients = await Promise.all(
        Array.from({ length: 6 }, () => opened({ globalConcurrency: 2 }, receiver)),
      );
      const crews = clients.map(({ records }) => workIn(records, 4));
      // all of them are at work before anything is due
      await makeDue(clients[0]!.records, ["first"]);
      crews.forEach(({ release }) => release(1));
      await expect.poll(() => crews.flatMap(({ done }) => done), { timeout: 20_000 }).toEqual(["first"]);
      const keys = keysOf(60);
      await Promise.all(clients.map(({ records }, n) => makeDue(records, keys.slice(10 * n, 10 * n + 10))));
      const inHand = () => crews.reduce((sum, { got, done }) => sum + got.length - done.length, 0);
      const doneOf = () => crews.reduce((sum, { done }) => sum + done.length, 0);
      let most = 0;
      while (doneOf() < 61) {
        most = Math.max(most, inHand());
        for (const { release, got, done } of crews) if (got.length > done.length) release(1);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(most).toBe(2);
      await Promise.all(crews.map(({ stop }) => stop()));
    });
  });

  describeWith("postgres-server")("while its database is away", () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgresServer();
      return () => server.destroy();
    });

    test("deliveries are answered, and the work is done when it is back", async () => {
      const { records } = await opened({ connectionString: server.url });
      const crew = workIn(records, 4);
      crew.release(Infinity);
      await makeDue(records, ["before"]);
      await expect.poll(() => crew.done, { timeout: 20_000 }).toEqual(["before"]);
      await server.crash();
      await makeDue(records, keysOf(20));
      expect(await records.claim("key 1", { token: "x", sequence: 0, leaseMs: 1 })).toEqual({
        state: "settled",
        answer: '"accepted"',
      });
      expect(crew.done.length).toBe(1);
      await server.start();
      await expect.poll(() => crew.done.length, { timeout: 30_000 }).toBe(21);
      await crew.stop();
    });

    test("receivers open, their work begins when it is there, and everything closes without it", async () => {
      await server.stop();
      const { records, backend } = await opened({ connectionString: server.url });
      const crew = workIn(records, 4);
      await makeDue(records, ["key"]);
      await server.start();
      await expect.poll(() => crew.got.length, { timeout: 20_000 }).toBe(1);
      await server.stop();
      let isStopped = false;
      const stopping = crew.stop().then(() => (isStopped = true));
      await records.close();
      expect(isStopped).toBe(false);
      crew.release(1);
      await stopping;
      expect(crew.done).toEqual(["key"]);
      await backend.close();
      await server.start();
    });
  });
});

describe("pgBoss()", () => {
  const connectionString = "postgres://127.0.0.1:1/test";

  test.each([
    ["connectionString", { connectionString: undefined }, "missing"],
    ["concurrency", { connectionString, concurrency: 0 }, "out_of_range"],
    ["globalConcurrency", { connectionString, globalConcurrency: 1.5 }, "invalid"],
    ["atOnce", { connectionString, atOnce: 0 }, "out_of_range"],
  ])("refuses a wrong %s: %o", (option, given, code) => {
    expect(() => pgBoss(memory(), given)).toThrow(
      expect.objectContaining({ option: `pgBoss: ${option}`, code }),
    );
  });
});
