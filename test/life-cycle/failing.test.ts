/** A handler that fails for now: in time and afterwards, as long as its provider would have sent the event again. */
import { memory, PermanentError, RetryLater } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, twoProcesses, two } from "./support.ts";

const order = sample("upsales/order-insert");
const ticket = sample("uphance/pick-ticket-update");
const contact = sample("postback/contact-create-attempt-1");
const message = sample("app-inbox/message");
const hello = { callback: { notify: "Hello!" } };
const minute = 60_000;
const hour = 60 * minute;

function fail(): never {
  throw new Error("no");
}

describe.each(two)("$name", (framework) => {
  describe("any.24 a provider that does not send again is acknowledged, and its event run again", () => {
    it.each([
      ["throws", fail],
      ["rejects", async () => fail()],
      ["throws RetryLater", () => Promise.reject(new RetryLater("10s"))],
    ])("a handler that %s in time", async (_, failing) => {
      const clock = manualClock();
      let runs = 0;
      const handle = () => ((runs += 1) < 3 ? failing() : hello);
      const house = await openHouse(framework, "upsales", { clock, handle });
      const answer = await house.deliver(order);
      expect([answer.status, answer.json]).toEqual([200, {}]);
      expect((await house.deliver(order)).json).toEqual({});
      await clock.advance(minute);
      await house.receiver.idle();
      expect([runs, house.posts.map(({ body }) => body)]).toEqual([3, [hello.callback]]);
      expect(await house.receiver.deadLetters.list()).toEqual([]);
    });

    it("RetryLater is as true as it says", async () => {
      const clock = manualClock();
      let runs = 0;
      const handle = () => {
        if ((runs += 1) === 1) throw new RetryLater("2h");
        return hello;
      };
      const house = await openHouse(framework, "upsales", { clock, handle });
      await house.deliver(order);
      await clock.advance(2 * hour - 1_000);
      expect(runs).toBe(1);
      await clock.advance(2_000);
      await house.receiver.idle();
      expect([runs, house.posts.length]).toEqual([2, 1]);
    });

    it("not for PermanentError: that is a 400 and a dead letter", async () => {
      const handle = () => {
        throw new PermanentError();
      };
      const house = await openHouse(framework, "upsales", { handle });
      expect((await house.deliver(order)).status).toBe(400);
      expect(await house.receiver.deadLetters.list()).toHaveLength(1);
    });

    it("not for a wrong answer, which the same code would give again", async () => {
      const house = await openHouse(framework, "upsales", { handle: () => ({ callback: { notfy: 1 } }) });
      for (const _ of [1, 2]) expect((await house.deliver(order)).status).toBe(500);
      expect(house.told.map(({ facts }) => facts.code)).toEqual(["invalid_answer", "invalid_answer"]);
    });

    it("in memory with its warning", async () => {
      const house = await openHouse(framework, "upsales", { handle: fail });
      await house.deliver(order);
      expect(house.warnings.map(({ code }) => code)).toEqual(["accepted_in_memory"]);
    });

    it("not with onFailure: refuse", async () => {
      const house = await openHouse(framework, "upsales", { handle: fail, options: { onFailure: "refuse" } });
      for (const _ of [1, 2]) expect((await house.deliver(order)).status).toBe(500);
      expect(house.events).toHaveLength(2);
    });

    it("not what a person waits for at a screen", async () => {
      const house = await openHouse(framework, "upsales", { handle: fail });
      expect((await house.deliver(sample("upsales/widget-notification"))).status).toBe(500);
      await house.receiver.idle();
      expect(house.events).toHaveLength(1);
    });

    it("an event that cannot be stored is a 503, and nothing is said that is not so", async () => {
      const clock = manualClock();
      const backend = faulty(clock);
      const handle = () => {
        backend.faults.save = "throws";
        fail();
      };
      const house = await openHouse(framework, "upsales", { clock, backend, handle });
      const answering = house.deliver(order);
      await backend.next("save");
      await clock.advance(3_000);
      expect((await answering).status).toBe(503);
      backend.faults.save = undefined;
      await clock.advance(10_000);
    });

    it("another process that is told to sends it again", async () => {
      const clock = manualClock();
      const [one, other] = twoProcesses(clock);
      const first = await openHouse(framework, "upsales", {
        clock,
        backend: one,
        handle: fail,
        options: { background: false },
      });
      expect((await first.deliver(order)).status).toBe(200);
      const second = await openHouse(framework, "upsales", { clock, backend: other, handle: () => hello });
      await clock.advance(minute);
      await second.receiver.idle();
      expect(second.posts).toHaveLength(1);
    });
  });

  it.each([
    ["uphance", ticket],
    ["postback", contact],
    ["app-inbox", message],
  ] as const)("any.9 %s sends again by itself, so a failure in time is its 500", async (name, delivery) => {
    const house = await openHouse(framework, name, { handle: fail });
    for (const _ of [1, 2]) expect((await house.deliver(delivery)).status).toBe(500);
    expect(house.events).toHaveLength(2);
  });

  it("any.24 onFailure: accept takes the retries over from a provider that has some", async () => {
    const clock = manualClock();
    const house = await openHouse(framework, "uphance", {
      clock,
      handle: fail,
      options: { onFailure: "accept" },
    });
    expect((await house.deliver(ticket)).status).toBe(200);
    await clock.advance(minute);
    expect(house.events.length).toBeGreaterThan(1);
  });

  describe("any.23 an accepted event that fails is run again for as long as its provider would have sent it", () => {
    it.each([
      ["uphance", ticket, {}, 48],
      ["postback", contact, {}, 120],
      ["app-inbox", message, {}, 24],
      ["upsales", order, {}, 24],
      ["upsales", order, { retryFor: "3h" }, 3],
    ] as const)("%s %#: then it is a dead letter", async (name, delivery, options, hours) => {
      const clock = manualClock();
      const house = await openHouse(framework, name, {
        clock,
        handle: fail,
        options: { ...options, answerWithin: 0 },
      });
      await house.deliver(delivery);
      await clock.advance(hours * hour - 1_000);
      expect(await house.receiver.deadLetters.list()).toEqual([]);
      await clock.advance(2_000);
      expect(await house.receiver.deadLetters.list()).toMatchObject([{ error: { code: "failed" } }]);
      expect(house.events.length).toBeGreaterThan(hours);
      expect(house.events.length).toBeLessThan(2 * hours + 14);
    });

    it.each([
      [0, [2_500, 5_000, 10_000]],
      [0.999_999, [5_000, 10_000, 20_000]],
    ])("from seconds to an hour apart, half of it by chance: %d", async (random, apart) => {
      const clock = manualClock();
      const at: number[] = [];
      const handle = () => (at.push(clock.now()), fail());
      const options = { answerWithin: 0, random: () => random };
      const house = await openHouse(framework, "uphance", { clock, handle, options });
      await house.deliver(ticket);
      await clock.advance(47 * hour);
      const gaps = at.slice(1).map((one, index) => one - at[index]!);
      expect(gaps.slice(0, 3).map((ms) => Math.round(ms / 500) * 500)).toEqual(apart);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(hour + 1_000);
      expect(gaps.at(-1)).toBeGreaterThanOrEqual(hour / 2);
    });

    it("retried by a person it has all of that time again", async () => {
      const clock = manualClock();
      const options = { answerWithin: 0, retryFor: "1h" };
      const house = await openHouse(framework, "uphance", { clock, handle: fail, options });
      await house.deliver(ticket);
      await clock.advance(2 * hour);
      const [letter] = await house.receiver.deadLetters.list();
      const before = house.events.length;
      await house.receiver.deadLetters.retry(letter!.key);
      await clock.advance(hour - minute);
      expect(house.events.length).toBeGreaterThan(before + 2);
      expect(await house.receiver.deadLetters.list()).toEqual([]);
      await clock.advance(2 * minute);
      expect(await house.receiver.deadLetters.list()).toHaveLength(1);
    });

    it("runs that ended are not counted as runs that never did", async () => {
      const clock = manualClock();
      const options = { answerWithin: 0, maxAttempts: 1 };
      const house = await openHouse(framework, "uphance", { clock, handle: fail, options });
      await house.deliver(ticket);
      await clock.advance(10 * minute);
      expect(house.events.length).toBeGreaterThan(4);
      expect(await house.receiver.deadLetters.list()).toEqual([]);
    });

    it("retried by a person its runs are counted from the first again", async () => {
      const clock = manualClock();
      const [one, other] = processesOn(clock);
      const options = { answerWithin: 0, retryFor: "1m", maxAttempts: 1 };
      let dies = false;
      const handle = () => (dies ? new Promise(() => {}) : fail());
      const first = await openHouse(framework, "uphance", { clock, backend: one!, handle, options });
      await first.deliver(ticket);
      await clock.advance(2 * minute);
      const [letter] = await first.receiver.deadLetters.list();
      expect(first.events.length).toBeGreaterThan(3);
      dies = true;
      await first.receiver.deadLetters.retry(letter!.key);
      await clock.advance(2_000);
      Object.assign(one!.faults, { save: "hangs", take: "hangs" });
      const second = await openHouse(framework, "uphance", { clock, backend: other!, handle, options });
      await clock.advance(2 * minute);
      expect(await second.receiver.deadLetters.list()).toMatchObject([
        { error: { code: "attempts_used_up" } },
      ]);
      expect(second.events).toEqual([]);
    });

    it("a run that never ends, since its process dies each time, is dead after maxAttempts of those", async () => {
      const clock = manualClock();
      let runs = 0;
      const [one, ...others] = processesOn(clock);
      const handle = () => (runs += 1) && new Promise(() => {});
      const first = await openHouse(framework, "uphance", {
        ...{ clock, backend: one!, handle },
        options: { answerWithin: 0, background: false, maxAttempts: 2 },
      });
      await first.deliver(ticket);
      one!.faults.save = "hangs";
      let last = first;
      for (const backend of others) {
        last = await openHouse(framework, "uphance", { clock, backend, handle, options: { maxAttempts: 2 } });
        await clock.advance(2 * minute);
        backend.faults.save = "hangs";
        backend.faults.take = "hangs";
      }
      expect(await last.receiver.deadLetters.list()).toMatchObject([{ error: { code: "attempts_used_up" } }]);
      expect(runs).toBe(2);
    });
  });
});

/** Three processes on one set of records. */
function processesOn(clock: ReturnType<typeof manualClock>) {
  const store = memory({ clock });
  const opened = new Map();
  return [1, 2, 3].map(() =>
    faulty(clock, {
      durable: true,
      async open(name) {
        const records = opened.get(name) ?? store.open(name);
        opened.set(name, records);
        return { ...(await records), close: async () => {} };
      },
      close: async () => {},
    }),
  );
}
