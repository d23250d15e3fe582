/** All that the packages take from others, once: the frameworks, every engine, tracing, and a schema of the app's own zod. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { bullmq } from "@answerback/bullmq";
import { basicAuth, createReceiver, memory, postback } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import { createFastifyPlugin } from "@answerback/fastify";
import { createKoaMiddleware } from "@answerback/koa";
import { opentelemetry } from "@answerback/opentelemetry";
import { pgBoss } from "@answerback/pg-boss";
import { postgres } from "@answerback/postgres";
import { redis } from "@answerback/redis";
import { sqlite } from "@answerback/sqlite";
import express from "express";
import fastify from "fastify";
import { Redis } from "ioredis";
import Koa from "koa";
import pg from "pg";
import * as z from "zod";

const { REDIS_URL = "redis://127.0.0.1:6379", POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/test" } =
  process.env;
const unique = `installed_${randomUUID().replaceAll("-", "")}`;
const inRedis = () => redis({ url: REDIS_URL, prefix: `${unique}:` });
const inPostgres = () => postgres({ url: POSTGRES_URL, schema: unique });

const frameworks = {
  express: (receiver) => express().use(createExpressMiddleware(receiver)),
  koa: (receiver) => new Koa().use(createKoaMiddleware(receiver)).callback(),
  fastify(receiver) {
    const app = fastify().register(createFastifyPlugin(receiver));
    return (req, res) => void app.ready().then(() => app.routing(req, res));
  },
};
const backends = {
  memory: () => memory(),
  sqlite: () => sqlite("records.db"),
  redis: inRedis,
  postgres: inPostgres,
  bullmq: () => bullmq(inRedis(), { connection: REDIS_URL, prefix: unique }),
  "pg-boss": () => pgBoss(inPostgres(), { connectionString: POSTGRES_URL, schema: `${unique}_jobs` }),
};

try {
  for (const [framework, mount] of Object.entries(frameworks))
    for (const [backend, open] of Object.entries(backends)) {
      assert.deepEqual(await deliver(mount, open()), ["c-1"], `${framework} on ${backend}`);
    }
} finally {
  await clean();
}

/** One delivery, acknowledged and then worked; returns what the handler got. */
async function deliver(mount, backend) {
  const handled = [];
  const { promise, resolve } = Promise.withResolvers();
  const receiver = createReceiver(postback({ data: { "contact.create": z.object({ id: z.string() }) } }), {
    name: randomUUID(),
    authenticate: basicAuth({ username: "hook", password: "correct-horse-battery" }),
    backend,
    answerWithin: 0,
    requireHttps: false,
    instrument: opentelemetry(),
    handle: { "contact.create": ({ data }) => resolve(handled.push(data.id)) },
    warn: () => {},
  });
  await receiver.ready();
  const server = createServer(mount(receiver)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const response = await fetch(`http://127.0.0.1:${server.address().port}/`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("hook:correct-horse-battery")}` },
    body: new URLSearchParams({ type: "CREATE", resource: "contact", data: JSON.stringify({ id: "c-1" }) }),
  });
  assert.equal(response.status, 200, await response.text());
  await promise;
  await receiver.idle();
  await receiver.close();
  server.close();
  return handled;
}

async function clean() {
  const client = new Redis(REDIS_URL);
  for await (const keys of client.scanStream({ match: `${unique}*`, count: 1_000 }))
    if (keys.length > 0) await client.del(...keys);
  await client.quit();
  const database = new pg.Client({ connectionString: POSTGRES_URL });
  await database.connect();
  for (const schema of [unique, `${unique}_jobs`])
    await database.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await database.end();
}
