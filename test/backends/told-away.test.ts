/** An engine that cannot be reached, over HTTP: a 503 for the provider, and its own words for the developer, within seconds. */
import { inspect } from "node:util";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Backend } from "@answerback/core/backend";
import { bullmq } from "@answerback/bullmq";
import { postgres } from "@answerback/postgres";
import { redis } from "@answerback/redis";
import { sqlite } from "@answerback/sqlite";
import { Redis } from "ioredis";
import pg from "pg";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { two } from "../life-cycle/support.ts";
import { sample } from "../support/deliveries.ts";
import { describeWith, engineOf } from "../support/engines.ts";
import { openHouse } from "../support/house.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { freePort } from "../support/free-port.ts";
import { startRedis, type RedisServer } from "../support/redis-server.ts";
import { fileOfTest } from "../support/sqlite-file.ts";

const password = "tuna-4711-with-mayo";
const ticket = sample("uphance/pick-ticket-update");
const [express, koa] = two;

/** Delivers to a receiver on it. Resolves to all that was told, in the order of telling. */
async function tellingOf(framework: typeof express & object, backend: Backend, options: object = {}) {
  const errors: { readonly error: unknown; readonly facts: unknown }[] = [];
  const withWarnings = await openHouse(framework, "uphance", {
    backend,
    options: { onError: undefined, ...options },
  });
  expect((await withWarnings.deliver(ticket)).status).toBe(503);
  await withWarnings.receiver.close({ within: 0 });
  const onError = (error: unknown, facts: unknown) => errors.push({ error, facts });
  const withErrors = await openHouse(framework, "uphance", { backend, options: { onError, ...options } });
  expect((await withErrors.deliver(ticket)).status).toBe(503);
  const messages = withWarnings.warnings.filter(({ code }) => code === "backend_away");
  const everything = inspect([errors, withWarnings.warnings, withErrors.observed], { depth: 20 });
  expect(everything).not.toContain(password);
  expect(errors[0]).toMatchObject({ facts: { stage: "backend", code: "backend_away" } });
  return { message: messages[0]?.message, count: messages.length, error: String(errors[0]?.error) };
}

describe.each([express!, koa!])("$name", (framework) => {
  describeWith("redis-server")("redis", () => {
    let server: RedisServer;
    beforeAll(async () => {
      server = await startRedis({ requirepass: "good" });
      return () => server.destroy();
    });

    const at = (change: Partial<URL>) =>
      Object.assign(new URL(`redis://:good@127.0.0.1:${server.port}`), change).href;

    test.each<[string, () => string | Promise<string>, RegExp]>([
      ["a wrong password", () => at({ password }), /WRONGPASS/],
      ["no password", () => at({ password: "" }), /NOAUTH/],
      ["a wrong user", () => at({ username: "nobody", password }), /WRONGPASS/],
      ["a wrong host", () => at({ hostname: "no-such-host.invalid", password }), /ENOTFOUND|EAI_AGAIN/],
      [
        "a wrong port",
        async () => at({ port: `${await freePort()}`, password }),
        /ECONNREFUSED 127\.0\.0\.1/,
      ],
      [
        "a database that is not there",
        () => at({ pathname: "/99" }),
        /redis: url: the server has no database 99/,
      ],
    ])("any.22 %s is told in the engine's words", async (_, url, words) => {
      const { message, count, error } = await tellingOf(framework, redis(await url()));
      expect(message).toMatch(words);
      expect(error).toMatch(words);
      expect(count).toBe(1);
    });

    test("any.22 so it is where the receiver waits less than the engine takes, and on a client of the user's own", async () => {
      const client = new Redis(at({ password }), { maxRetriesPerRequest: null });
      onTestFinished(() => client.disconnect());
      const options = { backendWithin: "200ms" };
      const { message } = await tellingOf(framework, redis({ client }), options);
      expect(message).toMatch(/WRONGPASS/);
    });

    test("any.22 nothing is written to database 0 in the place of one that is not there, also after a while", async () => {
      const client = new Redis(at({ pathname: "/99" }));
      client.on("error", () => {});
      await new Promise((resolve) => void client.once("ready", resolve));
      for (const backend of [redis(at({ pathname: "/99" })), redis(client)]) {
        for (const _twice of [1, 2]) await expect(backend.open("receiver")).rejects.toThrow(/no database 99/);
        await backend.close();
      }
      client.disconnect();
      const admin = new Redis(at({}));
      expect(await admin.dbsize()).toBe(0);
      admin.disconnect();
    });

    test("any.22 a carrier that stays away is told in its engine's words", async () => {
      const url = at({});
      const backend = bullmq(redis({ url, prefix: "told-away" }), {
        connection: at({ password }),
        everyMs: 100,
      });
      const told: string[] = [];
      const records = await backend.open("receiver", { warn: ({ message }) => void told.push(message) });
      onTestFinished(async () => {
        const admin = new Redis(url);
        await admin.del(...(await admin.keys("told-away:*")));
        admin.disconnect();
      });
      const lease = (sequence: number) => ({ token: "x", sequence, leaseMs: 60_000 });
      await records.claim("key", lease(0));
      await records.save("key", lease(1), { work: "1", forMs: 0 });
      const stop = records.work({ leaseMs: 60_000, slots: { run: 1, post: 1 }, each: async () => {} });
      await expect.poll(() => told, { timeout: 50_000 }).toMatchObject([expect.stringMatching(/WRONGPASS/)]);
      await stop();
      await backend.close();
    }, 60_000);
  });

  describeWith("postgres")("postgres", () => {
    const role = `answerback_told_${process.pid}`;
    const at = (change: Partial<URL>) => Object.assign(new URL(engineOf("postgres").at), change).href;

    test.each<[string, () => string | Promise<string>, RegExp]>([
      [
        "a wrong role",
        () => at({ username: role, password }),
        /role "answerback_told_\d+"|password authentication failed/,
      ],
      [
        "a wrong database",
        () => at({ pathname: "/no_such_database" }),
        /database "no_such_database" does not exist/,
      ],
      ["a wrong host", () => at({ hostname: "no-such-host.invalid", password }), /ENOTFOUND|EAI_AGAIN/],
      ["a wrong port", async () => at({ port: `${await freePort()}`, password }), /ECONNREFUSED/],
    ])("any.22 %s is told in the engine's words", async (_, url, words) => {
      const { message, count, error } = await tellingOf(framework, postgres(await url()) as Backend);
      expect(message).toMatch(words);
      expect(error).toMatch(words);
      expect(count).toBe(1);
    });
  });
});

