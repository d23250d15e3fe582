/** What the rows are written with: our functions as plain JavaScript calls them, and things to hand to them. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createReceiver, memory, postback } from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";

/** As JavaScript calls it: without a type. */
export const js = (call: unknown) => call as (...args: any[]) => any;

/** {@link createReceiver}, from JavaScript. */
export const create = js(createReceiver);

/** Options that have nothing wrong. */
export const good = { authenticate: false, handle: () => undefined, backend: memory(), warn: () => {} };

/** A receiver with one option that is wrong. */
export const given = (options: object, provider: unknown = postback()) =>
  create(provider, { ...good, ...options });

/** An own provider with one part that is wrong. */
export const own = (parts: object) =>
  js(defineProvider)({ name: "acme", accepts: ["json"], events: {}, decode: () => [], ...parts });

let names = 0;

/** A good receiver, under a name of its own. */
export const receiver = (provider: unknown = postback(), options: object = {}) =>
  create(provider, { ...good, background: false, name: `receiver ${(names += 1)}`, ...options });

/** Where files are that are wrong. */
export const folder = mkdtempSync(join(tmpdir(), "mistakes-"));

/** A file that is no database. */
export function diary(): string {
  const file = join(folder, "diary.db");
  writeFileSync(file, "Dear diary, ".repeat(500));
  return file;
}

/** Another program's database. */
export function orders(): string {
  const file = join(folder, "orders.db");
  const database = new DatabaseSync(file);
  database.exec("CREATE TABLE IF NOT EXISTS orders (id)");
  database.close();
  return file;
}

/** A message as the table shows it: with a folder that is the same on every machine. */
export const shown = (message: string): string => message.replaceAll(folder, "/srv/app");

/** Where a Redis might be: nobody connects. */
export const url = "redis://127.0.0.1:6379";

/** Credentials that are good. */
export const pair = { username: "hook", password: "correct-horse-battery" };

/** Terms of callbacks that are good. */
export const callback = { expires: "24h", maxBytes: 1_000, hosts: ["example.com"] };
