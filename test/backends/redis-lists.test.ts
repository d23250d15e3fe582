/** redis and its lists: sets that shrink, records that somebody removed, pages that end early, what older versions left. */
import { hash, randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { About, Change, Records } from "@answerback/core/backend";
import { redis } from "@answerback/redis";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { startRedis } from "../support/redis-server.ts";
import { removeAll } from "../support/redis-store.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const lease = (token: string, sequence = 0) => ({ token, sequence, leaseMs: minute });
const answer = '"yes"';
const about = { name: '"order.insert"', id: '"4711"' };
const settled: Change = { answer, work: null, forMs: day };
const paused: Change = { answer, work: '"event"', kind: "paused" };
const dead: Change = { answer, work: '"event"', kind: "dead", note: '"error"', forMs: 2 * day };

async function make(records: Records, key: string, change?: Change, of: About = about): Promise<void> {
  await records.claim(key, lease(key), of);
  if (change) await records.save(key, lease(key, 1), change);
}

const keysOf = async (records: Records, filter: object = {}) =>
  (await records.list({ limit: 1_000, ...filter })).entries.map(({ key }) => key);

describeWith("redis")("the lists of redis", () => {
  async function opened({ shards = 1 } = {}) {
    const [url, prefix] = [engineOf("redis").at, `test-${randomUUID()}`];
    const at = { offsetMs: 0 };
    const open = () => redis({ url, prefix, shards, clockOffsetMs: () => at.offsetMs });
    const backend = open();
    const client = new Redis(url);
    onTestFinished(async () => {
      await backend.close();
      client.disconnect();
      await removeAll(url, prefix);
    });
    /** What is in Redis but records, for one shard or all. */
    async function namesLeft(): Promise<string[]> {
      const names = await client.keys(`${prefix}:*`);
      const ours = names.filter((name) => !/:(record|kept):|:receivers$|\}$/.test(name));
      return ours.map((name) => name.split("}:")[1]!).toSorted();
    }
    /** Lets that time pass, and then processes come by, each of which sweeps at its first claim, until it is so. */
    async function sweptAfter(ms: number, isSo: () => Promise<boolean>): Promise<void> {
      at.offsetMs += ms;
      for (let process = 0; process < 5 && !(await isSo()); process += 1) {
        const other = open();
        onTestFinished(() => other.close());
        await (await other.open("receiver")).claim(`passing by ${process}`, lease("x"));
        for (let times = 0; times < 100 && !(await isSo()); times += 1) await setTimeout(5);
        at.offsetMs += 2 * hour;
      }
      expect(await isSo()).toBe(true);
    }
    /** How many records are in the segments. */
    async function listed(): Promise<number> {
      const segments = await client.keys(`${base}segment:*`);
      const lengths = await Promise.all([...segments, `${base}arrived`].map((name) => client.llen(name)));
      return lengths.reduce((sum, length) => sum + length);
    }
    const base = `${prefix}:{receiver:0}:`;
    return {
      records: await backend.open("receiver"),
      backend,
      client,
      base,
      at,
      open,
      namesLeft,
      sweptAfter,
      listed,
    };
  }

  test.each([1, 3])("leave nothing behind of what is gone, on %i shards", async (shards) => {
    const { records, namesLeft, sweptAfter } = await opened({ shards });
    for (let at = 0; at < 60; at += 1) {
      const of = { name: `"name ${at % 5}"`, id: `"${at}"` };
      const change = [
        settled,
        dead,
        paused,
        undefined,
        { note: "1", forMs: 0 },
        { ...settled, kept: "1", keptForMs: hour },
      ][at % 6];
      await make(records, `${at}`, change, of);
      if (change !== paused) continue;
      expect(await records.take(lease("person"), { key: `${at}`, early: true })).toBeDefined();
      await records.save(`${at}`, lease("person", 1), { work: null, forMs: day });
    }
    expect((await keysOf(records)).length).toBe(60);
    expect(await keysOf(records, { id: '"7"' })).toEqual(["7"]);
    expect((await namesLeft()).length).toBeGreaterThan(20);
    await sweptAfter(8 * day, async () => (await namesLeft()).length === 0);
  });

  test("keep what is not gone, however often somebody looks whether it is", async () => {
    const { records, sweptAfter, listed } = await opened();
    await make(records, "paused", paused);
    await make(records, "dead", { ...dead, forMs: 90 * day });
    await make(records, "settled", settled);
    expect((await keysOf(records)).length).toBe(3);
    for (let weeks = 1; weeks <= 4; weeks += 1) await sweptAfter(7 * day, async () => (await listed()) === 2);
    for (const filter of [{}, { name: about.name }, { id: about.id }])
      expect((await keysOf(records, filter)).toSorted()).toEqual(["dead", "paused"]);
    expect(await keysOf(records, { state: "paused" })).toEqual(["paused"]);
    expect(await keysOf(records, { state: "dead" })).toEqual(["dead"]);
  });

  test("leave nothing behind of what would have been kept for good and was settled after all", async () => {
    const { records, namesLeft, sweptAfter, client, base, at } = await opened();
    await make(records, "key", { ...dead, forMs: Number.MAX_SAFE_INTEGER });
    expect(await keysOf(records)).toEqual(["key"]);
    const nextLook = async () =>
      Number((await client.zrange(`${base}look`, "0", "-1", "WITHSCORES"))[1] ?? 0);
    await sweptAfter(2 * hour, async () => (await nextLook()) > Date.now() + at.offsetMs + 5 * day);
    await records.take(lease("person"), { key: "key", early: true });
    await records.save("key", lease("person", 1), { work: null, forMs: day });
    await sweptAfter(9 * day, async () => (await namesLeft()).length === 0);
  });

  test("leave nothing behind of an id that was erased, nor of one that came again", async () => {
    const { records, client, base, namesLeft, sweptAfter } = await opened();
    const ids = async () => (await namesLeft()).filter((name) => name.startsWith("id:"));
    for (const key of ["erased", "again"]) await make(records, key, { note: "1", forMs: 0 });
    for (const key of ["erased", "again"]) await records.erase(key, { answer, forMs: day });
    await make(records, "again", undefined, { ...about, id: '"new"' });
    await records.save("again", lease("again", 1), { answer, work: null, forMs: 30 * day });
    expect(await keysOf(records, { id: '"new"' })).toEqual(["again"]);
    await sweptAfter(
      2 * hour,
      async () => (await ids()).length === 1 && (await client.exists(`${base}open`)) === 1,
    );
    expect(await keysOf(records, { id: '"new"' })).toEqual(["again"]);
    await sweptAfter(40 * day, async () => (await namesLeft()).length === 0);
  });

  test("close a segment that is large, also if nobody asks for it", async () => {
    const { records, client, base, listed } = await opened();
    const keys = Array.from({ length: 1_200 }, (_, at) => `${at}`);
    for (const key of keys) await make(records, key);
    for (let times = 0; times < 500 && (await client.llen(`${base}arrived`)) > 500; times += 1)
      await setTimeout(5);
    expect(await client.llen(`${base}arrived`)).toBeLessThan(500);
    expect(await listed()).toBe(1_200);
    for (const filter of [{}, { name: about.name }, { id: about.id }]) {
      const first = await records.list({ limit: 900, ...filter });
      const second = await records.list({ limit: 900, after: first.next!, ...filter });
      const all = [...first.entries, ...second.entries].map(({ key }) => key);
      expect([all.length, new Set(all).size, second.next]).toEqual([1_200, 1_200, null]);
      expect([all[0], all.at(-1)]).toEqual(["1199", "0"]);
    }
  });

  test("have no ms in two segments, so that the keys of one ms stay in their order", async () => {
    const { records } = await opened();
    const keys = Array.from({ length: 2_000 }, () => randomUUID());
    const closing = async () => void (await records.list({ id: '"closes the segment"', limit: 1 }));
    const makeAndClose = async (key: string, at: number) => {
      const both = [make(records, key), ...(at % 5 === 0 ? [closing()] : [])];
      await Promise.all(both);
    };
    await Promise.all(keys.map(makeAndClose));
    const places: string[] = [];
    let after: { at: number; key: string } | undefined;
    do {
      const { entries, next } = await records.list({ limit: 300, after });
      places.push(...entries.map(({ arrivedAt, key }) => `${arrivedAt} ${key}`));
      after = next ?? undefined;
    } while (after);
    expect(places.length).toBe(2_000);
    expect(places).toEqual(places.toSorted().toReversed());
  });

  test.each([{}, { state: "dead" }, { state: "paused" }, { name: about.name }, { id: about.id }] as const)(
    "%j: a record that somebody removed does not shorten the page, and leaves the set",
    async (filter) => {
      const { records, client, base } = await opened();
      for (const key of ["a", "b", "c"])
        await make(records, key, "state" in filter && filter.state === "dead" ? dead : paused);
      await client.del(`${base}record:b`, `${base}record:c`);
      expect(await records.list({ limit: 1, ...filter })).toMatchObject({
        entries: [{ key: "a" }],
        next: null,
      });
      const state = "state" in filter ? filter.state : undefined;
      const name = state ? { dead: "died", paused: "paused" }[state] : "id" in filter ? "id:*" : "died";
      const [set = `${base}none`] = await client.keys(base + name);
      // a segment is left with the sweep
      expect(await client.zcard(set)).toBe(state || "id" in filter ? 1 : 0);
    },
  );

  test("lose what somebody removed, with work and all, when the sweep comes", async () => {
    const { records, client, base, namesLeft, sweptAfter } = await opened();
    await make(records, "paused", paused);
    await make(records, "due", { answer, work: '"event"', forMs: 0 });
    expect((await keysOf(records)).length).toBe(2);
    await client.del(`${base}record:paused`, `${base}record:due`);
    expect(await records.take(lease("worker"))).toBe(undefined);
    await sweptAfter(2 * hour, async () => (await namesLeft()).length === 0);
  });

  test("end a page early where too many have to be passed over, and go on behind them, on any number of shards", async () => {
    const { records } = await opened({ shards: 2 });
    const rare = { name: '"rare"', id: null };
    const shardOf = (key: string) => hash("sha1", key, "buffer").readUInt32BE() % 2;
    const keys = Array.from({ length: 8_000 }, (_, at) => `${at}`);
    const [alone = "", others] = [
      keys.find((key) => shardOf(key) === 1),
      keys.filter((key) => shardOf(key) === 0),
    ];
    const [first = "", last = "", ...many] = others;
    await make(records, alone, dead, rare);
    await setTimeout(2);
    await make(records, first, dead, rare);
    await Promise.all(many.map((key) => make(records, key, dead)));
    await make(records, last, dead, rare);
    const pages: string[][] = [];
    let after: { at: number; key: string } | undefined;
    do {
      const { entries, next } = await records.list({ name: rare.name, state: "dead", limit: 10, after });
      pages.push(entries.map(({ key }) => key));
      after = next ?? undefined;
    } while (after && pages.length < 20);
    expect(pages.flat()).toEqual([last, first, alone]);
    expect(pages.length).toBeGreaterThan(1);
    expect((await records.stats(100_000)).counts).toMatchObject({ dead: others.length + 1, settled: 0 });
  });

  test("find what is free or held among many that are settled at once", async () => {
    const { records } = await opened();
    await make(records, "free", { note: "1", forMs: 0 });
    await make(records, "held");
    const many = Array.from({ length: 3_000 }, (_, at) => `${at}`);
    await Promise.all(many.map((key) => make(records, key, settled)));
    for (const state of ["free", "held"] as const)
      expect(await records.list({ state, limit: 10 })).toMatchObject({
        entries: [{ key: state }],
        next: null,
      });
    expect((await records.stats(10_000)).counts).toMatchObject({ free: 1, held: 1, settled: 3_000 });
  });

  test("count work to the number, also where there is more than is looked at", async () => {
    const { records } = await opened();
    const changes = {
      due: { work: "1", forMs: 0 },
      waiting: { work: "1", forMs: hour, held: false },
      paused,
      dead,
      settled,
    } as const;
    const all = Object.entries(changes).flatMap(([state, change]) =>
      Array.from({ length: 400 }, (_, at) => make(records, `${state} ${at}`, { ...change, answer })),
    );
    await Promise.all(all);
    for (const upTo of [200, 400, 1_000, 10_000]) {
      const most = Math.min(400, upTo);
      const { counts } = await records.stats(upTo);
      expect(counts).toEqual({
        held: 0,
        free: 0,
        due: most,
        waiting: most,
        paused: most,
        dead: most,
        settled: most,
      });
    }
    for (const limit of [70, 700])
      expect(await records.causes(limit)).toEqual([
        { note: '"error"', name: about.name, count: Math.min(limit, 400) },
      ]);
  });

  test("what is kept is gone with its time, or with the record, or when it is erased", async () => {
    const { records, client, base } = await opened();
    const expiryOf = async (key: string) =>
      Math.ceil((await client.pttl(`${base}kept:${key}`)) / minute) * minute;
    await make(records, "short", { ...settled, kept: '"event"', keptForMs: hour });
    await make(records, "long", { ...settled, kept: '"event"', keptForMs: 7 * day });
    expect([await expiryOf("short"), await expiryOf("long")]).toEqual([hour, day]);
    await records.take(lease("person"), { key: "long", early: true });
    expect(await expiryOf("long")).toBe(7 * day);
    await records.save("long", lease("person", 1), { kept: null });
    await records.erase("short", { answer, forMs: day });
    expect(await client.exists(`${base}kept:long`, `${base}kept:short`)).toBe(0);
  });

  test("what is erased leaves no word of its id", async () => {
    const { records, client, base, namesLeft } = await opened();
    await make(records, "key", dead, { name: null, id: '"secret"' });
    expect(await keysOf(records, { id: '"secret"' })).toEqual(["key"]);
    await records.erase("key", { answer, forMs: day });
    expect((await namesLeft()).filter((name) => name.startsWith("id:"))).toEqual([]);
    expect(JSON.stringify(await client.hgetall(`${base}record:key`))).not.toContain("secret");
  });

  test("take along what the version before has left with work, and nothing twice", async () => {
    const { records, client, base, backend, open } = await opened();
    await records.close();
    const receivedAt = Date.now() - hour;
    const event = { kind: "event", event: { type: "orders/create", receivedAt, key: "k" } };
    const post = { kind: "post", type: "external", name: "external", since: receivedAt };
    const record = { attempts: 1, until: Date.now() - minute, token: "old", step: 2, held: 1, answer };
    const works = { event, post, other: { kind: "malformed", body: 1 }, text: "no JSON {" };
    for (const [key, work] of Object.entries(works)) {
      const text = typeof work === "string" ? work : JSON.stringify(work);
      await client.hset(`${base}record:${key}`, {
        ...record,
        work: text,
        kind: key === "post" ? "post" : "run",
      });
      await client.zadd(`${base}${key === "post" ? "due-post" : "due"}`, record.until, key);
    }
    const died = { until: Date.now() + day, kind: "dead", died: receivedAt + minute, note: '"error"' };
    await client.hset(`${base}record:dead`, { ...record, ...died, work: JSON.stringify(event) });
    await client.zadd(`${base}died`, 0, `${String(died.died).padStart(16, "0")}dead`);
    await client.zadd(`${base}forgets`, died.until, `${String(died.died).padStart(16, "0")}dead`);
    await client.hset(`${base}record:settled`, { ...record, until: Date.now() + day });
    const many = Array.from({ length: 700 }, (_, at) => `waiting ${at}`);
    for (const key of many) {
      await client.hset(`${base}record:${key}`, {
        ...record,
        until: Date.now() + day,
        held: 0,
        work: JSON.stringify(event),
      });
      await client.zadd(`${base}due`, Date.now() + day, key);
    }
    await client.hdel(`${base.slice(0, -4)}}`, "listed");

    for (const one of [backend, open()]) {
      const again = await one.open("receiver");
      expect((await keysOf(again, { name: '"orders/create"' })).length).toBe(702);
      expect(await keysOf(again, { name: '"external"' })).toEqual(["post"]);
      const found = await again.list({ limit: 10, state: "due", name: '"orders/create"' });
      expect(found.entries.map(({ key, arrivedAt }) => [key, arrivedAt])).toEqual([["event", receivedAt]]);
      expect((await keysOf(again, { state: "due" })).toSorted()).toEqual(["event", "other", "post", "text"]);
      expect(await keysOf(again, { state: "dead", name: '"orders/create"' })).toEqual(["dead"]);
      expect((await again.stats(1_000)).counts).toMatchObject({ due: 4, waiting: 700, dead: 1, settled: 0 });
      expect((await again.get("settled"))?.state).toBe("settled");
      expect(await again.claim("settled", lease("x"), about)).toEqual({ state: "settled", answer });
      expect(await client.hget(`${base.slice(0, -4)}}`, "listed")).toBe("1");
      await again.close();
      if (one !== backend) await one.close();
    }
  });

  test("a record of the version before that was taken in beside this one is listed when it is taken", async () => {
    const { records, client, base } = await opened();
    const work = JSON.stringify({ kind: "event", event: { type: "order", receivedAt: 5 } });
    await client.hset(`${base}record:key`, {
      attempts: 1,
      until: 1,
      token: "old",
      step: 2,
      held: 1,
      answer,
      work,
      kind: "run",
    });
    await client.zadd(`${base}due`, 1, "key");
    expect(await keysOf(records)).toEqual([]);
    expect((await records.take(lease("worker")))?.key).toBe("key");
    for (let times = 0; times < 500 && (await keysOf(records)).length === 0; times += 1) await setTimeout(5);
    expect(await keysOf(records, { name: '"order"', state: "held" })).toEqual(["key"]);
    // the receiver's own are never, though they may have work
    await records.claim("own", lease("own"));
    await records.save("own", lease("own", 1), { work: "1", forMs: 0 });
    expect((await records.take(lease("again")))?.key).toBe("own");
    expect(await keysOf(records)).toEqual(["key"]);
  });

  test("what the version before settled beside this one leaves the lists as well", async () => {
    const { records, client, base, namesLeft, sweptAfter } = await opened();
    await make(records, "key", { answer, work: '"event"', forMs: 0 });
    expect(await keysOf(records, { state: "due" })).toEqual(["key"]);
    // as its script does it
    await client.zrem(`${base}due`, "key");
    await client.hdel(`${base}record:key`, "work");
    await client.hset(`${base}record:key`, { until: Date.now() + day, step: 9 });
    expect(await keysOf(records, { state: "due" })).toEqual([]);
    expect(await keysOf(records, { state: "settled" })).toEqual(["key"]);
    await client.pexpireat(`${base}record:key`, Date.now() + day);
    await sweptAfter(2 * hour, async () => !(await namesLeft()).includes("open"));
    await client.del(`${base}record:key`);
    await sweptAfter(2 * day, async () => (await namesLeft()).length === 0);
  });
});

