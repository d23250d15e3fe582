/** The durable backends by name, each with a raw client that writes as much as one event costs: two times. */
import { randomUUID } from "node:crypto";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Backend } from "@answerback/core/backend";
import { redis } from "@answerback/redis";
import type { Redis } from "ioredis";
import { connectPostgres, connectRedis, removeFromRedis } from "./clients.ts";
import { aboutOf } from "./events.ts";
import { stores } from "./stores.ts";

/** A backend on an empty store, and what it is held against. */
export interface Engine {
  readonly backend: Backend<any>;
  /** What a raw client does for one event. Resolves when the engine has it. */
  raw(key: string, answer: string): Promise<unknown>;
  /** How many of `raw` are under way at a time. */
  readonly rawInFlight: number;
  close(): Promise<void>;
}

/** Rejects where the engine is not to be had. */
export const engines: Readonly<Record<string, () => Promise<Engine>>> = {
  sqlite: onSqlite,
  redis: onRedis,
  postgres: onPostgres,
};

/** Raw is a write and `fdatasync`, one after the other: what a commit cannot go below. */
async function onSqlite(): Promise<Engine> {
  const store = await stores.sqlite();
  const folder = mkdtempSync(join(tmpdir(), "answerback-bench-"));
  const file = openSync(join(folder, "raw"), "w");
  return {
    backend: store.backend,
    rawInFlight: 1,
    async raw(_key, answer) {
      writeSync(file, answer);
      fdatasyncSync(file);
    },
    async close() {
      await store.close();
      closeSync(file);
      rmSync(folder, { recursive: true });
    },
  };
}

async function onRedis(): Promise<Engine> {
  const store = await stores.redis();
  const client = await connectRedis();
  const prefix = `answerback-bench-raw-${randomUUID()}`;
  const commands = await commandsOfAnEvent(client, prefix);
  return {
    backend: store.backend,
    rawInFlight: 64,
    async raw(key, answer) {
      const own: Record<string, string> = {
        ...{ [sample.key]: key, [sample.token]: key, [sample.answer]: answer },
        [aboutOf(sample.key).id!]: aboutOf(key).id!,
      };
      for (const [command, ...args] of commands)
        await client.call(String(command), ...args.map((arg) => own[arg] ?? arg));
    },
    async close() {
      await store.close();
      await removeFromRedis(client, prefix);
      client.disconnect();
    },
  };
}

const sample = { key: "the key", token: "the token", answer: '"the answer"' };

/** What ours asks of a client for a claim and a save, word for word: the raw client is to do the same. */
async function commandsOfAnEvent(client: Redis, prefix: string): Promise<(string | number)[][]> {
  const heard: (string | number)[][] = [];
  const { call } = client;
  const records = await redis({ client, prefix }).open("the raw client");
  const lease = { token: sample.token, sequence: 0, leaseMs: 60_000 };
  const once = async () => {
    await records.claim(sample.key, lease, aboutOf(sample.key));
    await records.save(
      sample.key,
      { ...lease, sequence: 1 },
      { answer: sample.answer, work: null, forMs: 60_000 },
    );
  };
  // the first time the server may not know the scripts
  await once();
  client.call = (...command: any[]) => (heard.push(command.flat()), Reflect.apply(call, client, command));
  await once();
  client.call = call;
  await records.close();
  return heard;
}

/** On ten connections, as many as `postgres()` has for its verbs. */
async function onPostgres(): Promise<Engine> {
  const store = await stores.postgres();
  const pool = await connectPostgres(10);
  const table = `"answerback_bench_${randomUUID()}"`;
  await pool.query(
    `create table ${table} (key text primary key, token text, until timestamptz, answer text)`,
  );
  const claim = `insert into ${table} values ($1, $2, clock_timestamp() + interval '1 minute') on conflict do nothing`;
  const save = `update ${table} set answer = $3, until = clock_timestamp() + interval '1 day' where key = $1 and token = $2`;
  return {
    backend: store.backend,
    rawInFlight: 64,
    async raw(key, answer) {
      await pool.query({ name: "claim", text: claim, values: [key, "token"] });
      await pool.query({ name: "save", text: save, values: [key, "token", answer] });
    },
    async close() {
      await store.close();
      await pool.query(`drop table ${table}`);
      await pool.end();
    },
  };
}
