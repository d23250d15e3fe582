/** Where the records of these suites live: each engine that is to be had, and memory. */
import type { Backend } from "@answerback/core/backend";
import { memory } from "@answerback/core";
import { postgres } from "@answerback/postgres";
import { sqlite } from "@answerback/sqlite";
import { describe, onTestFinished } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { frameworkNamed, type Framework } from "../support/frameworks.ts";
import { schemaOfFile } from "../support/postgres-records.ts";
import { storeIn } from "../support/redis-store.ts";
import { fileOfTest } from "../support/sqlite-file.ts";

/** A place for records, and the way to another process on them. */
export interface Place {
  /** A backend object as another process makes it; the same store for each call of one `open`. */
  readonly another: () => Backend<any>;
}

/** What a suite is about, in a place and on a framework. */
type Suite = (open: () => Place, framework: Framework) => void;

const [express, koa] = [frameworkNamed("Express 5"), frameworkNamed("Koa 3")];

/** A suite on memory and on each engine, over HTTP on Express or Koa. */
export function describeEverywhere(title: string, body: Suite): void {
  describe(`${title}: memory`, () => {
    body(inMemory, express);
  });
  describeOnEngines(title, body);
}

/** A suite on each engine, whose records outlive the process. */
export function describeOnEngines(title: string, body: Suite): void {
  describe(`${title}: SQLite`, () => {
    body(inSqlite, koa);
  });
  describeWith("redis")(`${title}: Redis`, () => {
    body(inRedis, express);
  });
  describeWith("postgres")(`${title}: Postgres`, () => {
    const at = schemaOfFile();
    body(() => ({ another: () => postgres({ url: engineOf("postgres").at, schema: at.schema }) }), koa);
  });
}

function inMemory(): Place {
  const backend = memory();
  return { another: () => backend };
}

function inSqlite(): Place {
  const file = fileOfTest();
  return { another: () => sqlite(file) };
}

function inRedis(): Place {
  const { open, destroy } = storeIn(engineOf("redis").at, { clockOffsetMs: () => 0 });
  onTestFinished(async () => destroy?.());
  return { another: () => open({ clockOffsetMs: () => 0 }) };
}
