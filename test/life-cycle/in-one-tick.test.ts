/** What is there already is not waited for: records in memory, and a handler that returns at once. */
import { memory } from "@answerback/core";
import { type Clock } from "@answerback/core/backend";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { two } from "./support.ts";

const ticket = sample("uphance/pick-ticket-update");
const before = withFields(ticket, { pick_ticket: { id: 1, updated_at: "before" } });

describe.each(two)("$name", (framework) => {
  it("any.9 an event is settled when its handler has returned, before anything else may run", async () => {
    const states: Promise<unknown>[] = [];
    const house = await openHouse(framework, "uphance", {
      backend: memory(),
      handle: ({ key }: { key: string }) =>
        queueMicrotask(() => states.push(house.receiver.find(key).then((found) => found?.state))),
    });
    // the records open with the first one
    await house.deliver(before);
    await house.deliver(ticket);
    expect((await Promise.all(states))[1]).toBe("settled");
  });

  it("any.11 no timer is set for it", async () => {
    let deadlines = 0;
    const clock: Clock = {
      now: () => Date.now(),
      after(ms, then) {
        deadlines += 1;
        const timer = setTimeout(then, Math.min(ms, 60_000)).unref();
        return () => clearTimeout(timer);
      },
    };
    const house = await openHouse(framework, "uphance", {
      backend: memory({ clock }),
      options: { clock, background: false },
    });
    await house.deliver(before);
    deadlines = 0;
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(deadlines).toBe(0);
  });
});
