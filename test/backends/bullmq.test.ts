/** bullmq keeps the contract, and its engine may be wiped, paused and away. */
import { setTimeout } from "node:timers/promises";
import { backendConformance } from "@answerback/conformance";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { bullmq } from "@answerback/bullmq";
import { memory } from "@answerback/core";
import { carriedStore, type CarriedStore } from "../support/bullmq-store.ts";
import { keysOf, makeDue, workIn } from "../support/carrier-crew.ts";
import { mostAtOnce, startWorker } from "../support/carrier-processes.ts";
import { testProcesses, testWiping } from "../support/carrier-suite.ts";
import { describeWith, engineOf } from "../support/engines.ts";
import { startRedis } from "../support/redis-server.ts";
import { removeAll } from "../support/redis-store.ts";

const at = () => engineOf("redis").at;

backendConformance<CarriedStore>(
  {
    name: "redis, carried by BullMQ",
    create: async () => carriedStore(at()),
    second: async ({ open }) => open(),
    async reopen({ backend, open }) {
      await backend.close();
      return open();
    },
    due: true,
    receivers: true,
    driftMs: 5_000,
  },
  { describe: describeWith("redis"), test, expect },
);

/** A store until the test is finished, and the records of its only receiver. */
async function opened(engine: string = at()) {
  const store = carriedStore(at(), engine);
  onTestFinished(async () => {
    await store.backend.close();
    await store.destroy?.();
  });
  return { ...store, records: await store.backend.open("receiver") };
}

describeWith("redis")("what BullMQ carries", () => {
  testWiping(async () => {
    const { records, queue, prefix } = await opened();
    const obliterate = async () => (await queue()).obliterate({ force: true });
    return { records, wipes: [obliterate, () => removeAll(at(), prefix)] };
  });

  test("waits while the queue is paused, and is worked when it is resumed", async () => {
    const { records, queue } = await opened();
    const crew = workIn(records, 8);
    crew.release(Infinity);
    await makeDue(records, ["before"]);
    await expect.poll(() => crew.done).toEqual(["before"]);
    const engine = await queue();
    await engine.pause();
    await makeDue(records, keysOf(50));
    await expect.poll(() => engine.getWaitingCount()).toBe(50);
    // put in with all that were put in before
    await makeDue(records, ["last"]);
    await expect.poll(() => engine.getWaitingCount()).toBeGreaterThan(50);
    expect(await engine.getWaitingCount()).toBe(51);
    expect(crew.got.length).toBe(1);
    await engine.resume();
    await expect.poll(() => crew.done.length).toBe(52);
    await crew.stop();
  });

  test("is keys and nothing else, and leaves no trace when it is done", async () => {
    const { records, queue } = await opened();
    const crew = workIn(records, 1);
    await makeDue(records, ["one", "two"]);
    await expect.poll(() => crew.got.length).toBe(1);
    const engine = await queue();
    await expect.poll(() => engine.getJobCounts()).toMatchObject({ active: 1, waiting: 1 });
    const jobs = await engine.getJobs(["active", "waiting"]);
    expect(jobs.map(({ data }) => data)).toEqual(expect.arrayContaining([{ key: "one" }, { key: "two" }]));
    expect(engine.name).toMatch(/^receiver-[\w-]{8}$/);
    crew.release(2);
    await crew.stop();
    await expect.poll(() => crew.done.length).toBe(1);
    expect(await engine.getJobCounts()).toMatchObject({ active: 0, completed: 0, failed: 0 });
  });

  test("comes again when who had fetched it died before taking it", async () => {
    const { records, queue, prefix } = await opened();
    const first = workIn(records, 1);
    const engine = await queue();
    await engine.pause();
    await makeDue(records, ["key"]);
    await expect.poll(() => engine.getWaitingCount()).toBe(1);
    await first.stop();
    // somebody fetches it, and is never heard of again
    const connection = new Redis(at(), { maxRetriesPerRequest: null });
    const fetched = Promise.withResolvers<unknown>();
    const dying = new Worker(engine.name, () => new Promise(() => fetched.resolve(1)), {
      prefix,
      connection,
      lockDuration: 500,
      skipLockRenewal: true,
      skipStalledCheck: true,
    });
    dying.on("error", () => {});
    await engine.resume();
    await fetched.promise;
    await dying.close(true);
    connection.disconnect();

    const crew = workIn(records, 1);
    crew.release(1);
    await expect.poll(() => crew.done, { timeout: 30_000 }).toEqual(["key"]);
    await crew.stop();
  });
});

