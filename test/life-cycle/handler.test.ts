/** Whatever a handler throws or returns, and whatever only looks on: one failure, the lease released, nothing unhandled. */
import { AnswerbackError, PermanentError, type ErrorCode } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { countingClock, two } from "./support.ts";
import { expectWarning } from "../support/warnings.ts";

const order = sample("upsales/order-insert");
const message = sample("app-inbox/message");
const ticket = sample("uphance/pick-ticket-update");

const trap = () => {
  throw new Error("trapped");
};
const hostile = new Proxy(Object.freeze({}), {
  get: trap,
  has: trap,
  getPrototypeOf: trap,
  getOwnPropertyDescriptor: trap,
  ownKeys: trap,
});
class Unreadable extends Error {
  override get message(): string {
    throw new Error("trapped");
  }
}

const thrown: [string, unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["a string", "no"],
  ["a BigInt", 5n],
  ["a proxy that throws", hostile],
  ["an Error whose message throws", new Unreadable()],
  ["an Error whose message is none", Object.assign(new Error(), { message: { of: 1n } })],
  ["a huge message", new Error("x".repeat(1_000_000))],
  ...(["malformed", "lease_lost", "closing", "backend_away", "unauthorized"] as ErrorCode[]).map(
    (code): [string, unknown] => [`an AnswerbackError ${code}`, new AnswerbackError(code, "from elsewhere")],
  ),
];

describe.each(two)("$name", (framework) => {
  it.each(thrown)(
    "any.16 any.9 a handler that throws %s is 500, and the event is free again",
    async (_, error) => {
      for (const how of ["throws", "rejects"]) {
        const clock = countingClock();
        let fails = true;
        const handle = () => {
          if (!fails) return undefined;
          if (how === "throws") throw error;
          return Promise.reject(error as Error);
        };
        const house = await openHouse(framework, "app-inbox", { clock, handle });
        const answer = await house.deliver(message);
        expect([answer.status, answer.json]).toEqual([500, { code: "failed" }]);
        await house.receiver.idle();
        const found = await house.receiver.find(house.events[0].key);
        expect(found).toMatchObject({ state: "free", error: { code: "failed" } });
        expect(found!.error!.message.length).toBeLessThanOrEqual(1_000);
        expect(clock.waiting()).toBe(0);
        fails = false;
        expect((await house.deliver(message)).status).toBe(200);
      }
    },
  );

  it.each(thrown)("any.11 an accepted event whose handler throws %s is tried again", async (_, error) => {
    const clock = countingClock();
    let fails = true;
    const handle = () => {
      if (fails) throw ((fails = false), error);
    };
    const house = await openHouse(framework, "uphance", { clock, handle, options: { answerWithin: 0 } });
    expect((await house.deliver(ticket)).status).toBe(200);
    await clock.advance(60_000);
    await house.receiver.idle();
    expect(house.events).toHaveLength(2);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "settled" });
  });

  it.each([
    ["a proxy that throws", hostile],
    [
      "a getter that throws",
      { callback: Object.defineProperty({}, "notify", { get: trap, enumerable: true }) },
    ],
  ])("upsales.11 an answer that is %s is 500, and the one use is unspent", async (_, wrong) => {
    let answer: unknown = wrong;
    const options = { onFailure: "refuse" };
    const house = await openHouse(framework, "upsales", { handle: () => answer, options });
    expect((await house.deliver(order)).status).toBe(500);
    answer = { callback: { notify: "Hello!" } };
    expect((await house.deliver(order)).json).toEqual(answer);
  });

  it("any.16 thenables are awaited, and one that settles twice has answered once", async () => {
    const handle = () => ({
      // oxlint-disable-next-line unicorn/no-thenable
      then(resolve: (value: unknown) => void, reject: (error: unknown) => void) {
        resolve({ callback: { notify: "Hello!" } });
        reject(new Error("and no"));
        throw new Error("and again");
      },
    });
    const house = await openHouse(framework, "upsales", { handle });
    expect((await house.deliver(order)).json).toEqual({ callback: { notify: "Hello!" } });
  });

  it("any.11 a handler that settles while it is being accepted is posted, never inline", async () => {
    const clock = countingClock();
    const begun = Promise.withResolvers<void>();
    const done = Promise.withResolvers<unknown>();
    const handle = () => (begun.resolve(), done.promise);
    const house = await openHouse(framework, "upsales", { clock, handle });
    const answering = house.deliver(order);
    await begun.promise;
    await clock.advance(0);
    clock.after(25_000, () => done.resolve({ callback: { notify: "Hello!" } }));
    await clock.advance(25_000);
    expect((await answering).json).toEqual({});
    await house.receiver.idle();
    expect(house.posts).toHaveLength(1);
  });

  it.each([
    ["throw", trap],
    ["reject", async () => trap()],
  ])("any.22 observe, onError and warn that %s change nothing", async (_, broken) => {
    expectWarning("warn_failed");
    const options = { observe: broken, onError: broken, warn: broken };
    const handle = () => {
      throw new PermanentError("never");
    };
    const house = await openHouse(framework, "upsales", { handle, options });
    expect((await house.deliver(order)).status).toBe(400);
    const odd = await openHouse(framework, "upsales", { handle: () => ({ callback: {} }), options });
    expect((await odd.deliver(withFields(order, { callbackUrl: undefined }))).json).toEqual({});
  });

  it.each([
    ["throws", trap],
    ["is nonsense", () => ({ notfy: 5 })],
    ["is too large", () => ({ message: "x".repeat(200_000) })],
  ])(
    "upsales.19 an event whose whenDead %s is a dead letter all the same, with a warning",
    async (_, whenDead) => {
      const { upsales } = await import("@answerback/core");
      const clock = countingClock();
      const handle = () => {
        throw new PermanentError("never");
      };
      const provider = upsales({ whenDead: whenDead as never });
      const house = await openHouse(framework, "upsales", {
        clock,
        provider,
        handle,
        options: { answerWithin: 0 },
      });
      await house.deliver(order);
      await clock.advance(120_000);
      await house.receiver.idle();
      expect(await house.receiver.deadLetters.list()).toMatchObject([{ error: { code: "permanent" } }]);
      expect([house.events.length, house.posts.length]).toEqual([1, 0]);
      expect(house.warnings.map(({ code }) => code)).toContain("when_dead_failed");
    },
  );
});
