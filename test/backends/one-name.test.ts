/** Two receivers of one name in one process: refused where their records are at one place, on whatever backend objects. */
import { bullmq } from "@answerback/bullmq";
import { createReceiver, memory, OptionError, uphance } from "@answerback/core";
import type { Backend } from "@answerback/core/backend";
import { postgres } from "@answerback/postgres";
import { redis } from "@answerback/redis";
import { sqlite } from "@answerback/sqlite";
import { Redis } from "ioredis";
import { symlinkSync } from "node:fs";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { asAnotherProcess } from "../support/another-process.ts";
import { sharable, fileOfTest } from "../support/sqlite-file.ts";

/** A receiver until the test is finished; nothing is asked of its engine. */
function receiverOn(backend: Backend<any>, name = "orders") {
  const receiver = createReceiver(uphance(), {
    authenticate: false,
    handle: () => undefined,
    background: false,
    warn: () => {},
    onError: () => {},
    name,
    backend,
  });
  onTestFinished(() => receiver.close());
  return receiver;
}

const client = new Redis({ lazyConnect: true });
const pool = new pg.Pool();
const inMemory = memory();

const url = "redis://127.0.0.1:6379";
const pgUrl = "postgres://app@db.example.com/app";

test.each<[string, () => Backend<any>, () => Backend<any>]>([
  ["redis, by URL", () => redis(url), () => redis(url)],
  ["redis, with other credentials", () => redis(url), () => redis("redis://app:secret@127.0.0.1/0")],
  ["redis, by one client", () => redis(client), () => redis({ client })],
  ["redis, behind a carrier", () => redis(url), () => bullmq(redis(url), { connection: url })],
  [
    "postgres, by URL",
    () => postgres(pgUrl),
    () => postgres("postgresql://other:pw@DB.example.com:5432/app"),
  ],
  ["postgres, by one pool", () => postgres(pool), () => postgres({ pool })],
  ["memory, by one object", () => inMemory, () => inMemory],
])("any.10 refused with the cure: %s", async (_, one, other) => {
  const first = receiverOn(one());
  const again = () => receiverOn(other());
  expect(again).toThrow(OptionError);
  expect(again).toThrow(expect.objectContaining({ code: "taken", option: "name" }));
  expect(again).toThrow(
    /"orders" is open in this process.*give one of them another name, such as "orders-2"/,
  );
  receiverOn(other(), "orders-2");
  await first.close();
  again();
});

test.each<[string, () => Backend<any>, () => Backend<any>]>([
  ["another port", () => redis(url), () => redis("redis://127.0.0.1:6380")],
  ["another host", () => redis(url), () => redis("redis://10.0.0.7:6379")],
  ["another database", () => redis(url), () => redis(`${url}/1`)],
  ["another prefix", () => redis(url), () => redis({ url, prefix: "test" })],
  ["another prefix on one client", () => redis(client), () => redis({ client, prefix: "test" })],
  ["another client", () => redis(client), () => redis(new Redis({ lazyConnect: true }))],
  ["another database of Postgres", () => postgres(pgUrl), () => postgres(`${pgUrl}2`)],
  ["another schema", () => postgres(pgUrl), () => postgres({ url: pgUrl, schema: "test" })],
  ["another pool", () => postgres(pool), () => postgres(new pg.Pool())],
  ["another memory", () => memory(), () => memory()],
  ["another process", () => redis(url), () => asAnotherProcess(redis(url))],
])("any.10 not refused at %s", (_, one, other) => {
  receiverOn(one());
  expect(() => receiverOn(other())).not.toThrow();
});

test.skipIf(!sharable)("any.10 of SQLite the file counts, not how it is written", () => {
  const file = fileOfTest();
  receiverOn(sqlite(file));
  symlinkSync(file, `${file}.link`);
  expect(() => receiverOn(sqlite(`${file}.link`))).toThrow(/"orders" is open in this process/);
  expect(() => receiverOn(sqlite(`${file}/../${file.split("/").at(-1)}`))).toThrow(/is open in this process/);
  receiverOn(sqlite(fileOfTest()));
});

test("any.10 no credential is in an address", () => {
  for (const backend of [redis("redis://app:tuna@127.0.0.1"), postgres("postgres://app:tuna@127.0.0.1/app")])
    expect(JSON.stringify(backend.address)).not.toMatch(/tuna|app:/);
});
