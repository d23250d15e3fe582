/** redis at its start: what is refused and why, what two names share, and what expires. */
import { randomUUID } from "node:crypto";
import type { Backend, Warning } from "@answerback/core/backend";
import { redis, type RedisOptions } from "@answerback/redis";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { startRedis } from "../support/redis-server.ts";
import { removeAll, storeIn } from "../support/redis-store.ts";

const day = 86_400_000;
const week = 7 * day;
const lease = (token: string, sequence = 0) => ({ token, sequence, leaseMs: 60_000 });

describe("the options", () => {
  const url = "redis://127.0.0.1:6379";

  test.each<[string, unknown, string, string]>([
    ["no server", undefined, "url", "missing"],
    ["an empty url", "", "url", "empty"],
    ["an empty object", {}, "url", "missing"],
    ["a url of something else", "postgres://127.0.0.1", "url", "invalid"],
    ["a url and a client", { url, client: { call() {} } }, "client", "conflict"],
    ["an empty prefix", { url, prefix: "" }, "prefix", "empty"],
    ["a prefix with a hash tag", { url, prefix: "{app}" }, "prefix", "invalid"],
    ["no shard", { url, shards: 0 }, "shards", "out_of_range"],
    ["half a shard", { url, shards: 1.5 }, "shards", "invalid"],
    ["65 shards", { url, shards: 65 }, "shards", "out_of_range"],
  ])("refuse %s, and name the option", (_, source, option, code) => {
    const created = () => redis(source as RedisOptions);
    expect(created).toThrow(
      expect.objectContaining({ name: "OptionError", option: `redis: ${option}`, code }),
    );
  });
});

describeWith("redis-server")("a server of its own", () => {
  async function serverOf(settings: Record<string, string>): Promise<string> {
    const server = await startRedis(settings);
    onTestFinished(() => server.destroy());
    return server.url;
  }

  function backendOn(source: string | RedisOptions): Backend {
    const backend = redis(source);
    onTestFinished(() => backend.close());
    return backend;
  }

  test.each(["allkeys-lru", "volatile-ttl"])("that would evict (%s) is refused", async (policy) => {
    const url = await serverOf({ "maxmemory-policy": policy });
    const backend = backendOn(url);
    for (let time = 0; time < 2; time += 1)
      await expect(backend.open("receiver")).rejects.toThrow(
        new RegExp(`${policy}.*CONFIG SET maxmemory-policy noeviction`),
      );
    // opens as soon as that was done
    const admin = new Redis(url);
    await admin.config("SET", "maxmemory-policy", "noeviction");
    admin.disconnect();
    await backend.open("receiver");
  });

  test("that does not tell its policy is warned of", async () => {
    const server = new URL(await serverOf({}));
    const admin = new Redis(server.href);
    await admin.acl("SETUSER", "app", "on", ">secret", "~answerback:*", "+@all", "-@dangerous");
    admin.disconnect();
    const told: Warning[] = [];
    Object.assign(server, { username: "app", password: "secret" });
    const records = await backendOn(server.href).open("receiver", { warn: (one) => told.push(one) });
    expect(told).toMatchObject([{ code: "redis_policy_unknown" }]);
    // and a user who may do nothing dangerous, with our names alone, may do all that is needed
    await records.claim("key", lease("one"));
    expect(await records.save("key", lease("one", 1), { answer: "1", work: '"x"', forMs: 0 })).toBe(true);
    expect((await records.take(lease("two")))?.key).toBe("key");
  });

  test("that is full refuses new events, and goes on with those that it has", async () => {
    const url = await serverOf({});
    const records = await backendOn(url).open("receiver");
    for (const key of ["settled", "held", "due"]) await records.claim(key, lease(key));
    await records.save("settled", lease("settled", 1), { answer: '"done"', work: null, forMs: day });
    await records.save("due", lease("due", 1), { work: '"event"', forMs: 0 });
    const admin = new Redis(url);
    onTestFinished(() => admin.disconnect());
    await admin.config("SET", "maxmemory", "1");
    await expect(records.claim("new", lease("new"))).rejects.toThrow(/OOM/);
    expect(await records.claim("settled", lease("again"))).toEqual({ state: "settled", answer: '"done"' });
    expect(await records.save("held", lease("held", 1), { forMs: 60_000 })).toBe(true);
    expect(await records.save("held", lease("held", 2), { answer: '"too"', forMs: day })).toBe(true);
    expect((await records.take(lease("worker")))?.key).toBe("due");
    expect(await records.save("due", lease("worker", 1), { work: null, forMs: day })).toBe(true);
    await admin.config("SET", "maxmemory", "0");
    expect((await records.claim("new", lease("new"))).state).toBe("claimed");
  });

  test("that forgot the scripts learns them again", async () => {
    const url = await serverOf({});
    const records = await backendOn(url).open("receiver");
    const admin = new Redis(url);
    onTestFinished(() => admin.disconnect());
    for (let time = 1; time <= 5; time += 1) {
      await admin.script("FLUSH");
      const both = ["a", "b"].map(async (key) => records.claim(`${key} ${time}`, lease("one")));
      expect((await Promise.all(both)).map(({ state }) => state)).toEqual(["claimed", "claimed"]);
    }
  });
});

