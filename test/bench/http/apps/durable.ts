/** The servers that keep events over a restart, on Express 5: ours on each engine, and the routes that people write there. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createExpressMiddleware } from "@answerback/express";
import { Queue, Worker } from "bullmq";
import express from "express";
import { handle, isAuthorized, type Answer } from "../../work/by-hand.ts";
import { connectPostgres, connectRedis, removeFromRedis } from "../../work/clients.ts";
import { path } from "../../work/deliveries.ts";
import { maxKeys, receiverOf } from "../../work/ours.ts";
import { stores, type EngineName } from "../../work/stores.ts";
import type { App, Served } from "../app.ts";

export const apps = {
  "answerback on sqlite": () => ours("sqlite"),
  "insert and update in sqlite": () => insertInSqlite({ synchronous: "full" }),
  "the same, synchronous=normal": () => insertInSqlite({ synchronous: "normal" }),
  "answerback on redis": () => ours("redis"),
  "bullmq add and worker": () => addToBullmq({ worked: true }),
  "bullmq add alone": () => addToBullmq({ worked: false }),
  "answerback on postgres": () => ours("postgres"),
  "insert and update in postgres": () => insertInPostgres({ updated: true }),
  "insert alone in postgres": () => insertInPostgres({ updated: false }),
} satisfies Record<string, App>;

async function ours(engine: EngineName): Promise<Served> {
  const store = await stores[engine]();
  const receiver = receiverOf("json", { backend: store.backend });
  return {
    listener: express().use(path, createExpressMiddleware(receiver)),
    idle: () => receiver.idle(),
    async close() {
      await receiver.close();
      await store.close();
    },
  };
}

interface Event {
  readonly id: string;
}

/** A table of events, as people keep it. */
interface Table {
  /** False: the event is there already. */
  insert(event: Event): Promise<boolean>;
  update?(id: string, answer: Answer): Promise<unknown>;
  answerOf(id: string): Promise<Answer | undefined>;
  close(): Promise<void>;
}

/** Inserts before the answer, and updates after it. */
function route({ insert, update, answerOf, close }: Table): Served {
  const updating = new Set<Promise<unknown>>();
  const listener = express().post(path, express.json(), async (req, res) => {
    const event = req.body as Event | undefined;
    if (!isAuthorized(req.headers.authorization)) return void res.status(401).json({ code: "unauthorized" });
    if (typeof event?.id !== "string") return void res.status(400).json({ code: "malformed" });
    if (!(await insert(event))) return void res.json((await answerOf(event.id)) ?? { received: event.id });
    const answer = handle(event);
    res.json(answer);
    if (!update) return;
    const updated = update(event.id, answer).finally(() => updating.delete(updated));
    updating.add(updated);
  });
  return { listener, idle: async () => void (await Promise.all(updating)), close };
}

/** Each of the two a commit, which waits for the disk as ours does where `synchronous` is full, as it is by default. */
async function insertInSqlite({ synchronous }: { synchronous: "full" | "normal" }): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "answerback-bench-"));
  const database = new DatabaseSync(join(folder, "events.db"));
  database.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous}`);
  database.exec("create table events (id text primary key, event text not null, answer text)");
  const inserting = database.prepare("insert into events values (?, ?, null) on conflict do nothing");
  const updating = database.prepare("update events set answer = ? where id = ?");
  const looking = database.prepare("select answer from events where id = ?");
  return route({
    insert: async (event) => inserting.run(event.id, JSON.stringify(event)).changes === 1,
    update: async (id, answer) => updating.run(JSON.stringify(answer), id),
    async answerOf(id) {
      const answer = looking.get(id)?.["answer"];
      return typeof answer === "string" ? JSON.parse(answer) : undefined;
    },
    async close() {
      database.close();
      rmSync(folder, { recursive: true });
    },
  });
}

/** On as many connections as pg has by default. */
async function insertInPostgres({ updated }: { updated: boolean }): Promise<Served> {
  const pool = await connectPostgres(10);
  const table = `"answerback_bench_${randomUUID()}"`;
  await pool.query(`create table ${table} (id text primary key, event jsonb not null, answer jsonb)`);
  const inserting = { name: "insert", text: `insert into ${table} values ($1, $2) on conflict do nothing` };
  const updating = { name: "update", text: `update ${table} set answer = $2 where id = $1` };
  const looking = { name: "look", text: `select answer from ${table} where id = $1` };
  const update = (id: string, answer: Answer) => pool.query({ ...updating, values: [id, answer] });
  return route({
    insert: async (event) => (await pool.query({ ...inserting, values: [event.id, event] })).rowCount === 1,
    ...(updated ? { update } : {}),
    answerOf: async (id) => (await pool.query({ ...looking, values: [id] })).rows[0]?.answer ?? undefined,
    async close() {
      await pool.query(`drop table ${table}`);
      await pool.end();
    },
  });
}

/** The event's id is the job's, so the engine ignores a duplicate; the answer names the event, and says no more. */
async function addToBullmq({ worked }: { worked: boolean }): Promise<Served> {
  // as BullMQ asks for it: a worker may wait for ever
  const connection = await connectRedis({ maxRetriesPerRequest: null });
  const [name, prefix] = ["events", `answerback-bench-bullmq-${randomUUID()}`];
  const queue = new Queue(name, { connection, prefix });
  let [added, done] = [0, 0];
  let drained = Promise.withResolvers<void>();
  const work = async ({ data }: { data: Event }): Promise<Answer> => handle(data);
  const worker = worked ? new Worker(name, work, { connection, prefix, concurrency: 32 }) : undefined;
  worker?.on("completed", () => {
    done += 1;
    if (done === added) drained.resolve();
  });
  const listener = express().post(path, express.json(), async (req, res) => {
    const event = req.body as Event | undefined;
    if (!isAuthorized(req.headers.authorization)) return void res.status(401).json({ code: "unauthorized" });
    if (typeof event?.id !== "string") return void res.status(400).json({ code: "malformed" });
    if (done === added) drained = Promise.withResolvers();
    added += 1;
    await queue.add("event", event, { jobId: `event-${event.id}`, removeOnComplete: { count: maxKeys } });
    res.json({ received: event.id });
  });
  return {
    listener,
    idle: async () => (worker && done < added ? drained.promise : undefined),
    async close() {
      await worker?.close();
      await queue.close();
      await removeFromRedis(connection, prefix);
      connection.disconnect();
    },
  };
}
