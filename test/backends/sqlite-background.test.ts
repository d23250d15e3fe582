/** sqlite in the background: what the sweep takes away, and workers on a file that fails. */
import { readFileSync } from "node:fs";
import { DatabaseSync, StatementSync } from "node:sqlite";
import type { Records } from "@answerback/core/backend";
import { sharable } from "../support/sqlite-file.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { about, claimAndSave, day, lease, keysOf, opened, settle } from "../support/sqlite-records.ts";

function ioError(): never {
  throw new Error("disk I/O error");
}

describe("the sweep", () => {
  /** How many rows each sweep took away, from here on: `undefined` for one that failed. */
  function watchSweeps(): () => (number | undefined)[] {
    const run = vi.spyOn(StatementSync.prototype, "run");
    onTestFinished(() => run.mockRestore());
    const sweeps = () =>
      run.mock.results.filter((_, at) => /DELETE/.test((run.mock.contexts[at] as StatementSync).sourceSQL));
    return () => sweeps().map(({ type, value }) => (type === "return" ? Number(value.changes) : undefined));
  }

  /** Turns of the event loop, each with a verb in it, until nothing more is swept. */
  async function keepBusy(records: Records, times = 10): Promise<void> {
    for (let time = 0; time < times; time += 1)
      await claimAndSave(records, `${Math.random()}`, { note: '"x"' });
  }

  test("takes what was forgotten, five hundred at a time", async () => {
    const { records, clock } = await opened();
    await Promise.all(keysOf(1_200).map((key) => claimAndSave(records, key, settle)));
    await clock.advance(30 * day);
    const sweeps = watchSweeps();
    for (let time = 0; time < 10; time += 1) await records.claim(`new ${time}`, lease("x"));
    expect(sweeps()).toEqual([500, 500, 200]);
  });

  // an older SQLite keeps the file to itself, so that nobody else can look into it
  test.runIf(sharable)(
    "any.47 takes a kept event out of the file at its time, where nothing comes and a worker only looks",
    async () => {
      const { records, clock, file } = await opened();
      await claimAndSave(records, "key", { ...settle, kept: '"of a subject"', keptForMs: 60_000 }, about);
      onTestFinished(records.work({ leaseMs: 60_000, slots: { run: 1, post: 1 }, each: async () => {} }));
      await clock.advance(59_000);
      const other = new DatabaseSync(file, { readOnly: true });
      onTestFinished(() => other.close());
      const kept = () => other.prepare("SELECT kept FROM records").get()?.kept;
      expect(kept()).toBe('"of a subject"');
      await clock.advance(62_000);
      await expect.poll(kept).toBe(null);
    },
  );

  test("leaves for a week, or the longest retention, what is free and its note", async () => {
    const { records, clock } = await opened();
    await claimAndSave(records, "settled", { ...settle, forMs: 20 * day });
    await claimAndSave(records, "free", { note: '"why"', forMs: 0 });
    const sweeps = watchSweeps();
    await clock.advance(20 * day);
    for (let time = 0; time < 3; time += 1) await records.claim(`new ${time}`, lease("x"));
    expect(await records.get("free")).toMatchObject({ note: '"why"' });
    await clock.advance(day);
    for (let time = 3; time < 6; time += 1) await records.claim(`new ${time}`, lease("x"));
    expect(await records.get("free")).toBeUndefined();
    expect(sweeps()).toEqual([0, 1]);
  });

  test("leaves what is free for as long as what was erased is remembered", async () => {
    const { records, clock } = await opened();
    await claimAndSave(records, "due", { work: '"event"', forMs: 0 });
    expect(await records.erase("due", { answer: '"erased"', forMs: 20 * day })).toBe(true);
    await claimAndSave(records, "free", { note: '"why"', forMs: 0 });
    await clock.advance(19 * day);
    await keepBusy(records);
    expect(await records.get("free")).toMatchObject({ note: '"why"' });
  });

  test("leaves what has work, whenever it was due, and takes what is dead at its time", async () => {
    const { records, clock } = await opened();
    await claimAndSave(records, "due", { work: '"event"', forMs: 0 });
    await claimAndSave(records, "dead", { work: '"event"', kind: "dead", forMs: 30 * day });
    await claimAndSave(records, "for ever", { work: '"event"', kind: "dead", forMs: 300_000 * day });
    const sweeps = watchSweeps();
    await clock.advance(4_000 * day);
    await keepBusy(records);
    expect((await records.get("due"))?.work).toBe('"event"');
    expect((await records.get("for ever"))?.work).toBe('"event"');
    expect(sweeps().filter((count) => count !== 0)).toEqual([1]);
  });

  test("takes what is listed and free when it has been free for a week, however long ago it arrived", async () => {
    const { records, clock } = await opened();
    await claimAndSave(records, "left", { note: '"why"', forMs: 0 }, about);
    await claimAndSave(records, "retried", { note: '"why"', forMs: 0 }, about);
    await clock.advance(6 * day);
    await records.claim("retried", lease("again"), about);
    const sweeps = watchSweeps();
    await clock.advance(2 * day);
    await keepBusy(records);
    expect((await records.get("left"))?.state).toBeUndefined();
    expect((await records.get("retried"))?.state).toBe("free");
    expect(sweeps().filter((count) => count !== 0)).toEqual([1]);
  });

  test("wipes what was kept for its time, five hundred at a time, and leaves the records", async () => {
    const { records, clock, file, backend } = await opened();
    const keep = (marker: string, keptForMs: number) => ({
      ...settle,
      forMs: 30 * day,
      kept: JSON.stringify(marker),
      keptForMs,
    });
    await claimAndSave(records, "short", keep("kept-inline", day));
    // longer than a page of the file
    await claimAndSave(records, "long", keep("kept-overflow".repeat(2_000), day));
    await Promise.all(keysOf(600).map((key) => claimAndSave(records, key, keep("kept-many", day))));
    await claimAndSave(records, "later", keep("kept-longer", 3 * day));
    await clock.advance(2 * day);
    await keepBusy(records);
    await backend.close();
    const bytes = readFileSync(file).toString("latin1");
    for (const marker of ["kept-inline", "kept-overflow", "kept-many"])
      expect([marker, bytes.includes(marker)]).toEqual([marker, false]);
    expect(bytes).toContain("kept-longer");
    const again = await backend.open("receiver");
    expect(await again.get("short")).toMatchObject({ state: "settled", kept: null });
    expect(await again.get("later")).toMatchObject({ kept: '"kept-longer"' });
  });

  test("reaches the records of receivers that are no more", async () => {
    const { backend, clock } = await opened();
    const gone = await backend.open("gone");
    await claimAndSave(gone, "key", settle);
    await gone.close();
    await clock.advance(30 * day);
    const sweeps = watchSweeps();
    const next = await backend.open("next");
    await next.claim("key", lease("x"));
    await next.claim("another", lease("x"));
    expect(sweeps()).toEqual([1]);
  });

  test("that failed is tried again a minute later", async () => {
    const { records, clock } = await opened();
    await claimAndSave(records, "key", settle);
    await clock.advance(30 * day);
    const sweeps = watchSweeps();
    // with others in its group, and then by itself
    vi.mocked(StatementSync.prototype.run).mockImplementationOnce(ioError).mockImplementationOnce(ioError);
    await keepBusy(records, 3);
    await clock.advance(60_000);
    await keepBusy(records, 3);
    expect(sweeps()).toEqual([undefined, undefined, 1]);
  });

  test("happens about once a minute", async () => {
    const { records, clock } = await opened();
    await keepBusy(records, 3);
    const sweeps = watchSweeps();
    for (let second = 0; second < 180; second += 1) {
      await clock.advance(1_000);
      await claimAndSave(records, `${second}`, settle);
    }
    expect(sweeps().length).toBe(3);
  });
});