describeWith("redis")("the names", () => {
  test("of receivers and keys never run into one another, whatever is in them", async () => {
    const { backend, destroy } = storeIn(engineOf("redis").at);
    onTestFinished(async () => {
      await backend.close();
      await destroy?.();
    });
    const names = ["a", "a:0", "{a}", "{a", "a}", "a}:record:", "%7Ba%7D", "a%3A0", "é", " ", "*", "c"];
    names.push("a:0}:record:{b", "{b:0}:record:c");
    for (const name of names) {
      const records = await backend.open(name);
      for (const key of names)
        expect([name, key, await records.claim(key, lease(`${name} ${key}`))]).toEqual([
          name,
          key,
          { state: "claimed", attempts: 1, note: null },
        ]);
    }
  });

  test("of two prefixes share nothing", async () => {
    const [one, two] = [storeIn(engineOf("redis").at), storeIn(engineOf("redis").at)];
    for (const { backend, destroy } of [one, two]) {
      const records = await backend.open("receiver");
      expect((await records.claim("key", lease("x"))).state).toBe("claimed");
      onTestFinished(async () => {
        await backend.close();
        await destroy?.();
      });
    }
  });

  test("are spread over as many shards as at first, or not opened", async () => {
    const { backend, open, destroy } = storeIn(engineOf("redis").at, { shards: 3 });
    const other = open({ shards: 4 });
    onTestFinished(async () => {
      await Promise.all([backend.close(), other.close()]);
      await destroy?.();
    });
    await backend.open("receiver");
    await expect(other.open("receiver")).rejects.toThrow(/spread over 3 shards.*give 3/);
    await other.open("another");
  });
});

