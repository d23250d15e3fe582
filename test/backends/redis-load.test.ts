/** redis under load: restarts lose nothing that a verb resolved for. */
import { setTimeout } from "node:timers/promises";
import type { Records } from "@answerback/core/backend";
import { redis } from "@answerback/redis";
import { expect, onTestFinished, test, vi } from "vitest";
import { describeWith } from "../support/engines.ts";
import { startRedis } from "../support/redis-server.ts";
import { untilItCan } from "../support/redis-store.ts";

const lease = (token: string, sequence = 0) => ({ token, sequence, leaseMs: 60_000 });

describeWith("redis-server")("redis under load", () => {
  test("killed three times and started again: nothing is lost that a verb resolved for", async () => {
    const server = await startRedis({ appendonly: "yes", appendfsync: "always" });
    const backend = redis(server.url);
    onTestFinished(async () => {
      await backend.close();
      await server.destroy();
    });
    const records = await backend.open("receiver");
    const printed = vi.spyOn(console, "error");
    const sent = Array.from({ length: 16 }, () => [] as string[]);
    let isOver = false;
    const senders = sent.map(async (keys, sender) => {
      while (!isOver) keys.push(await deliver(records, `${sender}-${keys.length}`));
    });
    for (let time = 1; time <= 3; time += 1) {
      const before = sent.flat().length;
      // load before each of them
      while (sent.flat().length < before + 100) await setTimeout(5);
      await server.kill();
      await server.start();
    }
    isOver = true;
    await Promise.all(senders);
    const entries = await Promise.all(sent.flat().map(async (key) => records.get(key)));
    expect(entries.map((entry) => [entry?.answer, entry?.work, entry?.attempts])).toEqual(
      sent.flat().map((key) => [JSON.stringify(key), '"event"', 1]),
    );
    const due = await records.due!(100_000);
    expect(due.map(({ key }) => key).toSorted()).toEqual(sent.flat().toSorted());
    expect(printed).not.toHaveBeenCalled();
  });
});

/** A delivery that is accepted, with each verb repeated until it resolves. */
async function deliver(records: Records, key: string): Promise<string> {
  await untilItCan(() => records.claim(key, lease(key)));
  const change = { answer: JSON.stringify(key), work: '"event"', forMs: 0 };
  await untilItCan(() => records.save(key, lease(key, 1), change));
  return key;
}
