/** `later()` and its answer: one, whoever is quicker. */
import { later } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
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

describe.each(two)("$name", (framework) => {
  const edit = withFields(sample("upsales/order-edit"), {
    callbackUrl: "https://integration.upsales.com/callback/edit-1",
  });

  it("upsales.18 later(acknowledgement) says now what needs no callback", async () => {
    const handle = () => later({ maybeSomeOtherStuff: true });
    const house = await openHouse(framework, "upsales", { handle });
    for (const _ of [1, 2]) expect((await house.deliver(order)).json).toEqual({ maybeSomeOtherStuff: true });
    await house.receiver.answer(house.events[0].key, hello);
    expect(house.posts.map(({ body }) => body)).toEqual([hello.callback]);
  });

  it("upsales.18 later(acknowledgement) that comes too late for the reply says what was lost", async () => {
    const clock = manualClock();
    const handle = () =>
      new Promise((resolve) => void clock.after(26_000, () => resolve(later({ some: 1 }))));
    const house = await openHouse(framework, "upsales", { clock, handle });
    const answering = house.deliver(order);
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(27_000);
    expect((await answering).json).toEqual({});
    expect(house.warnings.map(({ code }) => code)).toContain("late_answer_dropped");
    await house.receiver.answer(house.events[0].key, hello);
    expect(house.posts).toHaveLength(1);
  });

  it.each([
    ["a callback", hello],
    ["what JSON cannot say", { some: 1n }],
  ])("upsales.18 later() with %s is a wrong answer", async (_, acknowledgement) => {
    const house = await openHouse(framework, "upsales", { handle: () => later(acknowledgement) });
    expect((await house.deliver(order)).status).toBe(500);
    expect(house.told.map(({ facts }) => [facts.stage, facts.code])).toEqual([["answer", "invalid_answer"]]);
  });

  it("upsales.16 upsales.18 a request on which a person waits may be answered later, too", async () => {
    const handle = () => later({ message: "Checking" });
    const house = await openHouse(framework, "upsales", { handle });
    expect((await house.deliver(edit)).json).toEqual({ message: "Checking" });
    const { key } = house.events[0];
    expect(await house.receiver.find(key)).toMatchObject({ state: "waiting", work: "event" });
    await house.receiver.answer(key, hello);
    expect(house.posts.map(({ url, body }) => [url, body])).toEqual([
      ["https://integration.upsales.com/callback/edit-1", hello.callback],
    ]);
    await expect(house.receiver.answer(key, hello)).rejects.toMatchObject({ code: "wrong_state" });
  });

  it("upsales.4 upsales.18 later() where no callback is possible is a wrong answer", async () => {
    const house = await openHouse(framework, "upsales", { handle: () => later() });
    expect((await house.deliver(withFields(order, { callbackUrl: undefined }))).status).toBe(500);
    expect(house.told.map(({ facts }) => facts.code)).toEqual(["invalid_answer"]);
  });

  it("upsales.17 an answer to an address that may not be posted to is refused, and the event waits on", async () => {
    const house = await openHouse(framework, "upsales", { handle: () => later() });
    await house.deliver(withFields(order, { callbackUrl: "https://apps.example.com/c" }));
    const { key } = house.events[0];
    await expect(house.receiver.answer(key, hello)).rejects.toMatchObject({ code: "callback_url_refused" });
    expect(await house.receiver.find(key)).toMatchObject({ state: "waiting", work: "event" });
    expect(house.posts).toEqual([]);
  });

  it("upsales.18 the second of two answers is told", async () => {
    const house = await openHouse(framework, "upsales", { handle: () => later() });
    await house.deliver(order);
    const { key } = house.events[0];
    await house.receiver.answer(key, hello);
    await expect(house.receiver.answer(key, hello)).rejects.toMatchObject({ code: "wrong_state" });
    expect(house.told.map(({ facts }) => facts)).toMatchObject([
      { stage: "answer", code: "wrong_state", key },
    ]);
  });
});
