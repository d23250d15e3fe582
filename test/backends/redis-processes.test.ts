/** redis from several processes: one winner, one name in each, and no process that cannot end. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { removeAll } from "../support/redis-store.ts";
import { forkTool, heard } from "../support/sqlite-file.ts";

describeWith("redis")("redis from several processes", () => {
  /** Where the processes meet. */
  function meeting(): [url: string, prefix: string] {
    const url = engineOf("redis").at;
    const prefix = `test-${randomUUID()}`;
    onTestFinished(() => removeAll(url, prefix));
    return [url, prefix];
  }

  test("of fifty concurrent claims in each of three processes one wins, key for key", async () => {
    const place = meeting();
    const claimers = Array.from({ length: 3 }, () => forkTool("redis-claimer.ts", place));
    // each with the same receiver open
    expect(await Promise.all(claimers.map(heard))).toEqual(["open", "open", "open"]);
    const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`);
    const answers = claimers.map(heard);
    for (const claimer of claimers) claimer.send(keys);
    const won: string[] = (await Promise.all(answers)).flat();
    expect(won.toSorted()).toEqual(keys.toSorted());
  });

  test("a process that has closed ends by itself", async () => {
    const child = forkTool("redis-passer-by.ts", meeting());
    // the channel of a fork would hold it
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
