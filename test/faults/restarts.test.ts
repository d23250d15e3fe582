/** An engine that is restarted under load: refused meanwhile, and nothing is lost that was acknowledged. */
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { describeWith } from "../support/engines.ts";
import { untilItCan } from "../support/redis-store.ts";
import { startServer, storeOfFile, type OwnServer, type ServedEngine } from "./engines.ts";
import { inTime, openSending } from "./sending.ts";

const engines: readonly ServedEngine[] = ["redis", "postgres"];

/** How many deliveries are on their way at a time. */
const lanes = 8;

for (const engine of engines)
  describeWith(`${engine}-server`)(`${engine} under load`, () => {
    let server: OwnServer;
    beforeAll(async () => {
      server = await startServer(engine);
      return () => server.destroy();
    });
    const store = storeOfFile(engine, () => server.url);

    test.each([
      ["answered in time", {}],
      ["accepted first", { answerWithin: 0 }],
    ])("any.22 is killed and started again: %s", async (name, options) => {
      const backend = store.open(server.url);
      const sending = await openSending({ backend, options: { name, ...options } });
      const { house, send, acknowledged } = sending;
      let isOver = false;
      let refused = 0;
      let next = 0;
      onTestFinished(() => void (isOver = true));
      async function keepSending(): Promise<void> {
        while (!isOver) if ((await send([(next += 1)]))[0] === 503) refused += 1;
      }
      const load = Promise.all(Array.from({ length: lanes }, keepSending));
      for (const end of server.ends) {
        const [before, refusedBefore] = [acknowledged().length, refused];
        await expect.poll(() => acknowledged().length, { timeout: 30_000 }).toBeGreaterThan(before + 50);
        await end();
        await expect.poll(() => refused, { timeout: 10_000 }).toBeGreaterThan(refusedBefore);
        await server.start();
      }
      isOver = true;
      await load;
      await inTime(
        untilItCan(() => house.receiver.find("anything")),
        "to reach the engine again",
      );
      await inTime(house.receiver.idle(), "to be idle");
      expect(await sending.untrue()).toEqual([]);
      const ids = acknowledged();
      const runs = ids.map((id) => sending.handled(id));
      expect(new Set(await send(ids))).toEqual(new Set([200]));
      expect(ids.map((id) => sending.handled(id))).toEqual(runs);
      // a claim that arrived, and whose end did not, is held for a lease
      await store.advance(61_000);
      await sending.sendAgain();
      expect(await sending.untrue()).toEqual([]);
    });
  });