describe("a worker", () => {
  async function working() {
    const { records, clock } = await opened();
    const got: string[] = [];
    const stop = records.work({
      slots: { run: 1, post: 1 },
      leaseMs: 60_000,
      each: async ({ key }) => void got.push(key),
    });
    await clock.advance(0);
    return { records, clock, got, stop };
  }

  test("sleeps until its work is due, to the ms", async () => {
    const { records, clock, got, stop } = await working();
    await claimAndSave(records, "key", { work: '"event"', forMs: 60_250 });
    await clock.advance(60_249);
    expect(got).toEqual([]);
    await clock.advance(1);
    await stop();
    expect(got).toEqual(["key"]);
  });

  test("tries a file that cannot be written again about once a second, and goes on when it can", async () => {
    const { records, clock, got, stop } = await working();
    const exec = vi.spyOn(DatabaseSync.prototype, "exec");
    onTestFinished(() => exec.mockRestore());
    await claimAndSave(records, "key", { work: '"event"', forMs: 1 });
    exec.mockClear();
    exec.mockImplementation(ioError);
    await clock.advance(10_000);
    expect(exec.mock.calls.filter(([sql]) => sql === "BEGIN IMMEDIATE").length).toBeLessThan(12);
    exec.mockRestore();
    await clock.advance(1_000);
    await stop();
    expect(got).toEqual(["key"]);
  });

  test("outlives a file that cannot be read", async () => {
    const { records, clock, got, stop } = await working();
    await claimAndSave(records, "key", { work: '"event"', forMs: 1_000 });
    const get = vi.spyOn(StatementSync.prototype, "get").mockImplementation(ioError);
    onTestFinished(() => get.mockRestore());
    await clock.advance(10_000);
    get.mockRestore();
    await clock.advance(1_000);
    await stop();
    expect(got).toEqual(["key"]);
  });
});
