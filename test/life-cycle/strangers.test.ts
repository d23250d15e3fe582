/** Functions of the user's that a delivery meets before its handler: whatever they do, nobody gets in by mistake, and no 2xx is untrue. */
import { PermanentError, RetryLater, uphance } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { two } from "./support.ts";

const ticket = { ...sample("uphance/pick-ticket-update"), path: "/hooks/uphance" };

const trap = () => {
  throw new Error("trapped");
};
const hostile = new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap });

describe.each(two)("$name", (framework) => {
  it.each([
    ["an object", {}],
    ["a list", []],
    ["1", 1],
    ["a function", () => true],
    ["a symbol", Symbol("yes")],
    ["0", 0],
    ["null", null],
    ["undefined", undefined],
    ["an empty string", ""],
    ["NaN", NaN],
  ])("any.13 an authenticator that returns %s lets nobody in", async (_, verdict) => {
    for (const authenticate of [() => verdict, async () => verdict]) {
      const house = await openHouse(framework, "uphance", { options: { authenticate } });
      expect((await house.deliver(ticket)).status).toBe(401);
      expect(house.events).toEqual([]);
    }
  });

  it.each([
    ["an Error", new Error("the tenants are away"), 500],
    ["undefined", undefined, 500],
    ["a proxy", hostile, 500],
    ["PermanentError", new PermanentError("no such tenant"), 401],
    ["RetryLater", new RetryLater({ after: "7s" }), 503],
  ])("any.1 an authenticator that throws %s is no 2xx, and nothing is handled", async (_, error, status) => {
    const authenticate = () => {
      throw error;
    };
    const house = await openHouse(framework, "uphance", { options: { authenticate } });
    expect((await house.deliver(ticket)).status).toBe(status);
    expect(house.events).toEqual([]);
  });

  it("any.11 an authenticator that hangs is answered for before the provider hangs up, and holds no room", async () => {
    const clock = manualClock();
    const asked = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<boolean>();
    const authenticate = () => (asked.resolve(), gate.promise);
    const options = { authenticate, maxConcurrent: 1 };
    const house = await openHouse(framework, "uphance", { clock, options });
    const answering = house.deliver(ticket);
    await asked.promise;
    await clock.advance(60_000);
    expect((await answering).status).toBe(503);
    gate.resolve(true);
    await clock.advance(0);
    expect((await house.deliver(ticket)).status).toBe(200);
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(house.events).toHaveLength(1);
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a string", "event"],
    ["a number", 5],
    ["no type", {}],
    ["a type that is none", { type: 5, data: {} }],
    ["a list of null", [null]],
    ["a list of undefined", [undefined]],
    ["a list without types", [{}]],
  ])("any.18 a provider whose decode gives %s is 500, and nothing is handled", async (_, nonsense) => {
    const provider = { ...uphance(), decode: () => nonsense };
    const house = await openHouse(framework, "uphance", { provider, options: { authenticate: () => true } });
    const answer = await house.deliver(ticket);
    expect([answer.status, house.events.length]).toEqual([500, 0]);
  });

  it.each([
    ["an Error", new Error("no"), 500],
    ["PermanentError", new PermanentError("no"), 200],
    ["RetryLater", new RetryLater(), 503],
    ["a proxy", hostile, 500],
  ])("any.27 a decode that throws %s means what it says, and never malformed", async (_, error, status) => {
    const provider = {
      ...uphance(),
      decode() {
        throw error;
      },
    };
    const house = await openHouse(framework, "uphance", { provider, options: { authenticate: () => true } });
    expect((await house.deliver(ticket)).status).toBe(status);
  });

  it.each([
    ["an Error", new Error("no")],
    ["PermanentError", new PermanentError("no")],
    ["a proxy", hostile],
  ])("any.16 a schema that throws %s, at once or later, is 500 and no verdict", async (_, error) => {
    for (const validate of [
      () => {
        throw error;
      },
      () => Promise.reject(error as Error),
    ]) {
      const data = { "~standard": { version: 1, vendor: "test", validate } };
      const events = { "pick_ticket.update": { data } };
      const provider = { ...uphance(), events };
      const house = await openHouse(framework, "uphance", {
        provider,
        options: { authenticate: () => true },
      });
      expect((await house.deliver(ticket)).status).toBe(500);
      expect(await house.receiver.deadLetters.list()).toEqual([]);
    }
  });

  it("any.16 a schema may be asynchronous", async () => {
    const validate = async (value: unknown) => ({ value: { checked: value } });
    const data = { "~standard": { version: 1, vendor: "test", validate } };
    const provider = { ...uphance(), events: { "pick_ticket.update": { data } } };
    const house = await openHouse(framework, "uphance", { provider, options: { authenticate: () => true } });
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(house.events[0].data.checked.id).toBe(123456);
  });

  it("any.16 an encode that throws is 500 before the answer, and the lease is released", async () => {
    const events = { "pick_ticket.update": { answer: passing } };
    const provider = { ...uphance(), events, encode: trap };
    const house = await openHouse(framework, "uphance", { provider, options: { authenticate: () => true } });
    expect((await house.deliver(ticket)).status).toBe(500);
    await house.receiver.idle();
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "free" });
  });

  it("any.9 an acknowledgement that cannot be made ends the renewing, so that the event is free after its lease", async () => {
    const clock = manualClock();
    const begun = Promise.withResolvers<void>();
    const house = await openHouse(framework, "uphance", {
      clock,
      provider: { ...uphance(), encode: trap },
      handle: () => (begun.resolve(), new Promise(() => {})),
      options: { authenticate: () => true, answerWithin: "5s" },
    });
    const answering = house.deliver(ticket);
    await begun.promise;
    await clock.advance(5_000);
    expect((await answering).status).toBe(500);
    await clock.advance(60_000);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({ state: "free" });
  });
});

const passing = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;
