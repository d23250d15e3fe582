/** A backend that is away is told: at once, once a minute while it lasts, and when it is back. */
import { memory, type Warning } from "@answerback/core";
import { queued } from "@answerback/core/backend";
import { describe, expect, it } from "vitest";
import { fakeCarrier } from "../support/carrier-fakes.ts";
import { sample } from "../support/deliveries.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two } from "./support.ts";

const ticket = sample("uphance/pick-ticket-update");
const away = "uphance: the backend is away: connection refused";

/** Without `onError`, what goes wrong is a warning. */
const toWarn = { onError: undefined };

function told({ warnings }: House): Pick<Warning, "code" | "message">[] {
  return warnings.filter(({ code }) => code === "backend_away" || code === "backend_back");
}

describe.each(two)("$name", (framework) => {
  it("any.22 one that is away from the start is told at once, without any delivery, then once a minute, then that it is back", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    backend.faults.open = "throws";
    const house = await openHouse(framework, "uphance", { clock, backend, options: toWarn });
    await clock.advance(0);
    expect(told(house)).toEqual([{ code: "backend_away", message: away }]);
    expect((await house.deliver(ticket)).status).toBe(503);
    await clock.advance(59_000);
    expect(told(house)).toHaveLength(1);
    await clock.advance(122_000);
    expect(told(house).map(({ message }) => message)).toEqual([away, away, away, away]);
    backend.faults.open = undefined;
    await clock.advance(1_000);
    expect(told(house).slice(4)).toEqual([
      { code: "backend_back", message: "uphance: the backend is back, after 182 s" },
    ]);
    expect((await house.deliver(ticket)).status).toBe(200);
    await clock.advance(600_000);
    expect(told(house)).toHaveLength(5);
  });

  it("any.22 one that goes away under a worker is told without any delivery, and again an hour later", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "uphance", { clock, backend, options: toWarn });
    await clock.advance(5_000);
    for (const fault of ["throws", "throws"] as const) {
      backend.faults.take = fault;
      await clock.advance(30_000);
      backend.faults.take = undefined;
      await clock.advance(3_600_000);
    }
    expect(told(house).map(({ code }) => code)).toEqual([
      "backend_away",
      "backend_back",
      "backend_away",
      "backend_back",
    ]);
  });

  it("any.22 one that hangs under a worker is told", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "uphance", { clock, backend, options: toWarn });
    await clock.advance(5_000);
    backend.faults.take = "hangs";
    await clock.advance(30_000);
    expect(told(house)).toMatchObject([{ message: expect.stringMatching(/did not answer within 10000 ms/) }]);
  });

  it("any.22 one that fails now and then is told once a minute, not each time", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const house = await openHouse(framework, "uphance", {
      clock,
      backend,
      options: { ...toWarn, background: false },
    });
    for (let time = 0; time < 30; time += 1) {
      backend.faults.claim = time % 2 === 0 ? "throws" : undefined;
      await house.deliver({ ...ticket, body: ticket.body.replace("123456", `${time}`) });
      await clock.advance(1_000);
    }
    expect(told(house).map(({ code }) => code)).toEqual(["backend_away", "backend_back"]);
  });

  it("any.22 onError gets the outage with the engine's error as its cause, and each delivery that failed by it", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    backend.faults.open = "throws";
    const errors: any[] = [];
    const onError = (error: unknown, facts: object) => errors.push({ error, ...facts });
    const house = await openHouse(framework, "uphance", { clock, backend, options: { onError } });
    await clock.advance(0);
    await house.deliver(ticket);
    expect(errors).toMatchObject([
      { stage: "backend", code: "backend_away", error: { cause: { message: "connection refused" } } },
      { stage: "backend", code: "backend_away", status: 503, error: { message: /connection refused/ } },
    ]);
  });

  it("any.22 the reason that came too late is told the next time", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const slow = { ...backend };
    slow.open = (...args) =>
      new Promise((_, reject) => void clock.after(3_000, () => reject(new Error(`no route for ${args[0]}`))));
    const house = await openHouse(framework, "uphance", { clock, backend: slow, options: toWarn });
    await clock.advance(2_000);
    expect(told(house)).toMatchObject([{ message: expect.stringMatching(/did not answer within 2000 ms$/) }]);
    await clock.advance(63_000);
    expect(told(house)[1]).toMatchObject({
      message: expect.stringMatching(/2000 ms: no route for uphance$/),
    });
  });

  it("any.22 no credential of an address is told", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const open = () => Promise.reject(new Error("cannot reach redis://app:tuna-4711@10.0.0.7"));
    const house = await openHouse(framework, "uphance", {
      clock,
      backend: { ...backend, open },
      options: toWarn,
    });
    await clock.advance(0);
    await house.deliver(ticket);
    expect(told(house)).toMatchObject([{ message: expect.stringContaining("redis://***@10.0.0.7") }]);
    expect(JSON.stringify([house.warnings, house.observed])).not.toContain("tuna");
  });

  it("any.22 records that are away behind a carrier are told without any key", async () => {
    const clock = manualClock();
    const inner = memory({ clock });
    let isAway = false;
    const due = async () => {
      if (isAway) throw new Error("connection refused");
      return [];
    };
    const records: typeof inner = {
      ...inner,
      durable: true,
      open: async (...args) => ({ ...(await inner.open(...args)), due }),
    };
    const backend = queued(records, fakeCarrier(), { clock });
    const house = await openHouse(framework, "uphance", { clock, backend, options: toWarn });
    await clock.advance(5_000);
    isAway = true;
    await clock.advance(5_000);
    isAway = false;
    await clock.advance(5_000);
    expect(told(house).map(({ code }) => code)).toEqual(["backend_away", "backend_back"]);
  });

  it("any.22 what fails because the receiver closes is no outage", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const options = { ...toWarn, background: false };
    const house = await openHouse(framework, "uphance", { clock, backend, options });
    await house.receiver.close();
    backend.faults.open = "throws";
    await expect(house.receiver.find("key")).rejects.toMatchObject({ code: "closing" });
    await clock.advance(60_000);
    expect(told(house)).toEqual([]);
  });
});