describeWith("redis")("what expires", () => {
  async function opened(prefix = `test-${randomUUID()}`) {
    const url = engineOf("redis").at;
    const at = { offsetMs: 0 };
    const backend = redis({ url, prefix, clockOffsetMs: () => at.offsetMs });
    const client = new Redis(url);
    onTestFinished(async () => {
      await backend.close();
      client.disconnect();
      await removeAll(url, prefix);
    });
    const records = await backend.open("receiver");
    /** How long until Redis removes the record, to the minute: ms; -1: never. */
    async function expiryOf(key: string): Promise<number> {
      const [name = ""] = await client.keys(`${prefix}:*:record:${key}`);
      const ms = await client.pttl(name);
      return ms < 0 ? ms : 60_000 * Math.ceil(ms / 60_000);
    }
    return { records, expiryOf, prefix, backend, client, at };
  }

  test("what is free, a week after its lease; what is settled, with its retention; what is dead, at its time; what has work, never", async () => {
    const { records, expiryOf } = await opened();
    await records.claim("key", lease("one"));
    expect(await expiryOf("key")).toBe(week + 60_000);
    await records.save("key", lease("one", 1), { forMs: 3 * day });
    expect(await expiryOf("key")).toBe(week + 3 * day);
    await records.save("key", lease("one", 2), { work: '"event"', forMs: 0 });
    expect(await expiryOf("key")).toBe(-1);
    await records.take(lease("two"));
    expect(await expiryOf("key")).toBe(-1);
    await records.save("key", lease("two", 1), { kind: "dead", forMs: 30 * day });
    expect(await expiryOf("key")).toBe(30 * day);
    // how long a dead letter is kept is no retention
    await records.claim("other", lease("one"));
    expect(await expiryOf("other")).toBe(week + 60_000);
    await records.take(lease("three"), { key: "key", early: true });
    expect(await expiryOf("key")).toBe(-1);
    await records.save("key", lease("three", 1), { answer: '"done"', work: null, forMs: day });
    expect(await expiryOf("key")).toBe(day);
  });

  test("what an old version buried dies when a receiver opens, and is kept for 30 days", async () => {
    const { records, prefix, backend, client, expiryOf } = await opened();
    const base = `${prefix}:{receiver:0}:`;
    const keys = Array.from({ length: 250 }, (_, number) => `key ${number}`);
    const old = { attempts: 8, until: "never", token: "old", step: 9, held: 1, answer: "1", work: '"event"' };
    for (const key of keys) await client.hset(`${base}record:${key}`, { ...old, kind: "post" });
    await client.zadd(`${base}dead`, ...keys.flatMap((key) => [0, key]), 0, "gone");
    expect(await records.claim("key 7", lease("x"))).toEqual({ state: "settled", answer: "1" });
    await records.close();
    await client.hdel(`${prefix}:{receiver}`, "listed");
    const again = await backend.open("receiver");
    const { entries: letters } = await again.list({ limit: 1_000, state: "dead" });
    expect(letters.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    expect(Math.abs(letters[0]!.diedAt! - Date.now())).toBeLessThan(60_000);
    expect([await expiryOf("key 7"), await client.exists(`${base}dead`)]).toEqual([30 * day, 0]);
    expect(await again.take(lease("person"), { key: "key 7", early: true })).toMatchObject({ attempts: 9 });
  });

  test("a hold that is renewed outlives what it was given at first", async () => {
    const { records, expiryOf } = await opened();
    await records.claim("key", lease("one"));
    await records.save("key", lease("one", 1), { forMs: 90 * day });
    expect(await expiryOf("key")).toBe(2 * 90 * day);
  });

  test("the longest retention given is how long what is free lingers, also for the next process", async () => {
    const { records, expiryOf, prefix, backend } = await opened();
    await records.claim("settled", lease("one"));
    await records.save("settled", lease("one", 1), { answer: "1", work: null, forMs: 30 * day });
    await records.claim("key", lease("one"));
    expect(await expiryOf("key")).toBe(30 * day + 60_000);
    await backend.close();
    const next = await opened(prefix);
    await next.records.claim("another", lease("one"));
    expect(await next.expiryOf("another")).toBe(30 * day + 60_000);
  });

  test("a record that somebody removed is in nobody's way", async () => {
    const { records, prefix } = await opened();
    const client = new Redis(engineOf("redis").at);
    onTestFinished(() => client.disconnect());
    for (const key of ["a", "b", "c"]) {
      await records.claim(key, lease(key));
      await records.save(key, lease(key, 1), { work: '"event"', forMs: 0 });
    }
    const [name = ""] = await client.keys(`${prefix}:*:record:a`);
    await client.del(name);
    const taken = [
      await records.take(lease("x")),
      await records.take(lease("y")),
      await records.take(lease("z")),
    ];
    expect(taken.flatMap((one) => one?.key ?? []).toSorted()).toEqual(["b", "c"]);
  });
});
