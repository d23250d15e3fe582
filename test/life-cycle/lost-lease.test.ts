/** Two processes on one backend: who holds a lease, who takes over, and what the late first owner can still do: nothing. */
import { describe, expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { openRunning, ticket } from "./running.ts";
import { faulty, two, twoProcesses } from "./support.ts";

const order = sample("upsales/order-insert");
const hello = { callback: { notify: "Hello!" } };

describe.each(two)("$name", (framework) => {
  it("any.8 in another process a duplicate of what runs gets 503, and Retry-After is what is left of the lease", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const first = await openRunning(framework, clock, here);
    const second = await openHouse(framework, "uphance", { clock, backend: there });
    await first.begun;
    expect((await second.deliver(ticket)).headers.get("retry-after")).toBe("30");
    here.faults.save = "throws";
    await clock.advance(50_000);
    const answer = await second.deliver(ticket);
    expect([answer.status, answer.json, answer.headers.get("retry-after")]).toEqual([
      503,
      { code: "running" },
      "10",
    ]);
    expect(second.events).toEqual([]);
  });

  it("any.9 a lease is renewed at its half, and nobody takes over what lives", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const first = await openRunning(framework, clock, here);
    const second = await openHouse(framework, "uphance", { clock, backend: there });
    await first.begun;
    const start = clock.now();
    await clock.advance(14 * 60_000);
    const renewals = here.saves.filter(({ at }) => at > start);
    expect(renewals.slice(0, 3).map(({ at, change }) => [at - start, change])).toEqual([
      [30_000, { forMs: 60_000 }],
      [60_000, { forMs: 60_000 }],
      [90_000, { forMs: 60_000 }],
    ]);
    expect((await second.deliver(ticket)).status).toBe(503);
    expect(second.events).toEqual([]);
    expect(first.signal()?.aborted).toBe(false);
  });

  it("any.9 a renewal that failed is repeated before the lease ends", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const first = await openRunning(framework, clock, here);
    const second = await openHouse(framework, "uphance", { clock, backend: there });
    await first.begun;
    await clock.advance(29_000);
    here.faults.save = "hangs";
    await clock.advance(2_000);
    here.faults.save = undefined;
    await clock.advance(30_000);
    expect((await second.deliver(ticket)).status).toBe(503);
    expect(second.events).toEqual([]);
  });

  it("any.9 a claim whose process was cut off is taken over; the late first owner's signal aborts, and it settles nothing", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const first = await openRunning(framework, clock, here);
    const second = await openHouse(framework, "uphance", { clock, backend: there });
    await first.begun;
    here.faults.save = "throws";
    await clock.advance(61_000);
    expect((await first.answering).status).toBe(503);
    expect((await second.deliver(ticket)).status).toBe(200);
    expect(second.events).toHaveLength(1);
    here.faults.save = undefined;
    expect(first.signal()?.aborted).toBe(false);
    await clock.advance(30_000);
    expect(first.signal()?.reason).toMatchObject({ code: "lease_lost" });
    first.done.resolve(undefined);
    await first.house.receiver.idle();
    const { key } = second.events[0];
    expect(await second.receiver.find(key)).toMatchObject({ state: "settled", error: undefined });
    expect((await first.house.deliver(ticket)).status).toBe(200);
    expect(first.house.events).toHaveLength(1);
  });

  it("any.9 upsales.8 the late first owner of an accepted event does not post: the callback goes out once", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const first = await openRunning(framework, clock, here, "upsales", { answerWithin: 0 });
    await first.begun;
    expect((await first.answering).json).toEqual({});
    here.faults.save = "throws";
    here.faults.take = "throws";
    const second = await openHouse(framework, "upsales", { clock, backend: there, handle: () => hello });
    await clock.advance(61_000);
    await second.receiver.idle();
    expect(second.posts).toHaveLength(1);
    first.done.resolve(hello);
    here.faults.save = here.faults.take = undefined;
    await clock.advance(10_000);
    await first.house.receiver.idle();
    expect(first.house.posts).toEqual([]);
  });

  it("any.22 upsales.9 what was stored a lease ago is held anew before it is posted", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const done = Promise.withResolvers<unknown>();
    let state: unknown;
    const house = await openHouse(framework, "upsales", {
      clock,
      backend,
      handle: () => done.promise,
      options: { answerWithin: 0, background: false },
      transport: async () => {
        state = (await house.receiver.find(house.events[0].key))?.state;
        return new Response();
      },
    });
    await house.deliver(order);
    backend.faults.save = "lost";
    done.resolve(hello);
    await clock.advance(0);
    backend.faults.save = "throws";
    await clock.advance(70_000);
    backend.faults.save = undefined;
    await clock.advance(5_000);
    await house.receiver.idle();
    expect([house.posts.length, state]).toEqual([1, "held"]);
  });

  it("any.22 while nobody knows whether an acceptance was stored, the lease is kept", async () => {
    const clock = manualClock();
    const [here, there] = twoProcesses(clock);
    const first = await openRunning(framework, clock, here, "uphance", { answerWithin: "5s" });
    const second = await openHouse(framework, "uphance", { clock, backend: there });
    await first.begun;
    here.faults.save = "throws";
    await clock.advance(6_000);
    expect((await first.answering).status).toBe(503);
    here.faults.save = undefined;
    await clock.advance(120_000);
    expect((await second.deliver(ticket)).status).toBe(503);
    first.done.resolve(undefined);
    await first.house.receiver.idle();
    expect((await second.deliver(ticket)).status).toBe(200);
    expect(second.events).toEqual([]);
  });
});
