/** queued(): what a carrier may do with keys, and what becomes of the records all the same. */
import { memory } from "@answerback/core";
import {
  queued,
  type Backend,
  type Carrier,
  type FeedOptions,
  type Saving,
  type Taken,
  type Warning,
} from "@answerback/core/backend";
import { describe, expect, test } from "vitest";
import { fakeBackend, fakeCarrier } from "../support/carrier-fakes.ts";
import { manualClock } from "../support/manual-clock.ts";

const leaseMs = 60_000;

/** Somebody works, on a clock that stands. */
async function working(options: FeedOptions = {}) {
  const [backend, carrier, clock] = [fakeBackend(), fakeCarrier(), manualClock()];
  const both = queued(backend, carrier, { clock, ...options });
  const told: Warning[] = [];
  const records = await both.open("receiver", { warn: (warning) => told.push(warning) });
  const got: { readonly taken: Taken; readonly token: string; readonly finish: () => void }[] = [];
  const each = (taken: Taken, token: string) =>
    new Promise<void>((finish) => void got.push({ taken, token, finish }));
  const stop = records.work({ slots: { run: 7, post: 4 }, leaseMs, each });
  const keys = () => got.map(({ taken }) => taken.key);
  return { backend, carrier, clock, both, records, got, keys, stop, told };
}