describeWith("postgres-server")("a Postgres that asks for a password", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgresServer();
    const client = new pg.Client(server.url);
    await client.connect();
    const { rows } = await client.query("SHOW hba_file");
    await client.query("ALTER ROLE postgres PASSWORD 'good'");
    await client.query(`COPY (SELECT 'host all all all scram-sha-256') TO '${rows[0].hba_file}'`);
    await client.query("SELECT pg_reload_conf()");
    await client.end();
    return () => server.destroy();
  });

  test.each([express!, koa!])(
    "any.22 $name: a wrong password is told in the engine's words",
    async (framework) => {
      const url = Object.assign(new URL(server.url), { password }).href;
      const { message } = await tellingOf(framework, postgres(url) as Backend);
      expect(message).toMatch(/password authentication failed for user "postgres"/);
    },
  );

  test.each([express!, koa!])(
    "any.22 $name: one that says nothing is told in the words of the client",
    async (framework) => {
      const url = Object.assign(new URL(server.url), { password: "good" }).href;
      await server.freeze();
      onTestFinished(() => server.thaw());
      const { message } = await tellingOf(framework, postgres(url) as Backend);
      expect(message).toMatch(/timeout/i);
    },
  );
});

describe("sqlite", () => {
  test("a folder that is not there, what is no database, and a folder are refused with the path", () => {
    const folder = dirname(fileOfTest());
    const missing = join(folder, "nowhere", "answerback.db");
    const diary = join(folder, "diary.txt");
    writeFileSync(diary, "Dear diary, ".repeat(500));
    expect(() => sqlite(missing)).toThrow(`file: there is no folder ${dirname(missing)}: make it first`);
    expect(() => sqlite(diary)).toThrow(`file: ${diary} is not a database`);
    expect(() => sqlite(folder)).toThrow(`file: ${folder} cannot be opened`);
  });
});

describe("redis", () => {
  test.each(["redis://127.0.0.1/zero", "redis://127.0.0.1/1/2", "redis://[::1", "redis://127.0.0.1:99999"])(
    "%s is refused at creation",
    (url) => {
      expect(() => redis(url)).toThrow(/^redis: url: /);
    },
  );
});
