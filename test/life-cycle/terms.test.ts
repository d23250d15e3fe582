/** Terms by event type: how long the provider waits for just this event, whether it sends it again, how long it is known. */
import { createReceiver, memory } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { acme, anAnswer, ask } from "../support/acme.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { countingClock, faulty, two } from "./support.ts";

const options = { authenticate: false } as const;

/** Acme with a type that it waits 2 s for and never sends again, beside one that it waits 20 s for and does. */
const provider = acme({
  patience: "20s",
  retries: true,
  answerWithin: "15s",
  events: {
    asked: { answer: anAnswer.optional(), patience: "2s", retries: false },
    screened: { answer: anAnswer.optional(), patience: "2s", interactive: true },
    quick: { answer: anAnswer.optional(), answerWithin: "4s" },
    noted: { retention: "1h" },
  },
});

describe.each(two)("$name", (framework) => {
  async function waiting(type: string, given: HouseOptions = {}) {
    const clock = countingClock();
    const handled = Promise.withResolvers<object | undefined>();
    const house = await openHouse(framework, "upsales", {
      clock,
      provider,
      backend: faulty(clock),
      handle: () => handled.promise,
      options,
      ...given,
    });
    let status = 0;
    const delivering = house.deliver(ask(1, { type })).then((answer) => {
      status = answer.status;
      return answer;
    });
    await expect.poll(() => house.events.length).toBe(1);
    return { house, clock, handled, delivering, status: () => status };
  }

  it.each([
    ["asked", 1_000],
    ["quick", 4_000],
    ["noted", 15_000],
  ])("any.37 an event %s is acknowledged after %i ms", async (type, ms) => {
    const { clock, handled, delivering, status } = await waiting(type);
    await clock.advance(ms - 1);
    expect(status()).toBe(0);
    await clock.advance(1);
    expect((await delivering).status).toBe(200);
    handled.resolve(undefined);
  });

  it("any.37 what somebody waits for at a screen is answered within the patience of its type", async () => {
    const { clock, handled, delivering } = await waiting("screened");
    await clock.advance(1_000);
    expect((await delivering).status).toBe(200);
    handled.resolve(undefined);
  });

  it("any.37 an answerWithin that was written out holds for every type that waits longer", async () => {
    const given = { options: { ...options, answerWithin: "3s" } };
    const slow = await waiting("noted", given);
    await slow.clock.advance(3_000);
    expect((await slow.delivering).status).toBe(200);
    slow.handled.resolve(undefined);
    const impatient = await waiting("asked", given);
    await impatient.clock.advance(1_000);
    expect((await impatient.delivering).status).toBe(200);
    impatient.handled.resolve(undefined);
  });

  it("any.37 in memory an event that comes again is not acknowledged, and its provider told in time", async () => {
    const clock = countingClock();
    const retried = acme({
      patience: "20s",
      retries: true,
      events: { asked: { patience: "4s" } },
    });
    const { handled, delivering } = await (async () => {
      const made = await waiting("asked", { clock, provider: retried, backend: memory({ clock }) });
      await clock.advance(3_000);
      return made;
    })();
    expect((await delivering).status).toBe(503);
    handled.resolve(undefined);
  });

  it("any.37 a type that is never sent again has its failures accepted", async () => {
    const handle = () => {
      throw new Error("no");
    };
    const house = await openHouse(framework, "upsales", { provider, handle, options });
    expect((await house.deliver(ask(1, { type: "asked" }))).status).toBe(200);
    expect((await house.deliver(ask(2, { type: "noted" }))).status).toBe(500);
  });

  it("any.37 a key is remembered as long as its type says, and where the option says, as long as that", async () => {
    for (const [given, handled] of [
      [{}, 2],
      [{ retention: "2h" }, 1],
    ] as const) {
      const clock = countingClock();
      const house = await openHouse(framework, "upsales", {
        provider,
        clock,
        options: { ...options, ...given },
      });
      await house.deliver(ask(1, { type: "noted" }));
      await clock.advance(3_700_000);
      await house.deliver(ask(1, { type: "noted" }));
      expect(house.events).toHaveLength(handled);
    }
  });

  it("any.43 the provider's own handler works an event for which the app has none of just this type", async () => {
    const seen: string[] = [];
    const confirming = acme({
      events: {
        asked: {
          answer: anAnswer,
          handle: ({ data }: any) => ({ text: `confirmed ${data.token}` }),
        },
      },
    });
    for (const handle of [{ "*": () => seen.push("*") }, () => seen.push("all"), {}]) {
      const house = await openHouse(framework, "upsales", { provider: confirming, handle, options });
      expect((await house.deliver(ask(1, { token: 7 }))).json).toEqual({ text: "confirmed 7" });
    }
    expect(seen).toEqual([]);
    const handle = { asked: () => ({ text: "mine" }) };
    const house = await openHouse(framework, "upsales", { provider: confirming, handle, options });
    expect((await house.deliver(ask(1))).json).toEqual({ text: "mine" });
  });
});

describe("any.37 at creation", () => {
  const handle = () => {};

  it.each([
    [{ asked: { patience: "2s", answerWithin: "2s" } }, "acme: asked.answerWithin", "out_of_range"],
    [{ asked: { patience: "soon" } }, "acme: asked: patience", "invalid"],
    [{ asked: { callback: true } }, "acme: asked: callback", "invalid"],
    [{ asked: { callback: { within: "1h" } } }, "acme: asked: callback.within", "unknown"],
    [{ asked: { callback: { uses: 0 } } }, "acme: asked: callback.uses", "out_of_range"],
  ])("refuses %j", (events, option, code) => {
    expect(() => createReceiver(acme({ events }), { authenticate: false, handle })).toThrow(
      expect.objectContaining({ name: "OptionError", option, code }),
    );
  });

  it("refuses terms of a type that are no whole, where the provider has none", () => {
    expect(() => acme({ callback: undefined, events: { asked: { callback: { uses: 2 } } } })).toThrow(
      expect.objectContaining({ option: "acme: asked.callback.maxBytes", code: "missing" }),
    );
  });
});
