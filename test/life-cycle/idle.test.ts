/** idle() waits for what has begun, however early somebody asks: a take on its way, a handler that has waited for nothing yet. */
import { memory, RetryLater } from "@answerback/core";
import { createPoller, type Backend } from "@answerback/core/backend";
import { expect, test } from "vitest";
import { sample } from "../support/deliveries.ts";
import { frameworkNamed } from "../support/frameworks.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";

const nodeHttp = frameworkNamed("node:http");

test("idle waits for what a worker has just taken", async () => {
  const clock = manualClock();
  const inner = memory({ clock });
  const arrives = Promise.withResolvers<void>();
  const backend: Backend = {
    ...inner,
    durable: true,
    async open(name) {
      const records = await inner.open(name);
      const take: typeof records.take = async (lease, from) => {
        const taken = await records.take(lease, from);
        // taken in the engine; the answer is still on the network
        if (taken) await arrives.promise;
        return taken;
      };
      return { ...records, work: (worker) => createPoller(take, { clock }).start(worker) };
    },
  };
  let runs = 0;
  const house = await openHouse(nodeHttp, "uphance", {
    clock,
    backend,
    handle: () => {
      if ((runs += 1) === 1) throw new RetryLater({ after: "5s" });
    },
    options: { answerWithin: 0 },
  });
  await house.deliver(sample("uphance/pick-ticket-update"));
  await house.receiver.idle();
  await clock.advance(10_000);
  let isIdle = false;
  const idle = house.receiver.idle().then(() => (isIdle = true));
  for (let turn = 0; turn < 20; turn += 1) await clock.advance(0);
  expect([await house.receiver.find(house.events[0].key), isIdle]).toMatchObject([{ state: "held" }, false]);
  arrives.resolve();
  await idle;
  expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "settled" });
});

test("idle, asked for by a handler that has waited for nothing yet, waits for that handler", async () => {
  const order: string[] = [];
  let idle = Promise.resolve();
  const house = await openHouse(nodeHttp, "uphance", {
    options: { background: false },
    handle: async () => {
      idle = house.receiver.idle().then(() => void order.push("idle"));
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push("handled");
    },
  });
  await house.deliver(sample("uphance/pick-ticket-update"));
  await idle;
  expect(order).toEqual(["handled", "idle"]);
});