describeWith("redis", "redis-server")("while BullMQ's Redis is away", () => {
  test("deliveries are answered, and the work is done when it is back, in a server that forgot everything", async () => {
    const engine = await startRedis();
    onTestFinished(() => engine.destroy());
    const { records } = await opened(engine.url);
    const crew = workIn(records, 4);
    crew.release(Infinity);
    await makeDue(records, ["before"]);
    await expect.poll(() => crew.done).toEqual(["before"]);
    await engine.kill();
    await makeDue(records, keysOf(20));
    expect(await records.claim("key 1", { token: "x", sequence: 0, leaseMs: 1 })).toEqual({
      state: "settled",
      answer: '"accepted"',
    });
    expect(crew.done.length).toBe(1);
    await engine.start();
    await expect.poll(() => crew.done.length, { timeout: 20_000 }).toBe(21);
    await crew.stop();
  });

  test("receivers open, and their work begins when it is there", async () => {
    const engine = await startRedis();
    onTestFinished(() => engine.destroy());
    await engine.kill();
    const { records } = await opened(engine.url);
    const crew = workIn(records, 4);
    crew.release(Infinity);
    await makeDue(records, ["key"]);
    await engine.start();
    await expect.poll(() => crew.done, { timeout: 20_000 }).toEqual(["key"]);
    await crew.stop();
  });

  test("everything closes, with work in hand too", async () => {
    const engine = await startRedis();
    onTestFinished(() => engine.destroy());
    const { records, backend } = await opened(engine.url);
    const crew = workIn(records, 4);
    await makeDue(records, ["key"]);
    await expect.poll(() => crew.got.length).toBe(1);
    await engine.kill();
    let isStopped = false;
    const stopping = crew.stop().then(() => (isStopped = true));
    await records.close();
    // longer than a worker takes its leave
    await setTimeout(2_500);
    expect(isStopped).toBe(false);
    crew.release(1);
    await stopping;
    expect(crew.done).toEqual(["key"]);
    await backend.close();
  });
});

describeWith("redis")("processes that BullMQ hands work to", () => {
  /** What a worker of this store in another process is told. */
  async function ordersFor(globalConcurrency?: number) {
    const store = await opened();
    const { prefix, recordsPrefix } = store;
    const orders = {
      receiver: "receiver",
      redis: { url: at(), prefix: recordsPrefix },
      bullmq: { connection: at(), prefix, globalConcurrency },
      slots: 4,
      leaseMs: 60_000,
    };
    return { ...store, orders };
  }

  testProcesses(ordersFor);

  test("never have more in their hands than the limit for all, also after a wipe", async () => {
    const { records, orders, queue } = await ordersFor(2);
    await makeDue(records, keysOf(40));
    const workers = await Promise.all([1, 2].map(() => startWorker({ ...orders, takesMs: 50 })));
    const done = () => workers.flatMap((worker) => worker.done);
    await expect.poll(() => done().length, { timeout: 20_000 }).toBeGreaterThan(10);
    expect(mostAtOnce(done())).toBe(2);
    await expect.poll(() => done().length, { timeout: 20_000 }).toBe(40);
    expect(mostAtOnce(done())).toBe(2);
    const engine = await queue();
    await engine.obliterate({ force: true });
    await makeDue(records, keysOf(60).slice(40));
    await expect.poll(() => done().length, { timeout: 20_000 }).toBe(60);
    expect(mostAtOnce(done())).toBe(2);
  });
});

describe("bullmq()", () => {
  const connection = "redis://127.0.0.1:1";

  test.each([
    ["connection", { connection: undefined }, "missing"],
    ["connection", { connection: "127.0.0.1" }, "invalid"],
    ["concurrency", { connection, concurrency: 0 }, "out_of_range"],
    ["globalConcurrency", { connection, globalConcurrency: 1.5 }, "invalid"],
    ["everyMs", { connection, everyMs: -1 }, "out_of_range"],
  ])("refuses a wrong %s: %o", (option, options, code) => {
    expect(() => bullmq(memory(), options)).toThrow(
      expect.objectContaining({ option: `bullmq: ${option}`, code }),
    );
  });
});
