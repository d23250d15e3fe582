/** memory keeps the contract, and its own bounds. */
import { hash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isAnswerbackError, memory } from "@answerback/core";
import type { MemoryOptions, Warning } from "@answerback/core";
import type { Clock, Records, Taken } from "@answerback/core/backend";
import { backendConformance } from "@answerback/conformance";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";

const create = async () => memoryUnder({});
backendConformance({ name: "memory", create, receivers: true }, { describe, test, expect });

const day = 86_400_000;
const settle = { answer: '"done"', work: null, forMs: day };
const dead = { kind: "dead", forMs: 30 * day } as const;
const accept = { answer: '"accepted"', work: '"event"', forMs: 60_000 };

function memoryUnder(options: MemoryOptions) {
  const clock = manualClock();
  return { backend: memory({ ...options, clock }), advance: clock.advance };
}

async function opened(
  options: MemoryOptions,
): Promise<{ records: Records; advance: ManualClock["advance"] }> {
  const { backend, advance } = memoryUnder(options);
  // what it tells is looked at below
  return { records: await backend.open("receiver", { warn: () => {} }), advance };
}

/** Holds under a token that is the key: one holder a record is enough here. */
function lease(token: string, sequence = 0) {
  return { token, sequence, leaseMs: 60_000 };
}

/** As the receiver's keys are. */
function digest(number: number): string {
  return hash("sha256", `${number}`, "base64url");
}

