/** The backend that an address names, made by a package that is installed beside; nothing is created where nothing is. */
import { closeSync, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { nearest } from "@answerback/core/provider";
import type { Backend } from "@answerback/core/backend";
import { Complaint, exit, wrong } from "../exit.ts";

/** Where the records are. */
export interface BackendAddress {
  /** `sqlite:file`, `redis://…` or `postgres://…`. */
  readonly backend?: string;
  /** Redis: what all names begin with. */
  readonly prefix?: string;
  /** Redis Cluster: over how many slots the records are spread. */
  readonly shards?: number;
  /** Postgres: the schema of the tables. */
  readonly schema?: string;
}

/** Makes the backend. Nothing is connected or opened yet. Throws a Complaint for an address that cannot be read. */
export async function backendAt({
  backend: address,
  prefix,
  shards,
  schema,
}: BackendAddress): Promise<Backend<any>> {
  if (!address) throw wrong(`say where the records are: ${where}, or set ANSWERBACK_BACKEND`);
  const scheme = /^(\w+):/.exec(address)?.[1]?.toLowerCase() ?? "";
  if (scheme === "sqlite") return sqliteAt(address.slice("sqlite:".length));
  if (/^rediss?$/.test(scheme)) {
    const { redis } = await load<typeof import("@answerback/redis")>(
      "@answerback/redis",
      () => import("@answerback/redis"),
    );
    return redis({ url: address, ...(prefix && { prefix }), ...(shards && { shards }) });
  }
  if (/^postgres(ql)?$/.test(scheme)) {
    const { postgres } = await load<typeof import("@answerback/postgres")>(
      "@answerback/postgres",
      () => import("@answerback/postgres"),
    );
    return postgres({ url: address, ...(schema && { schema }) });
  }
  throw unreadable(address, scheme);
}

const where = "--backend sqlite:file, redis://… or postgres://…";

/** An address may hold a password, so no more of it is told than its scheme. */
function unreadable(address: string, scheme: string): Complaint {
  if (scheme === "" && /\.(db|sqlite3?)$/.test(address))
    return wrong(`--backend: did you mean sqlite:${address}?`);
  const near = nearest(scheme, ["sqlite", "redis", "rediss", "postgres", "postgresql"]);
  return wrong(
    `--backend: ${near ? `it begins with ${scheme}:; did you mean ${near}:?` : `write it as ${where.slice(10)}`}`,
  );
}

async function sqliteAt(file: string): Promise<Backend<any>> {
  mustBeThere(file);
  const { sqlite } = await load<typeof import("@answerback/sqlite")>(
    "@answerback/sqlite",
    () => import("@answerback/sqlite"),
  );
  return sqlite(file);
}

/** A file that is not there would be made, and one that is empty would get tables. */
function mustBeThere(file: string): void {
  if (file === "") throw wrong("--backend: sqlite: needs the path of a file, such as sqlite:answerback.db");
  const head = headOf(file);
  if (head === "SQLite format 3\0") return;
  throw wrong(`--backend: ${file} is ${head === "" ? "empty" : "no SQLite database"}`);
}

function headOf(file: string): string {
  try {
    const opened = openSync(file, "r");
    const bytes = Buffer.alloc(16);
    const length = readSync(opened, bytes);
    closeSync(opened);
    return bytes.toString("latin1", 0, length);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw wrong(`--backend: ${code === "ENOENT" ? `there is no file ${file}` : message}`);
  }
}

/** The package beside this one, else the one of the app in whose folder the command is typed. */
async function load<Module>(name: string, beside: () => Promise<unknown>): Promise<Module> {
  try {
    return (await beside()) as Module;
  } catch (error) {
    if (!isMissing(error, name)) throw error;
  }
  try {
    const file = createRequire(join(process.cwd(), "here.js")).resolve(name);
    return (await import(pathToFileURL(file).href)) as Module;
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new Complaint(exit.wrongArguments, `${name} is not installed: npm install ${name}`);
  }
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") && String(message).includes(name);
}
