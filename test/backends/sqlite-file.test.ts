/** sqlite's file: whose it is, who may read it, who may write it, and how it grows up. */
import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { isAnswerbackError, OptionError } from "@answerback/core";
import { sqlite } from "@answerback/sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { migrate, migrations } from "../../packages/sqlite/src/schema.ts";
import { fileOfTest, forkTool, heard, sharable } from "../support/sqlite-file.ts";

const lease = { token: "token", sequence: 0, leaseMs: 60_000 };

function opened(options: Parameters<typeof sqlite>[0]) {
  const backend = sqlite(options);
  onTestFinished(() => backend.close());
  return backend;
}

/** The file in our own hands, and let go again: some SQLites share it with nobody. */
function by<Value>(file: string, use: (database: DatabaseSync) => Value): Value {
  const database = new DatabaseSync(file);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

function columnsOf(file: string): unknown[] {
  return by(file, (database) =>
    database
      .prepare("PRAGMA table_info(records)")
      .all()
      .map(({ name }) => name),
  );
}

describe("the file", () => {
  test.skipIf(process.platform === "win32")(
    "is for its owner's eyes only, like what stands beside it",
    async () => {
      const file = fileOfTest();
      const umask = process.umask(0);
      onTestFinished(() => void process.umask(umask));
      const records = await opened({ file }).open("receiver");
      await records.claim("key", lease);
      const beside = [file, `${file}-wal`, `${file}-shm`].filter((one) => existsSync(one));
      expect(beside).toContain(`${file}-wal`);
      expect(beside.map((one) => (statSync(one).mode & 0o777).toString(8))).toEqual(beside.map(() => "600"));
    },
  );

  test("is left alone beside its log when closed, and opens again", async () => {
    const file = fileOfTest();
    const backend = opened(file);
    const records = await backend.open("receiver");
    await records.claim("key", lease);
    await backend.close();
    expect([existsSync(file), existsSync(`${file}-wal`)]).toEqual([true, false]);
    await expect(records.claim("another", lease)).rejects.toThrow(/finalized/);
    expect((await (await backend.open("receiver")).get("key"))?.attempts).toBe(1);
  });

  test("what was asked for before closing is on the disk", async () => {
    const file = fileOfTest();
    const backend = opened(file);
    const records = await backend.open("receiver");
    const claims = ["a", "b"].map(async (key) => records.claim(key, lease));
    await backend.close();
    expect(await Promise.all(claims)).toHaveLength(2);
    expect((await (await opened(file).open("receiver")).get("b"))?.attempts).toBe(1);
  });

  test("may be opened again while it closes", async () => {
    const backend = opened({ file: fileOfTest(), exclusive: true });
    const closing = backend.close();
    const records = await backend.open("receiver");
    await closing;
    expect((await records.claim("key", lease)).state).toBe("claimed");
  });

  test("that could not be opened for a receiver can be later", async () => {
    const backend = opened(fileOfTest());
    const exec = vi.spyOn(DatabaseSync.prototype, "exec");
    onTestFinished(() => exec.mockRestore());
    exec.mockImplementationOnce(() => {
      throw new Error("disk I/O error");
    });
    await expect(backend.open("receiver")).rejects.toThrow(/disk I\/O error/);
    expect(await (await backend.open("receiver")).get("key")).toBeUndefined();
  });

  test("commits wait for the disk", async () => {
    const file = fileOfTest();
    const exec = vi.spyOn(DatabaseSync.prototype, "exec");
    onTestFinished(() => exec.mockRestore());
    opened(file);
    expect(exec.mock.calls.join()).toContain("synchronous = FULL");
  });

  test("of what outlives nothing is refused, as is a bound that bounds nothing", () => {
    for (const [file, code] of [
      ["", "empty"],
      [":memory:", "invalid"],
      [undefined, "missing"],
    ] as const)
      expect(() => sqlite({ file })).toThrow(expect.objectContaining({ option: "sqlite: file", code }));
    for (const maxBytes of [0, -1, 0.5, Number.NaN])
      expect(() => sqlite({ file: "never.db", maxBytes })).toThrow(
        /^sqlite: maxBytes: .* is not a whole number/,
      );
  });
});

describe("a file of another kind", () => {
  test("that is no database is refused, and stays as it is", () => {
    const file = fileOfTest();
    writeFileSync(file, "Dear diary, ".repeat(500));
    expect(() => sqlite(file)).toThrow(
      new OptionError(
        "sqlite: file",
        "invalid",
        `${file} is not a database: give Answerback a file of its own`,
      ),
    );
    expect(statSync(file).size).toBe(6_000);
  });

  test("that is another program's database is refused, and stays as it is", () => {
    const file = fileOfTest();
    for (const version of [1, 0]) {
      by(file, (it) => it.exec(`CREATE TABLE IF NOT EXISTS orders (id); PRAGMA user_version = ${version}`));
      expect(() => sqlite(file)).toThrow(/another program's database/);
    }
    const tables = by(file, (it) => it.prepare("SELECT name FROM sqlite_schema").all());
    expect(tables).toEqual([{ name: "orders" }]);
  });

  test("that a newer version wrote is refused", async () => {
    const file = fileOfTest();
    await opened(file).close();
    by(file, (it) => it.exec("PRAGMA user_version = 99"));
    expect(() => sqlite(file)).toThrow(/of version 99, and this @answerback\/sqlite knows \d+/);
  });
});

describe("a file of an older version", () => {
  const newer = [
    ...migrations,
    "ALTER TABLE records ADD COLUMN extra TEXT",
    "UPDATE records SET extra = key",
  ];

  test("is brought to the newest, with what is in it", async () => {
    const file = fileOfTest();
    const backend = opened(file);
    await (await backend.open("receiver")).claim("key", lease);
    await backend.close();
    for (const _twice of [1, 2]) by(file, (it) => migrate(it, newer));
    const rows = by(file, (it) => it.prepare("SELECT key, extra FROM records").all());
    expect(rows).toEqual([{ key: "key", extra: "key" }]);
    expect(() => sqlite(file)).toThrow(new RegExp(`of version ${newer.length}, and`));
  });

  test("keeps what was dead for 30 days from now on, and lets the version before bury no more", async () => {
    const file = fileOfTest();
    by(file, (it) => {
      migrate(it, migrations.slice(0, 2));
      const insert = it.prepare(
        `INSERT INTO records (receiver, key, attempts, until, token, step, held, note, answer, work, kind)
         VALUES (1, ?, 8, ?, 'old', 9, 1, '"why"', '1', '"event"', 'post')`,
      );
      it.exec("INSERT INTO receivers (name) VALUES ('receiver')");
      insert.run("dead", null);
      insert.run("due", 1);
    });
    const backend = opened(file);
    const records = await backend.open("receiver");
    const [letter, ...rest] = (await records.list({ limit: 10, state: "dead" })).entries;
    expect([letter, rest]).toMatchObject([{ key: "dead", note: '"why"', attempts: 8 }, []]);
    expect(Math.abs(letter!.diedAt! - Date.now())).toBeLessThan(60_000);
    expect(Math.abs(letter!.forMs - 30 * 86_400_000)).toBeLessThan(60_000);
    expect(await records.take(lease)).toMatchObject({ key: "due", kind: "post" });
    expect(await records.take({ ...lease, token: "x" }, { key: "dead", early: true })).toMatchObject({
      kind: "run",
    });
    await backend.close();
    expect(() => by(file, (it) => it.exec("UPDATE records SET until = NULL"))).toThrow(/CHECK constraint/);
  });

  test("lists what has an answer or work, the newest first, under the name of its work", async () => {
    const file = fileOfTest();
    const event = { kind: "event", event: { type: "order.insert", data: {} } };
    const post = { kind: "post", post: {}, type: "external", name: "the provider's name" };
    const hour = 3_600_000;
    const states = {
      settled: { answer: "1" },
      due: { answer: "1", work: JSON.stringify(event), until: -hour },
      waiting: { answer: "1", work: JSON.stringify(post), kind: "post", held: 0 },
      held: { work: JSON.stringify({ ...event, event: { type: 'o"\u0000' } }) },
      dead: { answer: "1", work: JSON.stringify({ kind: "malformed", body: { name: {} } }), kind: "dead" },
      "dead too": { answer: "1", work: "no JSON", kind: "dead" },
      forgotten: { answer: "1", until: -hour },
      "being handled": {},
      free: { until: -hour, note: '"why"' },
      "an entity": { until: -hour, note: '"version 3"' },
    };
    by(file, (it) => {
      migrate(it, migrations.slice(0, 3));
      it.exec("INSERT INTO receivers (name) VALUES ('receiver')");
      const insert = it.prepare(
        `INSERT INTO records (receiver, key, attempts, until, token, step, held, note, answer, work, kind, died)
         VALUES (1, ?, 1, ?, 'old', 1, ?, ?, ?, ?, ?, ?)`,
      );
      for (const [key, row] of Object.entries<Partial<Record<string, string | number>>>(states)) {
        const { until = hour, held = 1, note = null, answer = null, work = null, kind = "run" } = row;
        insert.run(
          key,
          Date.now() + Number(until),
          held,
          note,
          answer,
          work,
          kind,
          kind === "dead" ? 5 : null,
        );
      }
    });
    const records = await opened(file).open("receiver");
    const { entries, next } = await records.list({ limit: 10 });
    expect(entries.map(({ key, state, name, id }) => [key, state, name, id])).toEqual([
      ["dead too", "dead", null, null],
      ["dead", "dead", null, null],
      ["held", "held", JSON.stringify('o"\u0000'), null],
      ["waiting", "waiting", JSON.stringify("the provider's name"), null],
      ["due", "due", '"order.insert"', null],
      ["settled", "settled", null, null],
    ]);
    expect(next).toBeNull();
    for (const { arrivedAt } of entries) expect(Math.abs(Date.now() - arrivedAt!)).toBeLessThan(60_000);
    const counts = { held: 1, free: 0, due: 1, waiting: 1, paused: 0, dead: 2, settled: 1 };
    expect(await records.stats(10)).toMatchObject({ counts });
    const dead = await records.list({ limit: 10, state: "dead" });
    expect(dead.entries.map(({ key, diedAt }) => [key, diedAt])).toEqual([
      ["dead too", 5],
      ["dead", 5],
    ]);
    // what was free when it came is listed when it comes again
    await records.claim("free", lease, { name: '"order.insert"', id: '"4711"' });
    await records.claim("an entity", lease);
    expect((await records.list({ limit: 10, state: "held" })).entries.map(({ key }) => key)).toEqual([
      "free",
      "held",
    ]);
    expect(await records.get("an entity")).toMatchObject({
      note: '"version 3"',
      arrivedAt: null,
      attempts: 2,
    });
  });

  test("stays as it was when a step fails", async () => {
    const file = fileOfTest();
    await opened(file).close();
    const before = columnsOf(file);
    expect(() => by(file, (it) => migrate(it, [...newer, "nonsense"]))).toThrow(/syntax error/);
    expect(columnsOf(file)).toEqual(before);
    await opened(file).close();
  });
});

describe("a file that another process has open", () => {
  const claimer = "sqlite-claimer.ts";

  test("and keeps to itself is refused, until that process ends, however it ends", async () => {
    const file = fileOfTest();
    const other = forkTool(claimer, [file, "exclusive"]);
    expect(await heard(other)).toBe("open");
    const refusal = refusalOf(() => sqlite(file));
    expect([isAnswerbackError(refusal) && refusal.code, String(refusal)]).toEqual([
      "backend_away",
      expect.stringMatching(/in use by another process, and one of the two keeps it to itself/),
    ]);
    other.kill("SIGKILL");
    await once(other, "exit");
    await opened({ file, exclusive: true }).open("receiver");
    const late = forkTool(claimer, [file]);
    expect(await heard(late)).toMatch(/in use by another process/);
  });

  test.runIf(sharable)(
    "in a Node whose SQLite allows it is shared, unless we want it for ourselves",
    async () => {
      const file = fileOfTest();
      expect(await heard(forkTool(claimer, [file]))).toBe("open");
      await opened(file).open("receiver");
      expect(() => sqlite({ file, exclusive: true })).toThrow(/in use by another process/);
    },
  );

  test.skipIf(sharable)("in a Node whose SQLite would corrupt it is never shared", async () => {
    const file = fileOfTest();
    expect(await heard(forkTool(claimer, [file]))).toBe("open");
    expect(() => sqlite(file)).toThrow(/in use by another process/);
    expect(() => sqlite({ file, exclusive: false })).toThrow(/^sqlite: exclusive: SQLite .* may corrupt/);
  });

  test.runIf(sharable)(
    "from three processes that open it at once, of all claims of a key one wins",
    async () => {
      const file = fileOfTest();
      const others = [0, 1, 2].map(() => forkTool(claimer, [file]));
      expect(await Promise.all(others.map(heard))).toEqual(["open", "open", "open"]);
      const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`);
      const won = others.map(heard);
      for (const other of others) other.send(Array.from({ length: 17 }, () => keys).flat());
      const winners = (await Promise.all(won)).flat();
      expect(new Set(winners)).toEqual(new Set(keys));
      expect(winners).toHaveLength(keys.length);
    },
  );
});

function refusalOf(open: () => unknown): unknown {
  try {
    return open();
  } catch (error) {
    return error;
  }
}