/** Bytes, after a collection. */
function used(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function claimAndSave(records: Records, key: string, change: object): Promise<void> {
  await records.claim(key, lease(key), { name: null, id: null });
  await records.save(key, lease(key, 1), change);
}

function full(): unknown {
  return expect.toSatisfy((error) => isAnswerbackError(error) && error.code === "backend_full");
}

describe("what memory remembers", () => {
  test("is at most maxKeys settled keys: the longest unused is forgotten first", async () => {
    const { records } = await opened({ maxKeys: 2 });
    await claimAndSave(records, "a", settle);
    await claimAndSave(records, "b", settle);
    await records.claim("a", lease("somebody else"));
    await claimAndSave(records, "c", settle);
    expect(await records.get("b")).toBeUndefined();
    expect((await records.get("a"))?.answer).toBe('"done"');
    expect((await records.get("c"))?.answer).toBe('"done"');
  });

  test("is the maxKeys keys that were used last, whoever asked for which and however many there are", async () => {
    const maxKeys = 2_000;
    const { records } = await opened({ maxKeys });
    const inOrder = new Set<string>();
    const use = async (key: string) => {
      if ((await records.claim(key, lease(key))).state === "claimed")
        await records.save(key, lease(key, 1), settle);
      await records.claim(key, lease("somebody else"));
      inOrder.delete(key);
      inOrder.add(key);
      if (inOrder.size > maxKeys) inOrder.delete(inOrder.values().next().value!);
    };
    let random = 1;
    for (let count = 0; count < 20_000; count += 1) {
      random = (random * 48_271) % 2_147_483_647;
      await use(digest(random % 5_000));
    }
    for (let number = 0; number < 5_000; number += 1) {
      const key = digest(number);
      expect([key, (await records.get(key)) !== undefined]).toEqual([key, inOrder.has(key)]);
    }
  });

  test("keeps apart keys that are nearly the same, be they digests or any other text", async () => {
    const { records } = await opened({});
    const [one, last] = [digest(1), "AEIMQUYcgkosw048"];
    const keys = [
      one,
      ...Array.from(last, (character) => one.slice(0, -1) + character),
      `${one}=`,
      `${one}A`,
    ];
    keys.push(
      one.slice(0, -1),
      one.slice(0, -1) + "B",
      one.replaceAll(/[-_]/g, "+"),
      "",
      "\ud800",
      "\udbff",
      "\ufffd",
    );
    const apart = [...new Set(keys)];
    for (const key of apart) await claimAndSave(records, key, { ...settle, answer: JSON.stringify(key) });
    for (const key of apart) expect((await records.get(key))?.answer).toBe(JSON.stringify(key));
  });

  test("takes at most 340 bytes a key beside its answer, listed as it is, also after many others were forgotten", async () => {
    const { records, advance } = await opened({ maxKeys: 60_000 });
    const name = JSON.stringify("order.insert");
    const fill = async (from: number, to: number) => {
      for (let number = from; number < to; number += 1) {
        const [key, token] = [digest(number), `the holder of nothing but ${number}`];
        await records.claim(key, lease(token), { name, id: `"${number}"` });
        await records.save(key, lease(token, 1), settle);
        if (number % 20 === 0) await advance(1);
      }
    };
    await fill(0, 10_000);
    const before = used();
    await fill(10_000, 200_000);
    expect((used() - before) / 50_000).toBeLessThan(340);
  });

  test("takes no room before it is there, whatever the bounds", async () => {
    const most = Number.MAX_SAFE_INTEGER;
    const { records } = await opened({ maxKeys: most, maxAnswerBytes: most, maxPending: most });
    await claimAndSave(records, "a", settle);
    expect((await records.get("a"))?.answer).toBe('"done"');
  });

  test("is gone for good when something large needs its room", async () => {
    const { records } = await opened({ maxAnswerBytes: 20_000 });
    for (let number = 0; number < 1_000; number += 1) await claimAndSave(records, digest(number), settle);
    await claimAndSave(records, "large", { ...settle, answer: JSON.stringify("x".repeat(9_000)) });
    const kept = await Promise.all(
      Array.from({ length: 1_000 }, async (_, number) => records.get(digest(number))),
    );
    expect(kept.findIndex((entry) => entry !== undefined)).toBe(834);
    expect(kept.filter((entry) => entry !== undefined).length).toBe(166);
  });

  test("knows of a free record whether its holder gave it up", async () => {
    const { records } = await opened({});
    await claimAndSave(records, "a", { forMs: 0, held: false });
    await records.save("a", lease("a", 2), { forMs: day });
    await claimAndSave(records, "b", { forMs: 0 });
    await records.save("b", lease("b", 2), { forMs: day });
    const states = ["a", "b"].map(async (key) => (await records.get(key))?.state);
    expect(await Promise.all(states)).toEqual(["waiting", "held"]);
  });

  test("is not kept longer by looking at it", async () => {
    const { records } = await opened({ maxKeys: 2 });
    await claimAndSave(records, "a", settle);
    await claimAndSave(records, "b", settle);
    await records.get("a");
    await claimAndSave(records, "c", settle);
    expect(await records.get("a")).toBeUndefined();
  });

  test("is at most maxAnswerBytes of answers and notes, two a character", async () => {
    const { records } = await opened({ maxAnswerBytes: 1_000 });
    const large = JSON.stringify("x".repeat(200));
    await claimAndSave(records, "a", { ...settle, answer: large });
    await claimAndSave(records, "b", { note: large, forMs: 0 });
    expect((await records.get("a"))?.answer).toBe(large);
    await claimAndSave(records, "c", { ...settle, answer: large });
    expect(await records.get("a")).toBeUndefined();
    expect((await records.get("b"))?.note).toBe(large);
  });

  test("forgets an answer larger than maxAnswerBytes at once rather than everything else", async () => {
    const { records } = await opened({ maxAnswerBytes: 1_000 });
    await claimAndSave(records, "a", settle);
    await claimAndSave(records, "b", { ...settle, answer: JSON.stringify("x".repeat(1_000)) });
    expect(await records.get("b")).toBeUndefined();
    expect((await records.get("a"))?.answer).toBe('"done"');
    await records.save("a", lease("a", 2), { answer: JSON.stringify("x".repeat(1_000)) });
    expect(await records.get("a")).toBeUndefined();
  });

  test("includes free records with their notes, which are bounded as well", async () => {
    const { records } = await opened({ maxKeys: 2 });
    for (const key of ["a", "b", "c"]) await claimAndSave(records, key, { note: '"why"', forMs: 0 });
    expect(await records.claim("a", lease("next"))).toEqual({ state: "claimed", attempts: 1, note: null });
    expect(await records.claim("c", lease("next"))).toEqual({ state: "claimed", attempts: 2, note: '"why"' });
  });

  test("includes holds that lapsed, as soon as their room is needed", async () => {
    const { records, advance } = await opened({ maxKeys: 2, maxPending: 2 });
    await records.claim("a", lease("a"));
    await records.claim("b", lease("b"));
    await advance(60_000);
    expect((await records.claim("c", lease("c"))).state).toBe("claimed");
    expect(await records.claim("a", lease("next"))).toEqual({ state: "claimed", attempts: 2, note: null });
  });

  test("has no room taken by what is held again", async () => {
    const { records } = await opened({ maxKeys: 2 });
    await claimAndSave(records, "settled", settle);
    await claimAndSave(records, "free", { note: '"why"', forMs: 0 });
    await records.claim("free", lease("next"));
    await claimAndSave(records, "another", settle);
    expect((await records.get("settled"))?.answer).toBe('"done"');
  });

  test("never pushes out what is held, due or waiting, nor what is dead", async () => {
    const { records } = await opened({ maxKeys: 1 });
    await records.claim("held", lease("held"));
    await claimAndSave(records, "accepted", accept);
    await claimAndSave(records, "due", { ...accept, forMs: 0 });
    await claimAndSave(records, "waiting", { ...accept, held: false });
    await claimAndSave(records, "dead", { ...accept, ...dead });
    for (let number = 0; number < 100; number += 1) await claimAndSave(records, `${number}`, settle);
    const kept = await Promise.all(
      ["held", "accepted", "due", "waiting", "dead"].map(async (key) => records.get(key)),
    );
    expect(kept.map((entry) => entry?.key)).toEqual(["held", "accepted", "due", "waiting", "dead"]);
  });
});

describe("what memory tells", () => {
  async function openedWith(options: MemoryOptions) {
    const { backend, advance } = memoryUnder(options);
    const told: Warning[] = [];
    return { records: await backend.open("receiver", { warn: (one) => told.push(one) }), told, advance };
  }

  test("is once that an answer was forgotten before its time, for want of keys or of bytes", async () => {
    const large = { ...settle, answer: JSON.stringify("x".repeat(300)) };
    for (const [options, change] of [
      [{ maxKeys: 1 }, settle],
      [{ maxAnswerBytes: 700 }, large],
      [{ maxAnswerBytes: 100 }, large],
    ] as const) {
      const { records, told } = await openedWith(options);
      for (const key of ["a", "b", "c", "d"]) await claimAndSave(records, key, change);
      expect(told).toMatchObject([{ code: "key_forgotten_early" }]);
    }
  });

  test("is nothing where what was forgotten owed no more: its retention was over, or it had no answer", async () => {
    const { records, told, advance } = await openedWith({ maxKeys: 1 });
    await claimAndSave(records, "settled", settle);
    await advance(day);
    await claimAndSave(records, "free", { note: '"why"', forMs: 0 });
    await claimAndSave(records, "last", settle);
    expect([await records.get("free"), told]).toEqual([undefined, []]);
  });

  test("is that a dead letter was dropped: at first, and when as many are gone as are kept", async () => {
    const { records, told } = await openedWith({ maxDead: 2 });
    const codes = [];
    for (const key of ["a", "b", "c", "d", "e"]) {
      await claimAndSave(records, key, { ...accept, ...dead });
      codes.push(told.length);
    }
    expect(codes).toEqual([0, 0, 1, 1, 2]);
    expect((await records.list({ state: "dead", limit: 10 })).entries.map(({ key }) => key)).toEqual([
      "e",
      "d",
    ]);
    expect(await records.get("a")).toBeUndefined();
  });

  test("is not that dead letters made room whose time was over", async () => {
    const { records, told, advance } = await openedWith({ maxDead: 1 });
    await claimAndSave(records, "a", { ...accept, ...dead });
    await advance(30 * day);
    await claimAndSave(records, "b", { ...accept, ...dead });
    expect(told).toEqual([]);
  });

  test("goes to the process where nobody gave a function for it", async () => {
    const emitted = vi.spyOn(process, "emitWarning").mockReturnValue();
    onTestFinished(() => emitted.mockRestore());
    const records = await memory({ maxKeys: 1 }).open("receiver");
    for (const key of ["a", "b"]) await claimAndSave(records, key, settle);
    const [[message, details]] = emitted.mock.calls as any;
    expect([message, details.code]).toEqual([expect.stringMatching(/raise maxKeys/), "key_forgotten_early"]);
  });
});

describe("dead letters in memory", () => {
  test("take nothing of maxPending, and pending records nothing of maxDead", async () => {
    const { records } = await opened({ maxPending: 1, maxDead: 1 });
    for (const key of ["a", "b", "c"]) await claimAndSave(records, key, { ...accept, ...dead });
    await claimAndSave(records, "due", { ...accept, forMs: 0 });
    expect((await records.list({ state: "dead", limit: 10 })).entries.map(({ key }) => key)).toEqual(["c"]);
    expect((await records.take(lease("worker")))?.key).toBe("due");
  });

  test("may be changed while there is no room for what is pending", async () => {
    const { records } = await opened({ maxPending: 1 });
    await claimAndSave(records, "dead", { ...accept, ...dead });
    await records.claim("held", lease("held"));
    expect(records.save("dead", lease("dead", 2), { note: '"why"' })).toBe(true);
    expect((await records.list({ state: "dead", limit: 10 })).entries).toMatchObject([
      { key: "dead", note: '"why"' },
    ]);
  });

  test("are taken by people while there is room for what is pending, and else stay dead", async () => {
    const { records } = await opened({ maxPending: 1 });
    await claimAndSave(records, "dead", { ...accept, ...dead });
    await records.claim("held", lease("held"));
    expect(() => records.take(lease("person"), { key: "dead", early: true })).toThrow(full());
    expect((await records.list({ state: "dead", limit: 10 })).entries).toMatchObject([{ key: "dead" }]);
  });

  test("cost the same to list, however many there are", async () => {
    const listing = async (count: number) => {
      const { records } = await opened({ maxDead: count });
      for (let number = 0; number < count; number += 1)
        await claimAndSave(records, digest(number), { ...accept, ...dead });
      const { next } = await records.list({ state: "dead", limit: count / 2 });
      const page = { state: "dead", limit: 10, after: next! } as const;
      return () => {
        const began = performance.now();
        for (let time = 0; time < 1_000; time += 1) void records.list(page);
        return performance.now() - began;
      };
    };
    const [few, many] = [await listing(100), await listing(20_000)];
    const rounds = Array.from({ length: 5 }, () => [few(), many()] as const);
    const fastest = (which: 0 | 1) => Math.min(...rounds.map((round) => round[which]));
    expect(fastest(1) / fastest(0)).toBeLessThan(10);
  });
});

describe("above maxPending", () => {
  test("a claim that would add a record throws backend_full and leaves no trace", async () => {
    const { records } = await opened({ maxPending: 1 });
    await records.claim("a", lease("a"));
    expect(() => records.claim("b", lease("b"))).toThrow(full());
    expect(await records.get("b")).toBeUndefined();
  });

  test("a claim of a free record is refused as well, and leaves it as it was", async () => {
    const { records } = await opened({ maxPending: 1 });
    await claimAndSave(records, "free", { note: '"why"', forMs: 0 });
    await records.claim("a", lease("a"));
    expect(() => records.claim("free", lease("next"))).toThrow(full());
    expect(await records.get("free")).toMatchObject({ attempts: 1, note: '"why"' });
  });

  test("duplicates are answered, and what is pending can be worked off, which makes room", async () => {
    const { records } = await opened({ maxPending: 1 });
    await claimAndSave(records, "settled", settle);
    await records.claim("a", lease("a"));
    expect((await records.claim("settled", lease("x"))).state).toBe("settled");
    expect((await records.claim("a", lease("x"))).state).toBe("held");
    expect(await records.save("a", lease("a", 1), { ...accept, forMs: 0 })).toBe(true);
    expect((await records.take(lease("worker")))?.key).toBe("a");
    expect(await records.save("a", lease("worker", 1), settle)).toBe(true);
    expect((await records.claim("b", lease("b"))).state).toBe("claimed");
  });

  test("a save that gives work to a settled record throws, and may be repeated when there is room", async () => {
    const { records } = await opened({ maxPending: 1 });
    await claimAndSave(records, "settled", settle);
    await records.claim("a", lease("a"));
    expect(() => records.save("settled", lease("settled", 2), accept)).toThrow(full());
    expect((await records.get("settled"))?.work).toBeNull();
    await records.save("a", lease("a", 1), settle);
    expect(await records.save("settled", lease("settled", 2), accept)).toBe(true);
    expect((await records.get("settled"))?.work).toBe('"event"');
  });

  test("each receiver has room of its own", async () => {
    const { backend } = memoryUnder({ maxPending: 1 });
    const [one, two] = [await backend.open("one"), await backend.open("two")];
    await one.claim("a", lease("a"));
    expect((await two.claim("a", lease("b"))).state).toBe("claimed");
  });
});

describe("memory", () => {
  test("says that it is not durable", () => {
    expect(memory().durable).toBe(false);
  });

  test("answers within the call: a verb returns its value, no promise", async () => {
    const { records } = await opened({});
    expect(records.claim("key", lease("key"))).toEqual({ state: "claimed", attempts: 1, note: null });
    expect(records.save("key", lease("key", 1), { ...accept, forMs: 0 })).toBe(true);
    expect(records.get("key")).toMatchObject({ key: "key", work: '"event"' });
    expect(records.take(lease("worker"))).toMatchObject({ key: "key", attempts: 2 });
    expect(records.list({ state: "dead", limit: 10 })).toEqual({ entries: [], next: null });
  });

  test("closes every receiver on it, and remembers for the next that opens", async () => {
    const { backend, advance } = memoryUnder({});
    const records = await backend.open("receiver");
    const got: string[] = [];
    records.work({
      slots: { run: 1, post: 1 },
      leaseMs: 60_000,
      each: async ({ key }) => void got.push(key),
    });
    await backend.close();
    const again = await backend.open("receiver");
    await claimAndSave(again, "key", { ...accept, forMs: 0 });
    await advance(5_000);
    expect(got).toEqual([]);
    expect(await records.get("key")).toEqual(await again.get("key"));
  });

  test("refuses bounds that bound nothing, and names the option", () => {
    for (const option of ["maxKeys", "maxAnswerBytes", "maxPending", "maxDead"]) {
      for (const value of [0, -1, 1.5, Number.NaN, Infinity]) {
        expect(() => memory({ [option]: value })).toThrow(new RegExp(`memory: ${option}: `));
      }
    }
  });

  test("wakes its workers when a save makes something due: no clock has to move", async () => {
    const { records } = await opened({});
    const got: string[] = [];
    const stop = records.work({
      slots: { run: 1, post: 1 },
      leaseMs: 60_000,
      each: async ({ key }) => void got.push(key),
    });
    await Promise.resolve();
    await claimAndSave(records, "key", { ...accept, forMs: 0 });
    await stop();
    expect(got).toEqual(["key"]);
  });

  test("sleeps until its next work is due, whatever becomes due sooner meanwhile", async () => {
    const clock = manualClock();
    let waits = 0;
    const counting = {
      ...clock,
      after: (...wait: Parameters<Clock["after"]>) => (waits++, clock.after(...wait)),
    };
    const records = await memory({ clock: counting }).open("receiver");
    const got: [key: string, atMs: number][] = [];
    const began = clock.now();
    const each = async ({ key }: Taken, token: string) => {
      got.push([key, clock.now() - began]);
      await records.save(key, lease(token, 1), { work: null, forMs: day });
    };
    const stop = records.work({ slots: { run: 2, post: 2 }, leaseMs: 60_000, each });
    await claimAndSave(records, "tomorrow", { ...accept, forMs: day });
    await claimAndSave(records, "in an hour", { ...accept, forMs: 3_600_000 });
    await claimAndSave(records, "in a minute", { ...accept, forMs: 60_000 });
    await claimAndSave(records, "never", { ...accept, ...dead });
    await clock.advance(2 * day);
    expect(got).toEqual([
      ["in a minute", 60_000],
      ["in an hour", 3_600_000],
      ["tomorrow", day],
    ]);
    expect(waits).toBeLessThan(20);
    await stop();
  });
});
