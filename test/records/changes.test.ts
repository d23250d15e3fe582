/** What an operator does with the records: tries again, gives up, erases, and looks at what was handled. */
import { createReceiver, memory, PermanentError, postback } from "@answerback/core";
import type { Backend, Change } from "@answerback/core/backend";
import { describe, expect, onTestFinished, test } from "vitest";
import { sample, send, type Sample } from "../support/deliveries.ts";
import { frameworkNamed } from "../support/frameworks.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { describeEverywhere } from "./places.ts";

const created = sample("postback/contact-create-attempt-1");
const run = sample("upsales/external-user-configurable");
const ids = Array.from({ length: 250 }, (_, index) => `c${index}`);

function about(id: string, more: object = {}): Sample {
  const data = JSON.stringify({ id, last_name: "Lovelace", ...more });
  return { ...created, body: String(new URLSearchParams({ type: "CREATE", resource: "contact", data })) };
}

describeEverywhere("records are changed", (open, framework) => {
  /** A house whose handler does what `behaves.how` says. */
  async function house(behaves: { how: (event: any) => unknown }, options: object = {}): Promise<House> {
    return openHouse(framework, "postback", {
      backend: open().another(),
      handle: (event: any) => behaves.how(event),
      options: { name: `change-${Math.random()}`, ...options },
    });
  }

  const dying = ({ data }: any) => {
    throw new PermanentError(data.last_name === "x" ? "no city" : "no customer");
  };

  test("any.46 a dead letter is retried, another one given up", async () => {
    const behaves = { how: dying };
    const { receiver, deliver, events } = await house(behaves);
    await deliver(about("a"));
    await deliver(about("b"));
    const [b, a] = (await receiver.records.list({ state: "dead" })).records;
    behaves.how = () => undefined as never;
    await receiver.records.retry(a!.key);
    await receiver.records.discard(b!.key);
    await receiver.idle();
    expect(events.map(({ data }) => String(data.id)).toSorted()).toEqual(["a", "a", "b"]);
    expect((await receiver.records.stats()).counts).toMatchObject({ dead: 0, settled: 2 });
    // an error of before is not what is to be said of one that was handled since
    expect((await receiver.records.get(a!.key))?.error).toBe(undefined);
    expect((await receiver.records.get(b!.key))?.error).toMatchObject({ code: "permanent" });
    await expect(receiver.records.retry(a!.key)).rejects.toThrow(/not kept: give the option keep/);
    await expect(receiver.records.discard(b!.key)).rejects.toMatchObject({ code: "wrong_state" });
    await expect(receiver.records.retry("nothing")).rejects.toMatchObject({ code: "unknown_key" });
  });

  test("any.46 all of one error are retried in batches, and the others given up, with progress", async () => {
    const behaves = { how: dying };
    const { receiver, deliver, events } = await house(behaves, { concurrency: { runs: 64 } });
    await Promise.all(ids.map((id, index) => deliver(about(id, index % 5 === 0 ? { last_name: "x" } : {}))));
    behaves.how = () => undefined as never;
    const seen: unknown[] = [];
    const error = "permanent: no customer";
    const retried = await receiver.records.retryAll({ error }, { onProgress: (now) => seen.push(now) });
    expect(retried).toEqual({ done: 200, skipped: 0 });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual(retried);
    await receiver.idle();
    expect(events).toHaveLength(450);
    expect(await receiver.records.discardAll({})).toEqual({ done: 50, skipped: 0 });
    expect((await receiver.records.stats()).counts).toMatchObject({ dead: 0, due: 0, settled: 250 });
  });

  test("any.46 stopped half-way what was done stays done, and the rest is as it was", async () => {
    const { receiver, deliver } = await house({ how: dying }, { background: false });
    await Promise.all(ids.map((id) => deliver(about(id))));
    const stop = new AbortController();
    const { done, skipped } = await receiver.records.discardAll(
      {},
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    expect([done, skipped]).toEqual([100, 0]);
    expect((await receiver.records.stats()).counts).toMatchObject({ dead: 150, settled: 100 });
  });

  test("any.47 nothing of what is handled in time is stored, unless it is to be kept", async () => {
    const { receiver, deliver } = await house({ how: () => {} });
    await deliver(about("a", { first_name: "Ada of all people" }));
    const { key } = (await receiver.records.list({ id: "a" })).records[0]!;
    expect(await receiver.records.get(key)).toMatchObject({ kept: false, data: undefined });
  });

  test("any.47 what was handled and is kept can be looked at, and replayed", async () => {
    const { receiver, deliver, events } = await house({ how: () => {} }, { keep: "1d" });
    await deliver(about("a"));
    const { key } = (await receiver.records.list({ id: "a" })).records[0]!;
    expect(await receiver.records.get(key)).toMatchObject({
      state: "settled",
      kept: true,
      data: { data: { id: "a", last_name: "Lovelace" } },
    });
    await receiver.records.retry(key);
    await receiver.idle();
    expect(events.map((event) => event.data.id)).toEqual(["a", "a"]);
    // and once more, as a replay is kept as well
    expect(await receiver.records.retryAll({ state: "settled" })).toEqual({ done: 1, skipped: 0 });
    await receiver.idle();
    expect(events).toHaveLength(3);
    expect((await deliver(about("a"))).status).toBe(200);
    expect(events).toHaveLength(3);
  });

  test("any.48 what is kept of one subject is erased, and that it was handled stays", async () => {
    const behaves = { how: dying };
    const { receiver, deliver, events } = await house(behaves, { keep: "1d" });
    await deliver(about("a", { first_name: "Ada" }));
    behaves.how = () => undefined as never;
    await deliver(about("a", { first_name: "Ada", version: 2 }));
    await deliver(about("b"));
    expect(await receiver.records.erase({ id: "a" })).toEqual({ done: 2, skipped: 0 });
    expect((await receiver.records.list({ id: "a" })).records).toEqual([]);
    const { records } = await receiver.records.list();
    for (const { key, id } of records.filter((one) => one.id !== "b")) {
      const record = await receiver.records.get(key);
      expect([id, record?.data, record?.error, record?.state]).toEqual([
        undefined,
        undefined,
        undefined,
        "settled",
      ]);
    }
    expect((await deliver(about("a", { first_name: "Ada", version: 2 }))).status).toBe(200);
    expect((await deliver(about("a", { first_name: "Ada" }))).status).toBe(200);
    expect(events).toHaveLength(3);
    expect((await receiver.records.get(records.find(({ id }) => id === "b")!.key))?.kept).toBe(true);
  });

  test("any.48 what comes again after it was erased can be erased again", async () => {
    const behaves = {
      how: (): unknown => {
        throw new Error("for now");
      },
    };
    const { receiver, deliver } = await house(behaves, { keep: "1d" });
    expect((await deliver(about("a"))).status).toBe(500);
    expect(await receiver.records.erase({ id: "a" })).toEqual({ done: 1, skipped: 0 });
    behaves.how = () => undefined;
    expect((await deliver(about("a"))).status).toBe(200);
    expect(await receiver.records.erase({ id: "a" })).toEqual({ done: 1, skipped: 0 });
    const { records } = await receiver.records.list();
    expect(records).toMatchObject([{ state: "settled", kept: false }]);
  });

  describe("a record that changed since it was seen", () => {
    /** The records of a place, where another process is quicker than the first person who takes one. */
    function outrun(backend: Backend<any>, change: (work: string) => Change): Backend<any> {
      return {
        ...backend,
        async open(name, options) {
          const records = await backend.open(name, options);
          const lease = { token: "quicker", sequence: 0, leaseMs: 60_000 };
          let isOutrun = false;
          const take: typeof records.take = async (token, which) => {
            if (which?.key !== undefined && !isOutrun) {
              isOutrun = true;
              const { key, work } = (await records.take(lease, { ...which, early: true }))!;
              await records.save(key, { ...lease, sequence: 1 }, change(work));
            }
            return records.take(token, which);
          };
          return { ...records, take };
        },
      };
    }

    const failing = () => {
      throw new Error("for now");
    };

    test("any.46 is left alone where it was handled and kept meanwhile: it is not handled twice", async () => {
      const { receiver, deliver, events } = await openHouse(frameworkNamed("Express 4"), "postback", {
        backend: outrun(open().another(), (work) => ({
          work: null,
          forMs: 60_000,
          kept: work,
          keptForMs: 60_000,
        })),
        handle: failing,
        options: { name: `outrun-${Math.random()}`, onFailure: "accept", answerWithin: "1s" },
      });
      await deliver(about("a"));
      await expect.poll(async () => (await receiver.records.stats()).counts.waiting).toBe(1);
      expect(await receiver.records.retryAll({ state: "waiting" })).toEqual({ done: 0, skipped: 1 });
      await receiver.idle();
      expect(events).toHaveLength(1);
      expect((await receiver.records.list()).records).toMatchObject([{ state: "settled", kept: true }]);
    });

    test("any.46 is left alone where it waits for receiver.answer by now", async () => {
      const { receiver, deliver, events, posts } = await openHouse(frameworkNamed("Express 4"), "upsales", {
        backend: outrun(open().another(), (work) => ({
          work: JSON.stringify({ ...JSON.parse(work), later: true, replied: true }),
          forMs: 60_000,
          held: false,
        })),
        handle: failing,
        options: { name: `outrun-${Math.random()}` },
      });
      await deliver(run);
      await expect.poll(async () => (await receiver.records.stats()).counts.waiting).toBe(1);
      expect(await receiver.records.retryAll({ state: "waiting" })).toEqual({ done: 0, skipped: 1 });
      await receiver.idle();
      const [record] = (await receiver.records.list()).records;
      expect([events.length, record?.state]).toEqual([1, "waiting"]);
      await receiver.answer(record!.key, { callback: { notify: "done" } });
      expect(posts).toHaveLength(1);
    });
  });

  test("any.48 one that is being handled is left alone, which is said", async () => {
    const done = Promise.withResolvers<void>();
    onTestFinished(() => done.resolve());
    const { receiver, deliver, events } = await house({ how: () => done.promise });
    const answering = deliver(about("a"));
    await expect.poll(() => events.length).toBe(1);
    expect(await receiver.records.erase({ id: "a" })).toEqual({ done: 0, skipped: 1 });
    done.resolve();
    await answering;
    expect(await receiver.records.erase({ id: "a" })).toEqual({ done: 1, skipped: 0 });
  });
});

describe("keep", () => {
  const express = frameworkNamed("Express 5");

  test("any.47 an answer with a callback is kept with its event, and its replay posts none", async () => {
    const house = await openHouse(express, "upsales", {
      handle: () => ({ callback: { notify: "done" } }),
      options: { keep: "1h" },
    });
    expect((await house.deliver(run)).json).toEqual({ callback: { notify: "done" } });
    await expect.poll(async () => (await house.receiver.records.stats()).counts.settled).toBe(1);
    const { key } = (await house.receiver.records.list()).records[0]!;
    expect(await house.receiver.records.get(key)).toMatchObject({ kept: true, state: "settled" });
    expect(JSON.stringify(await house.receiver.records.get(key))).not.toContain("integration.upsales.com");
    await house.receiver.records.retry(key);
    await house.receiver.idle();
    expect([house.events.length, house.posts.length]).toEqual([2, 0]);
  });

  test("any.47 for its time, and no longer", async () => {
    const clock = manualClock();
    const house = await openHouse(express, "postback", { clock, options: { keep: "1h" } });
    await house.deliver(about("a"));
    const { key } = (await house.receiver.records.list()).records[0]!;
    await clock.advance(3_599_000);
    expect((await house.receiver.records.get(key))?.kept).toBe(true);
    await clock.advance(1_000);
    expect(await house.receiver.records.get(key)).toMatchObject({ kept: false, data: undefined });
    await expect(house.receiver.records.retry(key)).rejects.toMatchObject({ code: "wrong_state" });
  });

  test("any.47 no longer than its key is remembered, which is refused at creation", () => {
    const receiver = (options: object) => () =>
      createReceiver(postback(), { authenticate: false, handle: () => {}, ...options });
    expect(receiver({ keep: "8d" })).toThrow(/no longer than its key is remembered, 168 h; give retention/);
    expect(receiver({ keep: 0 })).toThrow(/0 keeps nothing/);
  });

  test("any.46 what waits for receiver.answer is not run again by hand", async () => {
    const { later } = await import("@answerback/core");
    const house = await openHouse(express, "upsales", { handle: () => later() });
    await send(house.url, run);
    await expect.poll(async () => (await house.receiver.records.stats()).counts.waiting).toBe(1);
    const { key } = (await house.receiver.records.list({ state: "waiting" })).records[0]!;
    await expect(house.receiver.records.retry(key)).rejects.toThrow(/waits for receiver.answer/);
    expect(await house.receiver.records.retryAll({ state: "waiting" })).toEqual({ done: 0, skipped: 1 });
    await house.receiver.answer(key, { callback: { notify: "done" } });
    expect(house.posts).toHaveLength(1);
  });
});

test("any.46 an engine that goes away ends a bulk call, which says what was done until then", async () => {
  const inner = memory();
  let takes = 0;
  const backend: Backend = {
    ...inner,
    durable: true,
    async open(name) {
      const records = await inner.open(name);
      const take: typeof records.take = (lease, which) => {
        if (which?.early && (takes += 1) > 10) throw new Error("connection refused");
        return records.take(lease, which);
      };
      return { ...records, take };
    },
  };
  const house = await openHouse(frameworkNamed("Koa 3"), "postback", {
    backend,
    options: { background: false },
    handle: () => {
      throw new PermanentError("no");
    },
  });
  for (const id of ids.slice(0, 40)) await house.deliver(about(id));
  const seen: { readonly done: number }[] = [];
  const discarding = house.receiver.records.discardAll({}, { onProgress: (now) => seen.push(now) });
  await expect(discarding).rejects.toMatchObject({ code: "backend_away" });
  expect(seen).toEqual([{ done: 10, skipped: 0 }]);
  expect((await house.receiver.records.stats()).counts).toMatchObject({ dead: 30, settled: 10 });
});
