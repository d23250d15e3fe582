/** redis in the background: a worker of this process is woken, and does not wait for its next look. */
import { expect, onTestFinished, test, vi } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { storeIn } from "../support/redis-store.ts";

const hold = (token: string, step = 0) => ({ token, step, leaseMs: 60_000 });

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
      slots: 1,
      async each({ key }, token) {
        taken.push(key);
        await records.save(key, hold(token, 1), { work: null, forMs: 1_000 });
        if (taken.length === 3) resolve();
      },
    });
    // until it found nothing
    await vi.waitUntil(() => vi.getTimerCount() > 0, { interval: 1 });
    for (const key of ["a", "b", "c"]) {
      await records.claim(key, hold(key));
      await records.save(key, hold(key, 1), { work: '"event"', forMs: 0 });
    }
    await done;
    expect(taken).toEqual(["a", "b", "c"]);
    await stop();
  });
});
