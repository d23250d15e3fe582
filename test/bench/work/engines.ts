/** The durable backends by name, each with a raw client that writes as much as one event costs: two times. */
import { randomUUID } from "node:crypto";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Backend } from "@answerback/core";
import { postgres } from "@answerback/postgres";
import { redis } from "@answerback/redis";
import { sqlite } from "@answerback/sqlite";
import { Redis } from "ioredis";
import { Pool } from "pg";

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
  const folder = mkdtempSync(join(tmpdir(), "answerback-bench-"));
  const file = openSync(join(folder, "raw"), "w");
  const backend = sqlite(join(folder, "records.db"));
  return {
    backend,
    rawInFlight: 1,
    async raw(_key, answer) {
      writeSync(file, answer);
      fdatasyncSync(file);
    },
    async close() {
      await backend.close();
      closeSync(file);
      rmSync(folder, { recursive: true });
    },
  };
}

async function onRedis(): Promise<Engine> {
  const url = process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379";
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => {});
  await client.connect();
  const prefix = `answerback-bench-${randomUUID()}`;
  const commands = await commandsOfAnEvent(client, prefix);
  const backend = redis({ url, prefix });
  return {
    backend,
    rawInFlight: 64,
    async raw(key, answer) {
      const own: Record<string, string> = { [sample.key]: key, [sample.token]: key, [sample.answer]: answer };
      for (const [command, ...args] of commands)
        await client.call(String(command), ...args.map((arg) => own[arg] ?? arg));
    },
    async close() {
      await backend.close();
      for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 10_000 }))
        if (keys.length > 0) await client.unlink(keys as string[]);
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
  const hold = { token: sample.token, step: 0, leaseMs: 60_000 };
  const once = async () => {
    await records.claim(sample.key, hold);
    await records.save(
      sample.key,
      { ...hold, step: 1 },
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

/** As many as `postgres()` has for its verbs. */
const verbConnections = 4;

async function onPostgres(): Promise<Engine> {
  const connectionString = process.env["POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/test";
  const pool = new Pool({ connectionString, max: verbConnections });
  await pool.query(
    "create table if not exists answerback_bench (key text primary key, token text, until timestamptz, answer text)",
  );
  const schema = `answerback_bench_${randomUUID()}`;
  const backend = postgres({ url: connectionString, schema });
  return {
    backend,
    rawInFlight: 64,
    async raw(key, answer) {
      await pool.query({ name: "claim", text: claimSql, values: [key, "token"] });
      await pool.query({ name: "save", text: saveSql, values: [key, "token", answer] });
    },
    async close() {
      await backend.close();
      await pool.query(`drop table answerback_bench; drop schema "${schema}" cascade`);
      await pool.end();
    },
  };
}

const claimSql = `insert into answerback_bench values ($1, $2, clock_timestamp() + interval '1 minute') on conflict do nothing`;
const saveSql = `update answerback_bench set answer = $3, until = clock_timestamp() + interval '1 day' where key = $1 and token = $2`;