describeWith("redis-server")("a server that is full", () => {
  test("lets what it has be looked at, taken, kept, paused, buried, erased and swept", async () => {
    const server = await startRedis();
    const at = { offsetMs: 0 };
    const backend = redis({ url: server.url, clockOffsetMs: () => at.offsetMs });
    const admin = new Redis(server.url);
    onTestFinished(async () => {
      admin.disconnect();
      await backend.close();
      await server.destroy();
    });
    const records = await backend.open("receiver");
    const keeps: Change = { ...settled, kept: '"event"', keptForMs: hour };
    for (const [key, change] of Object.entries({
      paused,
      dead,
      keeps,
      erased: dead,
      due: { answer, work: "1", forMs: 0 },
    }))
      await make(records, key, change);
    for (const key of ["to pause", "to die", "to keep"]) await make(records, key);
    await admin.config("SET", "maxmemory", "1");

    expect((await keysOf(records)).length).toBe(8);
    expect((await records.stats(10)).counts).toMatchObject({
      held: 3,
      due: 1,
      paused: 1,
      dead: 2,
      settled: 1,
    });
    for (const key of ["paused", "dead", "keeps"])
      expect((await records.take(lease("person"), { key, early: true }))?.key).toBe(key);
    expect((await records.take(lease("worker")))?.key).toBe("due");
    expect(await records.erase("erased", { answer, forMs: day })).toBe(true);
    for (const [key, change] of Object.entries({ "to pause": paused, "to die": dead, "to keep": keeps }))
      expect(await records.save(key, lease(key, 1), change)).toBe(true);
    expect((await keysOf(records, { state: "settled" })).toSorted()).toEqual(["erased", "to keep"]);
    await expect(records.claim("new", lease("new"), about)).rejects.toThrow(/OOM/);
  });
});
