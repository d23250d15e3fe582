/** The figures of a receiver: what its observer gets, counted and timed; and what it keeps. */
import { PermanentError } from "@answerback/core";
import { describe, expect, it, vi } from "vitest";
import { faulty, two } from "../life-cycle/support.ts";
import { acme, ask } from "../support/acme.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { exporting } from "./support.ts";

const owner = { "messaging.system.name": "acme", "messaging.destination.name": "orders" };

describe.each(two)("$name", (framework) => {
  const open = ({ options, ...given }: HouseOptions = {}, parts: object = {}) =>
    openHouse(framework, "upsales", {
      provider: acme(parts),
      options: { authenticate: false, name: "orders", ...options },
      ...given,
    });

  it("deliveries, runs and posts are timed and counted, by what became of them", async () => {
    const { instrument, figures } = exporting();
    const clock = manualClock();
    const house = await open({
      ...{ clock, backend: faulty(clock), options: { instrument, answerWithin: 0 } },
      async handle() {
        await new Promise<void>((resolve) => void clock.after(3_000, resolve));
        return { text: "late" };
      },
    });
    await house.deliver(ask(1));
    await house.deliver({ ...ask(2), body: "{" });
    await expect.poll(() => house.events).toHaveLength(1);
    await clock.advance(3_000);
    await house.receiver.idle();
    const found = await figures();
    const type = { "answerback.event.type": "asked" };
    const deliver = { ...owner, "messaging.operation.name": "deliver" };
    const accepted = {
      ...deliver,
      ...type,
      "answerback.outcome": "accepted",
      "http.response.status_code": 200,
    };
    const refused = {
      ...deliver,
      "answerback.outcome": "refused",
      "error.type": "malformed",
      "http.response.status_code": 400,
    };
    expect(found["answerback.delivery.duration"]).toMatchObject([
      { attributes: accepted, value: { count: 1 } },
      { attributes: refused, value: { count: 1 } },
    ]);
    expect(found["messaging.client.consumed.messages"]).toMatchObject([
      { attributes: accepted, value: 1 },
      { attributes: refused, value: 0 },
    ]);
    const process = { "messaging.operation.name": "process", "messaging.operation.type": "process" };
    expect(found["messaging.process.duration"]).toMatchObject([
      {
        attributes: { ...owner, ...process, ...type, "answerback.outcome": "handled" },
        value: { count: 1, sum: 3 },
      },
    ]);
    const send = { "messaging.operation.name": "send", "messaging.operation.type": "send" };
    const sent = {
      ...owner,
      ...send,
      ...type,
      "answerback.outcome": "accepted",
      "http.response.status_code": 200,
    };
    expect(found["messaging.client.sent.messages"]).toMatchObject([{ attributes: sent, value: 1 }]);
    expect(found["messaging.client.operation.duration"]).toMatchObject([
      { attributes: sent, value: { count: 1 } },
    ]);
    for (const { attributes } of Object.values(found).flat())
      expect(Object.values(attributes)).not.toContain(undefined);
  });

  it("dead letters and malformed items are counted", async () => {
    const { instrument, figures } = exporting();
    const decode = ({ body }: any) => body.map((id: any) => ({ type: "asked", data: { id }, key: [id] }));
    const sure = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value: any) => (value.id === 2 ? { issues: [{ message: "no" }] } : { value }),
      },
    };
    const house = await open(
      { handle: () => Promise.reject(new PermanentError()), options: { instrument } },
      { decode, events: { asked: { data: sure } } },
    );
    await house.deliver({ ...ask(1), body: "[1,2]" });
    const found = await figures();
    expect(found["answerback.dead_letters"]).toHaveLength(2);
    expect(found["answerback.dead_letters"]).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          value: 1,
          attributes: expect.objectContaining({ "error.type": "permanent", "answerback.work": "event" }),
        }),
        expect.objectContaining({
          value: 1,
          attributes: expect.objectContaining({
            "error.type": "malformed",
            "answerback.work": "malformed body",
          }),
        }),
      ]),
    );
    expect(found["answerback.malformed"]).toMatchObject([{ attributes: owner, value: 1 }]);
  });

  it("an unlisted event counts under one type, whatever its name", async () => {
    const { instrument, figures } = exporting();
    const house = await open({ options: { instrument } });
    await house.deliver(ask(1, { type: "sung" }));
    await house.deliver(ask(2, { type: "danced" }));
    expect((await figures())["messaging.process.duration"]).toMatchObject([
      { attributes: { "answerback.event.type": "*" }, value: { count: 2 } },
    ]);
  });

  it("records by state, the age of what is due, and what is under way and paused are measured, until the receiver closes", async () => {
    const { instrument, figures } = exporting();
    const clock = manualClock();
    const goOn = Promise.withResolvers<void>();
    const house = await open({
      ...{ clock, backend: faulty(clock), options: { instrument, answerWithin: 0, background: false } },
      handle: ({ data }: any) => (data.slow ? goOn.promise : Promise.reject(new Error("again"))),
    });
    await house.deliver(ask(1, { slow: true }));
    await house.deliver(ask(2));
    await expect.poll(() => house.observed.filter(({ kind }) => kind === "run")).toHaveLength(1);
    await clock.advance(30_000);
    await house.receiver.records.pause("noted");
    const found = await figures();
    const by = (name: string) => found[name]!.map(({ attributes, value }) => [attributes, value]);
    expect(by("answerback.records")).toEqual(
      expect.arrayContaining([
        [{ ...owner, "answerback.record.state": "held" }, 1],
        [{ ...owner, "answerback.record.state": "due" }, 1],
        [{ ...owner, "answerback.record.state": "dead" }, 0],
      ]),
    );
    const [[, age]] = by("answerback.due.age") as [[unknown, number]];
    expect(age).toBeGreaterThan(10);
    expect(by("answerback.runs.active")).toEqual([[owner, 1]]);
    expect(by("answerback.posts.active")).toEqual([[owner, 0]]);
    expect(by("answerback.paused")).toEqual([[owner, 1]]);
    goOn.resolve();
    const closing = house.receiver.close({ within: 0 });
    await clock.advance(5_000);
    await closing;
    const asked = vi.spyOn(house.receiver.records, "stats");
    const counted = (await figures())["messaging.client.consumed.messages"];
    expect((await house.deliver(ask(3))).status).toBe(503);
    expect((await figures())["messaging.client.consumed.messages"]).toHaveLength(counted!.length);
    expect(asked).not.toHaveBeenCalled();
  });

  it("a backend that is away has no figures, and fails no collection", async () => {
    const { instrument, figures } = exporting();
    const clock = manualClock();
    const backend = faulty(clock);
    backend.faults.open = "throws";
    const house = await open({ ...{ clock, backend, options: { instrument } } });
    expect(await figures()).not.toHaveProperty("answerback.records");
    await house.deliver(ask(1));
    expect(await figures()).toHaveProperty("answerback.delivery.duration");
  });
});