/** Whatever has been resolved so far goes on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("what is due", () => {
  test("is added at once when work begins, then every second", async () => {
    const { backend, carrier, clock } = await working();
    backend.makeDue("key");
    await clock.advance(0);
    expect(carrier.added).toEqual([[{ id: expect.stringMatching(/^[\w-]{43}$/), key: "key" }]]);
    await clock.advance(999);
    expect(backend.looks).toBe(1);
    await clock.advance(1);
    expect(backend.looks).toBe(2);
    await clock.advance(10_000);
    expect(backend.looks).toBe(12);
  });

  test("is added at once when a transaction here made it due", async () => {
    const [backend, carrier, clock] = [fakeBackend(), fakeCarrier(), manualClock()];
    const withRun: Backend<any> = {
      ...backend,
      open: async (name) => ({
        ...(await backend.open(name)),
        run: async (handle: (db: object) => Promise<readonly Saving[]>) => {
          for (const { key } of await handle({})) backend.makeDue(key);
          return true;
        },
      }),
    };
    const records = await queued(withRun, carrier, { clock }).open("receiver");
    records.work({ slots: { run: 1, post: 1 }, leaseMs, each: async () => {} });
    await clock.advance(150);
    const lease = { token: "token", sequence: 1, leaseMs };
    await records.run?.(async () => [{ key: "key", lease, change: { work: '"post"', forMs: 0 } }]);
    await clock.advance(0);
    expect(carrier.added).toHaveLength(1);
  });

  test("is looked for as often as said, so many at a time", async () => {
    const { backend, carrier, clock } = await working({ everyMs: 50, atOnce: 2 });
    backend.makeDue("a", "b", "c");
    await clock.advance(100);
    expect(backend.looks).toBe(3);
    expect(carrier.added[0]!.map(({ key }) => key)).toEqual(["a", "b"]);
  });

  test("has one id while it is due, and another when it is due again", async () => {
    const { backend, carrier, clock } = await working();
    backend.makeDue("key", "other");
    await clock.advance(1_000);
    const [first, second] = carrier.added;
    expect(second).toEqual(first);
    backend.makeDue("key");
    await clock.advance(1_000);
    const ids = carrier.added.flatMap((jobs) => jobs.map(({ id }) => id));
    expect(new Set(ids).size).toBe(3);
  });

  test("is added at once when a save here made it due: many saves, one look", async () => {
    const { backend, carrier, clock, records } = await working();
    await clock.advance(500);
    const lease = { token: "x", sequence: 1, leaseMs };
    for (const key of ["a", "b", "c"]) await records.save(key, lease, { work: "1", forMs: 0 });
    await clock.advance(0);
    expect(carrier.added.map((jobs) => jobs.length)).toEqual([3]);
    for (const key of ["d", "e"]) await records.save(key, lease, { work: "1", forMs: 0 });
    await clock.advance(99);
    expect(backend.looks).toBe(2);
    await clock.advance(1);
    expect(carrier.added.map((jobs) => jobs.length)).toEqual([3, 5]);
  });

  test("while others are being added is looked for right after, one look at a time", async () => {
    const { backend, carrier, clock, records } = await working();
    backend.makeDue("key");
    carrier.adding = "hangs";
    await clock.advance(500);
    await records.save("other", { token: "x", sequence: 1, leaseMs }, { work: "1", forMs: 0 });
    await clock.advance(9_499);
    expect(backend.looks).toBe(1);
    await clock.advance(1);
    expect(backend.looks).toBe(2);
  });

  test("is not looked for after the stop, not even where that came while others were added", async () => {
    const { backend, carrier, clock, stop } = await working();
    backend.makeDue("key");
    carrier.adding = "hangs";
    await clock.advance(0);
    await stop();
    await clock.advance(30_000);
    expect(backend.looks).toBe(1);
  });

  test("is not looked for when a save made nothing due", async () => {
    const { backend, clock, records } = await working();
    await clock.advance(500);
    const lease = { token: "x", sequence: 1, leaseMs };
    for (const change of [
      { forMs: 100 },
      { kind: "dead", forMs: 100 } as const,
      { work: null, forMs: 0 },
      {},
    ])
      await records.save("key", lease, change);
    await clock.advance(400);
    expect(backend.looks).toBe(1);
  });

  test("is not added by a process that does not work", async () => {
    const [backend, carrier, clock] = [fakeBackend(), fakeCarrier(), manualClock()];
    const records = await queued(backend, carrier, { clock }).open("receiver");
    backend.makeDue("key");
    await records.save("key", { token: "x", sequence: 1, leaseMs }, { forMs: 0 });
    await clock.advance(10_000);
    expect([backend.looks, carrier.added]).toEqual([0, []]);
  });
});

describe("a key that is handed out", () => {
  test("is taken under a fresh token, and worked", async () => {
    const { backend, carrier, clock, got, keys } = await working();
    backend.makeDue("a", "b");
    await clock.advance(0);
    void carrier.deliver();
    await settle();
    expect(keys()).toEqual(["a", "b"]);
    expect(new Set(got.map(({ token }) => token)).size).toBe(2);
    expect(Object.values(carrier.slots)).toEqual([7, 4]);
  });

  test("comes through the queue of its kind of work", async () => {
    const { backend, carrier, clock } = await working();
    backend.makeDue("run 1", "post 1", "run 2");
    await clock.advance(0);
    expect(carrier.added.map((jobs) => jobs.map(({ key }) => key))).toEqual([["run 1", "run 2"], ["post 1"]]);
    expect(carrier.names[1]).toMatch(/-posts-/);
  });

  test("twice is worked once", async () => {
    const { backend, carrier, clock, keys } = await working();
    backend.makeDue("key");
    await clock.advance(0);
    void carrier.deliver(2);
    await settle();
    expect(keys()).toEqual(["key"]);
  });

  test("while its record is away comes again", async () => {
    const { backend, carrier, clock, keys } = await working();
    backend.makeDue("key");
    await clock.advance(0);
    backend.isAway = true;
    await carrier.deliver();
    await clock.advance(5_000);
    expect(keys()).toEqual([]);
    backend.isAway = false;
    await clock.advance(1_000);
    void carrier.deliver();
    await settle();
    expect(keys()).toEqual(["key"]);
  });

  test("after the stop is left to others, untaken", async () => {
    const { backend, carrier, clock, stop, keys } = await working();
    backend.makeDue("key");
    await clock.advance(0);
    await stop();
    await carrier.deliver();
    expect([keys(), backend.calls]).toEqual([[], []]);
  });
});

describe("an engine", () => {
  test("that loses everything gets it again", async () => {
    const { backend, carrier, clock, keys } = await working();
    backend.makeDue("key");
    carrier.adding = "loses";
    await clock.advance(3_000);
    expect(carrier.inside.size).toBe(0);
    carrier.adding = "takes";
    await clock.advance(1_000);
    void carrier.deliver();
    await settle();
    expect(keys()).toEqual(["key"]);
  });

  test.each(["rejects", "hangs"] as const)("that %s gets it later, and is told of once", async (adding) => {
    const { backend, carrier, clock, told } = await working();
    backend.makeDue("key");
    carrier.adding = adding;
    await clock.advance(9_000);
    expect(told).toEqual([]);
    await clock.advance(60_000);
    const why = adding === "rejects" ? "refused" : "did not answer within 10000 ms";
    expect(told).toEqual([{ code: "carrier_away", message: expect.stringContaining(why) }]);
    carrier.adding = "takes";
    await clock.advance(20_000);
    expect([...carrier.inside.values()]).toEqual(["key"]);
    carrier.adding = adding;
    await clock.advance(60_000);
    expect(told).toHaveLength(2);
  });
});

describe("closing", () => {
  test("stops the work, then closes the queues and the engine, and waits for nobody's handler", async () => {
    const { backend, carrier, clock, both, records, got } = await working();
    backend.makeDue("key");
    await clock.advance(0);
    void carrier.deliver();
    await settle();
    await records.close();
    expect(backend.calls).toEqual(["take key", "close records"]);
    expect(carrier.calls).toEqual(["stop", "stop"]);
    got[0]!.finish();
    await settle();
    expect(carrier.calls).toEqual(["stop", "stop", "stopped", "stopped", "close queue", "close queue"]);
    await clock.advance(10_000);
    expect(backend.looks).toBe(1);
    await both.close();
    expect([carrier.calls.at(-1), backend.calls.at(-1)]).toEqual(["close", "close"]);
  });

  test("the backend closes its records too", async () => {
    const { backend, carrier, clock, both } = await working();
    await clock.advance(0);
    await both.close();
    await settle();
    expect(backend.calls).toEqual(["close records", "close"]);
    expect(carrier.calls).toContain("close queue");
    await clock.advance(10_000);
    expect(backend.looks).toBe(1);
  });

  test("twice is once", async () => {
    const { carrier, records, stop } = await working();
    await Promise.all([stop(), stop(), records.close(), records.close()]);
    await settle();
    expect(carrier.calls).toEqual(["stop", "stop", "stopped", "stopped", "close queue", "close queue"]);
  });
});

describe("opening", () => {
  test("a backend that cannot say what is due is refused, and left closed", async () => {
    const backend = memory();
    const both = queued(backend, fakeCarrier());
    const refused = { option: "backend", code: "invalid" };
    await expect(both.open("receiver")).rejects.toMatchObject(refused);
    await expect(both.open("receiver")).rejects.toMatchObject(refused);
    await backend.open("receiver");
  });

  test("a carrier that does not open closes the records", async () => {
    const backend = fakeBackend();
    const carrier: Carrier = { ...fakeCarrier(), open: () => Promise.reject(new Error("no")) };
    const both = queued(backend, carrier);
    await expect(both.open("receiver")).rejects.toThrow("no");
    expect(backend.calls).toEqual(["close records"]);
    await both.close();
  });

  test("queues are named after receivers, and no two alike", async () => {
    const carrier = fakeCarrier();
    const both = queued(fakeBackend(), carrier);
    const names = ["upsales", "a:b", "a b", "a-b", "å", "", "\ud800", "\ud801", "x".repeat(300)];
    for (const name of names) await both.open(name);
    expect(carrier.names[0]).toMatch(/^upsales-/);
    expect(new Set(carrier.names).size).toBe(2 * names.length);
    for (const name of carrier.names) expect(name).toMatch(/^[\w.-]{1,49}$/);
  });

  test("is as durable as its records, and a transaction goes where they are", async () => {
    const backend = fakeBackend();
    const open = backend.open;
    backend.open = async (name) => ({ ...(await open(name)), run: async () => true });
    const both = queued(backend, fakeCarrier());
    const records = await both.open("receiver");
    expect([both.durable, await records.run?.(async () => [])]).toEqual([true, true]);
    expect("run" in (await queued(fakeBackend(), fakeCarrier()).open("receiver"))).toBe(false);
  });

  test.each([
    [{ everyMs: 0 }, "out_of_range"],
    [{ atOnce: -1 }, "out_of_range"],
    [{ everyMs: 1.5 }, "invalid"],
  ])("refuses %o", (options, code) => {
    expect(() => queued(fakeBackend(), fakeCarrier(), options)).toThrow(expect.objectContaining({ code }));
  });
});
