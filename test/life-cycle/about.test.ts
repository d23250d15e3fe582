/** What an event is about: the id that `decode` gives is told wherever the event is, and handed to no handler. */
import { PermanentError, type Observation } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { acme, ask } from "../support/acme.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two } from "./support.ts";

/** An event of acme's, about what its field `about` says. */
const decode = ({ body }: any) =>
  [body].flat().map(({ id, about, ...data }: any) => ({
    ...{ type: "asked", data, key: [id], id: about, extra: { id } },
    callbackUrl: `https://hooks.acme.example/${id}`,
  }));
const single = (delivery: any) => decode(delivery)[0];

const idsOf = (observed: readonly Observation[]) => observed.map(({ kind, id }) => [kind, id]);

describe.each(two)("$name", (framework) => {
  const open = ({ options, ...given }: HouseOptions = {}, parts: object = {}) =>
    openHouse(framework, "upsales", {
      provider: acme({ decode: single, ...parts }),
      options: { authenticate: false, ...options },
      ...given,
    });

  it("any.50 is told of the delivery, the run, a partial answer, the post and the dead letter", async () => {
    const clock = manualClock();
    const house = await open({
      ...{ clock, backend: faulty(clock), options: { answerWithin: 0 } },
      transport: async (_, { body }) => new Response(null, { status: body?.includes("last") ? 410 : 200 }),
      async handle(_: unknown, { post }: any) {
        await post({ text: "first" });
        return { text: "last" };
      },
    });
    await house.deliver(ask(1, { about: "order-7" }));
    await house.receiver.idle();
    expect(idsOf(house.observed)).toEqual(
      ["delivery", "post", "run", "dead", "post"].map((kind) => [kind, "order-7"]),
    );
  });

  it("any.50 is told of an event that is given up, in time and after the acknowledgement", async () => {
    for (const answerWithin of [undefined, 0]) {
      const clock = manualClock();
      const house = await open({
        ...{ clock, backend: faulty(clock), options: { answerWithin } },
        handle: () => Promise.reject(new PermanentError()),
      });
      await house.deliver(ask(1, { about: "order-7" }));
      await house.receiver.idle();
      expect(idsOf(house.observed)).toContainEqual(["dead", "order-7"]);
    }
  });

  it("any.50 is told of each event of a list, and not of the delivery", async () => {
    const house = await open({}, { decode });
    const list = [1, 2].map((id) => ({ id, about: `order-${id}` }));
    await house.deliver({ ...ask(0), body: JSON.stringify(list) });
    expect(idsOf(house.observed)).toEqual([
      ["run", "order-1"],
      ["run", "order-2"],
      ["delivery", undefined],
    ]);
  });

  it("any.50 is not on the handler's event, nor in the data of a dead letter, where the provider's fields are", async () => {
    const house = await open({ handle: () => Promise.reject(new PermanentError()) });
    await house.deliver(ask(1, { about: "order-7", n: 5 }));
    expect(house.events).toMatchObject([{ id: 1, data: { n: 5 } }]);
    const [letter] = await house.receiver.deadLetters.list();
    expect(letter?.data).toMatchObject({ id: 1, data: { n: 5 } });
  });

  it.each([
    [42, "42"],
    [0, "0"],
    ["", undefined],
    [" ", undefined],
    ["x".repeat(1_000), "x".repeat(1_000)],
    ["x".repeat(1_001), undefined],
    [2 ** 53, undefined],
    [1.5, undefined],
    [undefined, undefined],
  ])("any.50 %j is told as %j, and the event is handled all the same", async (about, id) => {
    const house = await open();
    expect((await house.deliver(ask(1, { about }))).status).toBe(200);
    expect(house.observed).toMatchObject([{ kind: "run", id }, { kind: "delivery" }]);
  });

  it.each([null, true, ["a"], { id: "a" }])(
    "any.50 %j is a mistake in decode: a 500, told",
    async (about) => {
      const house = await open();
      expect((await house.deliver(ask(1, { about }))).status).toBe(500);
      expect(house.told).toMatchObject([
        { facts: { stage: "decode" }, error: { message: expect.stringContaining("decode") } },
      ]);
    },
  );

  it("any.50 any.41 is told to authorize, with the event's names", async () => {
    const asked: unknown[] = [];
    const authorize = (_: unknown, event: unknown) => (asked.push(event), {});
    const clock = manualClock();
    const house = await open({
      ...{ clock, backend: faulty(clock), options: { answerWithin: 0, authorize } },
      handle: () => ({ text: "late" }),
    });
    await house.deliver(ask(1, { about: "order-7" }));
    await house.receiver.idle();
    expect(asked).toMatchObject([{ type: "asked", name: "asked", id: "order-7" }]);
  });
});
