/** The backend of a command: one that is none is refused and left as it was, one that is away is told as that. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { on } from "./files.ts";
import { answerback, folderOfTest } from "./support.ts";

describe("a backend that is none", () => {
  it.each([
    ["a file that is not there", "sqlite:nowhere.db", "there is no file nowhere.db"],
    ["a file without sqlite:", "answerback.db", "did you mean sqlite:answerback.db?"],
    ["a scheme that is misspelt", "postgress://x", "did you mean postgres:?"],
    ["no scheme of ours", "https://user:s3cr3t@x", "write it as sqlite:file, redis://… or postgres://…"],
  ])("%s", async (_, address, cure) => {
    const folder = folderOfTest();
    const { code, out, err } = await answerback(["records", "list", "--backend", address], { cwd: folder });
    expect([code, out, err]).toEqual([2, "", expect.stringContaining(cure)]);
    expect(err).not.toContain("s3cr3t");
    expect(existsSync(join(folder, "nowhere.db"))).toBe(false);
  });

  it("a file that is empty, or of somebody else's, is refused and left as it was", async () => {
    const folder = folderOfTest();
    const [empty, text, other] = ["empty", "text", "other"].map((name) => join(folder, `${name}.db`)) as [
      string,
      string,
      string,
    ];
    writeFileSync(empty, "");
    writeFileSync(text, "hello, this is no database");
    const database = new DatabaseSync(other);
    database.exec("CREATE TABLE mine (id INTEGER)");
    database.close();
    expect([await on(empty, "records", "list"), await on(text, "records", "list")]).toMatchObject([
      { code: 2, err: expect.stringContaining("is empty") },
      { code: 2, err: expect.stringContaining("is no SQLite database") },
    ]);
    const { code } = await on(other, "records", "list");
    const after = new DatabaseSync(other);
    const tables = after.prepare("SELECT name FROM sqlite_master").all();
    after.close();
    expect([code, tables]).toMatchObject([2, [{ name: "mine" }]]);
  });

  it("an engine that is away ends with 3, and the address's password is not told", async () => {
    for (const address of ["redis://user:s3cr3t@127.0.0.1:1", "postgres://user:s3cr3t@127.0.0.1:1/x"]) {
      const { code, out, err } = await answerback(["records", "stats"], {
        env: { ANSWERBACK_BACKEND: address },
      });
      expect([code, out, err]).toEqual([3, "", expect.stringContaining("the backend is away")]);
      expect(err).not.toContain("s3cr3t");
    }
  });

  it("a package that is not installed is answered with the line that installs it", async () => {
    const folder = folderOfTest();
    const hook = join(folder, "without-redis.mjs");
    writeFileSync(hook, withoutRedis);
    const args = ["records", "stats", "--backend", "redis://127.0.0.1:1"];
    const { code, err } = await answerback(args, { cwd: folder, node: [`--import=${hook}`] });
    expect([code, err]).toEqual([
      2,
      "answerback: @answerback/redis is not installed: npm install @answerback/redis\n",
    ]);
  });
});

const withoutRedis = `
import { registerHooks } from "node:module";
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== "@answerback/redis") return next(specifier, context);
    throw Object.assign(new Error("Cannot find package '@answerback/redis'"), { code: "ERR_MODULE_NOT_FOUND" });
  },
});`;
