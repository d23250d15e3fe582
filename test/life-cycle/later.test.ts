/** `later()` and its answer: one, whoever is quicker. */
import { later } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two } from "./support.ts";

const order = sample("upsales/order-insert");
const hello = { callback: { notify: "Hello!" } };

describe.each(two)("$name", (framework) => {
  it("upsales.18 an unanswered later() that a person retries is run again", async () => {
    const clock = manualClock();
    let first = true;
    const handle = () => (first ? ((first = false), later()) : hello);
    const house = await openHouse(framework, "upsales", { clock, handle });
    await house.deliver(order);
    await clock.advance(24 * 3_600_000 + 2_000);
    await house.receiver.idle();
    const [letter] = await house.receiver.deadLetters.list();
    await house.receiver.deadLetters.retry(letter!.key);
    await house.receiver.idle();
    expect([house.events.length, house.posts.length]).toEqual([2, 1]);
  });

  it("upsales.18 of two answers at the same time one is posted, also when its post failed", async () => {
    const clock = manualClock();
    const house = await openHouse(framework, "upsales", {
      clock,
      handle: () => later(),
      transport: async () => new Response(null, { status: 503 }),
    });
    await house.deliver(order);
    const { key } = house.events[0];
    const answers = [1, 2, 3].map((n) => house.receiver.answer(key, { callback: { notify: `${n}` } }));
    const results = await Promise.allSettled(answers);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(new Set(house.posts.map(({ body }) => body.notify)).size).toBe(1);
  });

  it("upsales.18 an answer that comes too late finds the first one waiting for its next post, and leaves it", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const gate = Promise.withResolvers<void>();
    const { open } = backend;
    let takes = 0;
    backend.open = async (name) => {
      const records = await open(name);
      const take: typeof records.take = async (lease, from) => {
        if (from?.early && ++takes === 2) await gate.promise;
        return records.take(lease, from);
      };
      return { ...records, take };
    };
    const house = await openHouse(framework, "upsales", {
      ...{ clock, backend, handle: () => later() },
      transport: async () => new Response(null, { status: 503 }),
    });
    await house.deliver(order);
    const { key } = house.events[0];
    const answers = [hello, { callback: { notify: "No!" } }].map((one) => house.receiver.answer(key, one));
    await answers[0];
    gate.resolve();
    await expect(answers[1]).rejects.toMatchObject({ code: "wrong_state" });
    await house.receiver.idle();
    expect(new Set(house.posts.map(({ body }) => body.notify))).toEqual(new Set(["Hello!"]));
    expect(house.observed.flatMap((one) => (one.kind === "post" ? [one.attempt] : []))).toEqual([1, 2]);
  });
});
