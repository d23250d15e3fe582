/** postgres without its engine: refused, frozen, crashed under load; and afterwards, by itself. */
import { once } from "node:events";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { postgres } from "@answerback/postgres";
import { describeWith } from "../support/engines.ts";
import { startPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { claimAndSave, lease, opened, settle } from "../support/postgres-records.ts";
import { forkTool, heard } from "../support/sqlite-file.ts";

/** In the words of `pg`, or of the system. */
const away = /connect|terminat|timeout|ECONNRE|EPIPE/i;

describeWith("postgres-server")("postgres without its engine", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgresServer();
    return () => server.destroy();
  });

  const options = () => ({ url: server.url, withinMs: 1_000 });

  test("that is not there at the start: open rejects, and opens when it is", async () => {
    await server.stop();
    const backend = postgres(options());
    onTestFinished(() => backend.close());
    await expect(backend.open("receiver")).rejects.toThrow(/ECONNREFUSED/);
    await server.start();
    const records = await backend.open("receiver");
    expect((await records.claim("at the start", lease("x"))).state).toBe("claimed");
  });

  test("that ends and comes back: verbs reject, the process lives, and the next verbs work", async () => {
    const { records } = await opened(options(), "receiver");
    await claimAndSave(records, "before", settle);
    await server.stop();
    await expect(records.claim("key", lease("x"))).rejects.toThrow(away);
    await expect(records.save("before", lease("before", 2), {})).rejects.toThrow(away);
    await expect(records.run(async () => [])).rejects.toThrow(away);
    await server.start();
    expect((await records.claim("before", lease("x"))).state).toBe("settled");
    expect((await records.claim("key", lease("x"))).state).toBe("claimed");
  });

  test("that says nothing any more: every verb rejects in bounded time, and works when it does", async () => {
    const { records, backend } = await opened(options(), "receiver");
    await claimAndSave(records, "frozen", settle);
    await server.freeze();
    const verbs = [
      () => records.claim("key 2", lease("x")),
      () => records.save("frozen", lease("frozen", 2), {}),
      () => records.take(lease("x")),
      () => records.get("frozen"),
      () => records.list({ limit: 1 }),
      () => records.stats(1),
      () => records.causes(1),
      () => records.erase("frozen", { answer: '"erased"', forMs: 1 }),
      () => records.due(1),
    ];
    // the connections that were open, and then new ones
    for (const _twice of [1, 2]) {
      const all = await Promise.allSettled(verbs.map(async (verb) => verb()));
      expect(new Set(all.map(({ status }) => status))).toEqual(new Set(["rejected"]));
    }
    await expect(records.run(async () => [])).rejects.toThrow(away);
    await server.thaw();
    const look = async () => records.get("frozen");
    await expect.poll(() => look().catch(() => "away")).toMatchObject({ key: "frozen" });
    expect((await records.claim("frozen", lease("x"))).state).toBe("settled");
    await server.freeze();
    await backend.close();
    await server.thaw();
  });

  test("that crashes under load: what a save resolved for is there", async () => {
    const { records } = await opened(options(), "receiver");
    const saved: string[] = [];
    const failed: string[] = [];
    let isOver = false;
    async function keepBusy(lane: number): Promise<void> {
      for (let index = 0; !isOver; index += 1) {
        const key = `load ${lane} ${index}`;
        try {
          if ((await records.claim(key, lease(key))).state !== "claimed")
            throw new Error(`${key} is not new`);
          if (await records.save(key, lease(key, 1), settle)) saved.push(key);
        } catch {
          failed.push(key);
          // away: a moment for other things
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    }
    const load = Promise.all(Array.from({ length: 16 }, (_, lane) => keepBusy(lane)));
    for (const end of [server.crash, server.stop]) {
      const [before, failedBefore] = [saved.length, failed.length];
      await expect.poll(() => saved.length, { timeout: 30_000 }).toBeGreaterThan(before + 200);
      await end();
      await server.start();
      await expect.poll(() => failed.length).toBeGreaterThan(failedBefore);
    }
    isOver = true;
    await load;
    const states = await Promise.all(saved.map(async (key) => (await records.claim(key, lease("x"))).state));
    expect(new Set(states)).toEqual(new Set(["settled"]));
  });

  test("closed twice leaves nothing open: the process ends by itself", async () => {
    const child = forkTool("postgres-claimer.ts", [server.url, "answerback"]);
    expect(await heard(child)).toBe("open");
    const won = heard(child);
    child.send(["one", "two"]);
    expect(await won).toEqual(["one", "two"]);
    child.send("close");
    expect(await once(child, "exit")).toEqual([0, null]);
    const { backend, records } = await opened(options());
    await Promise.all([backend.close(), backend.close()]);
    await backend.close();
    await expect(records.claim("key", lease("x"))).rejects.toThrow(/was closed/);
  });
});
