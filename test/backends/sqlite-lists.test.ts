/** sqlite's lists: read from indexes, in pages that end early where nothing is found, and of receivers that no process has open. */
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { openRecords } from "@answerback/core";
import type { Entry, Place } from "@answerback/core/backend";
import { expect, onTestFinished, test, vi } from "vitest";
import { about, claimAndSave, day, keysOf, opened, settle } from "../support/sqlite-records.ts";

test("no statement reads all records, and no list sorts them", async () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, "prepare");
  onTestFinished(() => prepare.mockRestore());
  const { file, backend } = await opened();
  const statements = prepare.mock.calls.map(([sql]) => sql).filter((sql) => /FROM records/.test(sql));
  // an older SQLite keeps the file to itself while it is open
  await backend.close();
  const database = new DatabaseSync(file);
  onTestFinished(() => database.close());
  const planOf = (sql: string) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...Array.from(sql.matchAll(/\?/g), () => 1))
      .map(({ detail }) => String(detail));
  expect(statements.length).toBeGreaterThan(20);
  for (const sql of statements) expect(planOf(sql).filter((line) => /^SCAN records/.test(line))).toEqual([]);
  const lists = statements.filter((sql) => /ORDER BY (arrived|died) DESC, key DESC LIMIT \?$/.test(sql));
  expect(lists.length).toBe(7);
  for (const sql of lists) expect(planOf(sql)).not.toContain("USE TEMP B-TREE FOR ORDER BY");
});

test("a page ends early where very many records are passed over, and the next one goes on there", async () => {
  const { file, backend, clock } = await opened();
  await backend.close();
  fill(file, { count: 120_000, now: clock.now() });
  const records = await backend.open("receiver");
  for (const filter of [{ id: '"rare"' }, { name: '"rare"' }, { state: "settled", id: '"rare"' }] as const) {
    const pages: (readonly Entry[])[] = [];
    for (let after: Place | null | undefined; after !== null;) {
      const page = await records.list({ limit: 2, after: after ?? undefined, ...filter });
      pages.push(page.entries);
      after = page.next;
    }
    expect(pages[0]).toEqual([]);
    expect(pages.flat().map(({ key }) => key)).toEqual(["rare 3", "rare 2", "rare 1"]);
    expect(pages.length).toBeLessThan(200);
  }
});

test("any.44 more records of one ms than a page looks at in one step are listed, page by page, to their end", async () => {
  const { records, backend } = await opened();
  await Promise.all(keysOf(1_200).map((key) => claimAndSave(records, key, settle, about)));
  await records.close();
  const people = await openRecords(backend, { name: "receiver" });
  for (const filter of [{}, { name: "nothing" }]) {
    const found: string[] = [];
    let pages = 0;
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
      const page = await people.list({ ...filter, limit: 500, cursor });
      found.push(...page.records.map(({ key }) => key));
      cursor = page.cursor;
      expect((pages += 1)).toBeLessThan(10);
    }
    expect(found.length).toBe("name" in filter ? 0 : 1_200);
    expect(new Set(found).size).toBe(found.length);
  }
});

test("what is erased leaves no trace in the file", async () => {
  const { records, file, backend } = await opened();
  const long = JSON.stringify("erased-text".repeat(2_000));
  const texts = { answer: long, note: long, kept: long, keptForMs: day };
  await claimAndSave(
    records,
    "dead",
    { ...texts, work: long, kind: "dead", forMs: day },
    { name: '"a"', id: '"erased-id"' },
  );
  await claimAndSave(records, "other", { ...settle, note: '"left-text"' }, about);
  expect(await records.erase("dead", { answer: "204", forMs: day })).toBe(true);
  await backend.close();
  const bytes = readFileSync(file).toString("latin1");
  expect(["erased-text", "erased-id", "left-text"].map((text) => bytes.includes(text))).toEqual([
    false,
    false,
    true,
  ]);
});

test("the names of receivers are read from a file that was closed, and that opens again", async () => {
  const { records, backend } = await opened();
  await claimAndSave(records, "key", settle);
  await backend.open("without a record");
  await backend.close();
  expect(await backend.receivers!()).toEqual(["receiver"]);
  expect(await (await backend.open("receiver")).get("key")).toMatchObject({ state: "settled" });
});

/** Settled records, the three oldest of them rare ones. */
function fill(file: string, { count, now }: { count: number; now: number }): void {
  const database = new DatabaseSync(file);
  database
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
       INSERT INTO records (receiver, key, attempts, until, token, step, held, answer, arrived, name, subject)
       SELECT 1, iif(n <= 3, 'rare ', 'key ') || n, 1, ? + 86400000, '', 1, 1, '1', ? - 200000 + n,
         iif(n <= 3, '"rare"', '"often"'), iif(n <= 3, '"rare"', '"' || n || '"') FROM numbers`,
    )
    .run(count, now, now);
  database.close();
}
