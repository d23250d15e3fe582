/** redis in the background: a worker of this process is woken, and does not wait for its next look. */
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { storeIn } from "../support/redis-store.ts";

const lease = (token: string, sequence = 0) => ({ token, sequence, leaseMs: 60_000 });

describeWith("redis")("workers on redis", () => {
  test.each([1, 4])("what is saved as due wakes them at once, on %i shards", async (shards) => {
    const { backend, destroy } = storeIn(engineOf("redis").at, { shards });
    onTestFinished(async () => {
      await backend.close();
      await destroy?.();
    });
    const records = await backend.open("receiver");
    // from now on nobody looks by himself
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const taken: string[] = [];
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const stop = records.work({
      leaseMs: 60_000,
      slots: { run: 1, post: 1 },
      async each({ key }, token) {
        taken.push(key);
        await records.save(key, lease(token, 1), { work: null, forMs: 1_000 });
        if (taken.length === 3) resolve();
      },
    });
    // until it found nothing
    await vi.waitUntil(() => vi.getTimerCount() > 0, { interval: 1, timeout: 30_000 });
    for (const key of ["a", "b", "c"]) {
      await records.claim(key, lease(key));
      await records.save(key, lease(key, 1), { work: '"event"', forMs: 0 });
    }
    await done;
    // in any order: who looks while they come sees one shard after the other
    expect(taken.toSorted()).toEqual(["a", "b", "c"]);
    await stop();
  });

  test("what is due on the nodes that answer is listed without the one that is away", async () => {
    const client = new Redis(engineOf("redis").at);
    const { backend, destroy } = storeIn(engineOf("redis").at, { client, shards: 2 });
    onTestFinished(async () => {
      await backend.close();
      client.disconnect();
      await destroy?.();
    });
    const records = await backend.open("receiver");
    for (const key of ["a", "b", "c", "d", "e", "f"]) {
      await records.claim(key, lease(key));
      await records.save(key, lease(key, 1), { work: '"event"', forMs: 0 });
    }
    const { call } = client;
    const answering = (shard: string) =>
      (client.call = (...command: any[]) =>
        command.flat().some((arg) => String(arg).includes(`:${shard}}`))
          ? Promise.reject(new Error("CLUSTERDOWN"))
          : Reflect.apply(call, client, command));
    answering("0");
    const some = await records.due?.(10);
    answering("1");
    const others = await records.due?.(10);
    expect([...some!, ...others!].map(({ key }) => key).toSorted()).toEqual(["a", "b", "c", "d", "e", "f"]);
    client.call = () => Promise.reject(new Error("CLUSTERDOWN"));
    await expect(records.due?.(10)).rejects.toThrow("CLUSTERDOWN");
    client.call = call;
  });
});
