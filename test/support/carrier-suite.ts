/** What every carrier has to show, whatever its engine: one that is wiped meanwhile, and work shared between processes. */
import type { Records } from "@answerback/core/backend";
import { expect, test } from "vitest";
import { keysOf, makeDue, workIn } from "./carrier-crew.ts";
import { startWorker } from "./carrier-processes.ts";
import type { Orders } from "./carrier-worker.ts";

/** Records that are carried, and the ways to wipe what carries them. */
export interface Wiped {
  readonly records: Records<any>;
  readonly wipes: readonly (() => Promise<unknown>)[];
}

/** Tests that nothing hangs on what the carrier remembers. */
export function testWiping(open: () => Promise<Wiped>): void {
  test("is worked whole and once, though the queue is wiped four times meanwhile", async () => {
    const { records, wipes } = await open();
    const keys = keysOf(200);
    await makeDue(records, keys);
    const crew = workIn(records, 8);
    await expect.poll(() => crew.got.length).toBe(8);
    for (const wipe of [...wipes, ...wipes]) {
      const before = crew.done.length;
      crew.release(40);
      await expect.poll(() => crew.done.length).toBe(before + 40);
      await wipe();
    }
    crew.release(40);
    await expect.poll(() => crew.done.length).toBe(200);
    expect(crew.got.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    expect(new Set(crew.got.map(({ attempts }) => attempts))).toEqual(new Set([2]));
    await crew.stop();
  });
}

/** Carried records, and what a worker of them in another process is told. */
export interface Shared {
  readonly records: Records<any>;
  readonly orders: Orders;
}

/** Tests processes that are handed work. */
export function testProcesses(open: (globalConcurrency?: number) => Promise<Shared>): void {
  test("share it", async () => {
    const { records, orders } = await open();
    await makeDue(records, keysOf(60));
    const workers = await Promise.all([1, 2].map(() => startWorker({ ...orders, takesMs: 50 })));
    await expect.poll(() => workers.flatMap(({ done }) => done).length).toBe(60);
    expect(new Set(workers.flatMap(({ done }) => done.map(({ key }) => key))).size).toBe(60);
    for (const { done } of workers) expect(done.length).toBeGreaterThan(0);
  });

  test("take over what one that was killed had in its hands", async () => {
    const { records, orders } = await open();
    await makeDue(records, keysOf(3));
    const dying = await startWorker({ ...orders, leaseMs: 1_500 });
    await expect.poll(() => dying.begun.length).toBe(3);
    await dying.kill();
    const heir = await startWorker({ ...orders, takesMs: 1 });
    await expect.poll(() => heir.done.length).toBe(3);
    expect(heir.done.map(({ attempts }) => attempts)).toEqual([3, 3, 3]);
  });

  test("end by themselves once they have closed", async () => {
    const { records, orders } = await open(2);
    const worker = await startWorker({ ...orders, takesMs: 1 });
    await makeDue(records, ["key"]);
    await expect.poll(() => worker.done.length).toBe(1);
    expect(await worker.end()).toEqual([0, null]);
  });
}
