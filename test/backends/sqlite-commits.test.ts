/** sqlite's commits: what shares one, what fails alone, what has no room, and what waits for its turn. */
import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { sqlite, type SqliteOptions } from "@answerback/sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { sharable } from "../support/sqlite-file.ts";
import { claimAndSave, day, lease, keysOf, opened, settle } from "../support/sqlite-records.ts";

/** How many transactions were committed from here on. */
function countCommits(): () => number {
  const exec = vi.spyOn(DatabaseSync.prototype, "exec");
  onTestFinished(() => exec.mockRestore());
  return () => exec.mock.calls.filter(([sql]) => sql === "COMMIT").length;
}

/** How it went with each. */
async function fates(promises: readonly Promise<unknown>[]): Promise<string[]> {
  return (await Promise.allSettled(promises)).map(({ status }) => status);
}

describe("a commit", () => {
  test("is shared by all that is asked for in one turn of the event loop", async () => {
    const { records } = await opened();
    const commits = countCommits();
    await Promise.all(keysOf(64).map(async (key) => records.claim(key, lease(key))));
    expect(commits()).toBe(1);
    await Promise.all(keysOf(64).map(async (key) => records.save(key, lease(key, 1), settle)));
    expect(commits()).toBe(2);
  });

  test("is shared by several receivers", async () => {
    const { records, backend } = await opened();
    const other = await backend.open("other");
    const commits = countCommits();
    await Promise.all([records, other].map(async (each) => each.claim("key", lease("key"))));
    expect(commits()).toBe(1);
  });

  test("takes up what comes in the callbacks of one turn", async () => {
    const { records } = await opened();
    const commits = countCommits();
    const claimIn = async (phase: Promise<unknown>, key: string) => (
      await phase,
      records.claim(key, lease(key))
    );
    await Promise.all([
      claimIn(Promise.resolve(), "a"),
      claimIn(
        Promise.resolve().then(() => {}),
        "b",
      ),
    ]);
    expect(commits()).toBe(1);
  });

  test("is not needed to tell a duplicate its answer, or a worker that nothing is due", async () => {
    const { records } = await opened();
    await claimAndSave(records, "settled", settle);
    await records.claim("held", lease("held"));
    const commits = countCommits();
    expect((await records.claim("settled", lease("x"))).state).toBe("settled");
    expect((await records.claim("held", lease("x"))).state).toBe("held");
    expect(await records.take(lease("x"))).toBeUndefined();
    expect(commits()).toBe(0);
  });

  test("that one verb spoils is made without it: only its caller hears of it", async () => {
    const { records } = await opened();
    const keys = ["a", "b", "c"];
    await Promise.all(keys.map(async (key) => records.claim(key, lease(key))));
    const change = (key: string) => ({ note: '"saved"', ...(key === "b" && { attempts: "many" as never }) });
    const saves = keys.map(async (key) => records.save(key, lease(key, 1), change(key)));
    expect(await fates(saves)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const notes = await Promise.all(keys.map(async (key) => (await records.get(key))?.note));
    expect(notes).toEqual(['"saved"', null, '"saved"']);
  });

  test("holds the verbs in the order in which they were asked for", async () => {
    const { records } = await opened();
    const [, , again] = await Promise.all([
      records.claim("key", lease("key")),
      records.save("key", lease("key", 1), { note: '"why"', forMs: 0 }),
      records.claim("key", lease("key")),
    ]);
    expect(again).toEqual({ state: "claimed", attempts: 1, note: '"why"' });
    expect((await records.get("key"))?.state).toBe("free");
  });

  test("of odd numbers rounds up: no lease ends early", async () => {
    const { records, clock } = await opened();
    await records.claim("key", { ...lease("key"), leaseMs: 10.2 });
    await clock.advance(10);
    expect((await records.claim("key", lease("other"))).state).toBe("held");
    await records.save("key", lease("key", 1), { ...settle, forMs: 3.5 });
    await records.save("key", lease("key", 2), { ...settle, forMs: Number.MAX_VALUE });
    expect((await records.get("key"))?.forMs).toBe(Number.MAX_SAFE_INTEGER - clock.now());
  });

  test("of a settled record that lies far away keeps it for ever", async () => {
    const { records, clock } = await opened();
    await claimAndSave(records, "key", { ...settle, forMs: Number.MAX_VALUE });
    await clock.advance(4_000 * day);
    await claimAndSave(records, "another", settle);
    expect(await records.claim("key", lease("x"))).toEqual({ state: "settled", answer: '"done"' });
    expect(await records.save("key", lease("key", 2), { note: '"why"' })).toBe(true);
  });
});

describe("a full disk", () => {
  const maxBytes = 200_000;
  const large = JSON.stringify("x".repeat(20_000));

  async function filled(options: Partial<SqliteOptions> = {}) {
    const subject = await opened({ maxBytes, ...options });
    const keys = keysOf(20);
    const all = await fates(
      keys.map((key) => claimAndSave(subject.records, key, { ...settle, answer: large })),
    );
    return { ...subject, keys, all };
  }

  test("rejects what has no room, and what was told to be saved is", async () => {
    const { records, keys, all } = await filled();
    expect(new Set(all)).toEqual(new Set(["fulfilled", "rejected"]));
    for (const [index, key] of keys.entries()) {
      const answer = (await records.get(key))?.answer ?? null;
      expect(answer).toBe(all[index] === "fulfilled" ? large : null);
    }
  });

  test("still answers duplicates, and the same step may be saved once there is room", async () => {
    const { records, keys, all, file, backend } = await filled();
    const [saved, unsaved] = ["fulfilled", "rejected"].map((fate) => keys[all.indexOf(fate)]!);
    expect((await records.claim(saved!, lease("x"))).state).toBe("settled");
    await expect(records.save(unsaved!, lease(unsaved!, 1), { ...settle, answer: large })).rejects.toThrow(
      /full/,
    );
    await backend.close();
    const { clock } = await opened();
    const roomy = sqlite({ file, clock });
    onTestFinished(() => roomy.close());
    const again = await roomy.open("receiver");
    expect(await again.save(unsaved!, lease(unsaved!, 1), { ...settle, answer: large })).toBe(true);
  });

  test("has room again when what is forgotten was swept, though nothing could be written until then", async () => {
    const { records, clock } = await filled();
    await clock.advance(10 * day);
    const attempts: string[] = [];
    // whatever comes of the first: it sets off the sweep
    for (let attempt = 1; attempt <= 3; attempt += 1)
      attempts.push(...(await fates([claimAndSave(records, "new", { ...settle, answer: large })])));
    expect(attempts.at(-1)).toBe("fulfilled");
    expect((await records.get("new"))?.answer).toBe(large);
  });
});

describe.runIf(sharable)("while another process writes", () => {
  async function locked() {
    const subject = await opened();
    const other = new DatabaseSync(subject.file);
    onTestFinished(() => other.close());
    other.exec("BEGIN IMMEDIATE");
    return { ...subject, other };
  }

  test("a verb waits for its turn, and keeps nothing else waiting", async () => {
    const { records, other } = await locked();
    let isDone = false;
    const claim = Promise.resolve(records.claim("key", lease("key"))).finally(() => (isDone = true));
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    expect([await records.get("key"), isDone]).toEqual([undefined, false]);
    other.exec("COMMIT");
    expect((await claim).state).toBe("claimed");
  });

  test("a verb that waits for long is given up, and is not done later", async () => {
    const { records, other } = await locked();
    const began = performance.now();
    const claims = ["a", "b"].map(async (key) => records.claim(key, lease(key)));
    expect(await fates(claims)).toEqual(["rejected", "rejected"]);
    expect(performance.now() - began).toBeLessThan(2_000);
    other.exec("COMMIT");
    await records.claim("c", lease("c"));
    expect(await records.get("a")).toBeUndefined();
  });
});
