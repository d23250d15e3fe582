/** A backend that throws, hangs, talks nonsense or loses its answers: 503, nothing handled twice, and it comes back. */
import { RetryLater } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two, type Fault, type Verb } from "./support.ts";

const order = sample("upsales/order-insert");
const ticket = sample("uphance/pick-ticket-update");
const hello = { callback: { notify: "Hello!" } };

const faults = (["throws", "hangs", "garbage", "lost"] as const).flatMap((fault): [Verb, Fault][] => [
  ["claim", fault],
  ["save", fault],
]);

describe.each(two)("$name", (framework) => {
  it.each(faults)(
    "any.22 a backend whose %s %s means 503 within the deadline, and the event is handled once",
    async (verb, fault) => {
      const clock = manualClock();
      const backend = faulty(clock);
      const house = await openHouse(framework, "uphance", { clock, backend });
      await clock.advance(0);
      backend.faults[verb] = fault;
      const called = backend.next(verb);
      const answering = house.deliver(ticket);
      await called;
      await clock.advance(2_000);
      const answer = await answering;
      expect([answer.status, answer.json]).toEqual([503, { code: "backend_away" }]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      backend.faults[verb] = undefined;
      await clock.advance(10_000);
      expect((await house.deliver(ticket)).status).toBe(200);
      expect(house.events).toHaveLength(1);
    },
  );

  it("any.22 upsales.8 what is stored after the 503 is posted as a first use; the handler runs once", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "upsales", { clock, backend, handle: () => hello });
    backend.faults.save = "hangs";
    const settling = backend.next("save");
    const answering = house.deliver(order);
    await settling;
    await clock.advance(2_000);
    expect((await answering).status).toBe(503);
    expect((await house.deliver(order)).status).toBe(503);
    backend.faults.save = undefined;
    await clock.advance(10_000);
    await house.receiver.idle();
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
      { outcome: "accepted", attempt: 1 },
    ]);
    expect((await house.deliver(order)).json).toEqual({});
    expect([house.events.length, house.posts.length]).toEqual([1, 1]);
  });

  it("any.22 settling is repeated with the same token and step, and an answer lost in time still goes inline", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "upsales", { clock, backend, handle: () => hello });
    backend.faults.save = "lost";
    const settling = backend.next("save");
    const answering = house.deliver(order);
    await settling;
    await clock.advance(0);
    backend.faults.save = undefined;
    await clock.advance(1_000);
    expect((await answering).json).toEqual(hello);
    await house.receiver.idle();
    const [first, second] = backend.saves;
    expect(second).toEqual({ ...first, at: second!.at });
    expect(house.posts).toEqual([]);
  });

  it("any.22 upsales.16 a person's callback that was stored after the 503 is posted as a first use", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "upsales", { clock, backend, handle: () => hello });
    const url = "https://integration.upsales.com/callback/person";
    backend.faults.save = "hangs";
    const settling = backend.next("save");
    const answering = house.deliver(withFields(sample("upsales/order-edit"), { callbackUrl: url }));
    await settling;
    await clock.advance(2_000);
    expect((await answering).status).toBe(503);
    backend.faults.save = undefined;
    await clock.advance(10_000);
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
      { outcome: "accepted", attempt: 1 },
    ]);
  });

  it("any.22 an acceptance that may not have been stored is never acknowledged, and the event is handled once", async () => {
    for (const fault of ["throws", "lost"] as const) {
      const clock = manualClock();
      const backend = faulty(clock);
      const house = await openHouse(framework, "uphance", { clock, backend, options: { answerWithin: 0 } });
      backend.faults.save = fault;
      expect((await house.deliver(ticket)).status).toBe(503);
      backend.faults.save = undefined;
      await clock.advance(10_000);
      expect((await house.deliver(ticket)).status).toBe(200);
      await house.receiver.idle();
      expect([fault, house.events.length]).toEqual([fault, 1]);
    }
  });

  it("any.22 a handler that was not done when its acceptance failed goes on, and its callback is posted once", async () => {
    for (const fault of ["throws", "lost"] as const) {
      const clock = manualClock();
      const backend = faulty(clock);
      const done = Promise.withResolvers<unknown>();
      const begun = Promise.withResolvers<void>();
      const handle = () => (begun.resolve(), done.promise);
      const house = await openHouse(framework, "upsales", { clock, backend, handle });
      const answering = house.deliver(order);
      await begun.promise;
      backend.faults.save = fault;
      await clock.advance(25_000);
      expect((await answering).status).toBe(503);
      backend.faults.save = undefined;
      done.resolve(hello);
      await clock.advance(1_000);
      await house.receiver.idle();
      expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
        { outcome: "accepted", attempt: 1 },
      ]);
      expect(house.events).toHaveLength(1);
    }
  });

  it.each(["not JSON", "null", "5", '{"status":200}', '{"status":"200","headers":{},"body":""}'])(
    "any.22 a stored answer that is garbage, %j, is 503",
    async (answer) => {
      const clock = manualClock();
      const backend = faulty(clock);
      const open = backend.open;
      backend.open = async (name) => ({
        ...(await open(name)),
        claim: async () => ({ state: "settled", answer }),
      });
      const house = await openHouse(framework, "uphance", { clock, backend });
      expect((await house.deliver(ticket)).status).toBe(503);
      expect(house.events).toEqual([]);
    },
  );

  it("any.22 a claim that holds for no number of ms is 503 with a number in Retry-After", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const open = backend.open;
    backend.open = async (name) => ({
      ...(await open(name)),
      claim: async () => ({ state: "held", forMs: NaN }),
    });
    const house = await openHouse(framework, "uphance", { clock, backend });
    expect((await house.deliver(ticket)).headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it("any.22 workers go on when a take failed", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    let fails = true;
    const handle = () => {
      if (fails) throw ((fails = false), new RetryLater({ after: "5s" }));
    };
    const house = await openHouse(framework, "uphance", {
      clock,
      backend,
      handle,
      options: { answerWithin: 0 },
    });
    await house.deliver(ticket);
    backend.faults.take = "throws";
    await clock.advance(20_000);
    expect(house.events).toHaveLength(1);
    backend.faults.take = undefined;
    await clock.advance(2_000);
    expect(house.events).toHaveLength(2);
  });
});
