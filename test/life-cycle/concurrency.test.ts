/** `concurrency`: how much is worked in the background at a time, and that neither kind of work waits for the other. */
import { RetryLater } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { two } from "./support.ts";

const ticket = sample("uphance/pick-ticket-update");
const order = sample("upsales/order-insert");
const external = sample("upsales/external-user-configurable");

/** A handler whose first run of each event asks to be run again in 5 s, and whose second run is ended by the test. */
function handlerInTwoRuns() {
  const open: (() => void)[] = [];
  const seen = new Set<string>();
  let running = 0;
  let most = 0;
  async function handle({ key }: { key: string }): Promise<unknown> {
    if (!seen.has(key)) {
      seen.add(key);
      throw new RetryLater({ after: "5s" });
    }
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => void open.push(resolve));
    running -= 1;
    return undefined;
  }
  return { open, handle, running: () => running, most: () => most };
}

describe.each(two)("$name", (framework) => {
  it("any.11 accepted events are run as many at a time as it says, and the next begins when one is done", async () => {
    const clock = manualClock();
    const { open, handle, running, most } = handlerInTwoRuns();
    const options = { answerWithin: 0, concurrency: { runs: 2 } };
    const house = await openHouse(framework, "uphance", { clock, handle, options });
    for (const id of [1, 2, 3, 4, 5])
      await house.deliver(withFields(ticket, { pick_ticket: { id, updated_at: "now" } }));
    await clock.advance(5_000);
    for (let done = 0; done < 5; done += 1) {
      await expect.poll(running).toBe(Math.min(2, 5 - done));
      open[done]?.();
      // no time passes: whatever found no slot was never put off
      await clock.advance(0);
    }
    await house.receiver.idle();
    expect(most()).toBe(2);
  });

  it("upsales.9 a callback that is due is posted while every run has its slot", async () => {
    const clock = manualClock();
    const { open, handle, running } = handlerInTwoRuns();
    let isAway = true;
    const house = await openHouse(framework, "upsales", {
      clock,
      handle: { external: handle, "order.insert": () => ({ callback: { notify: "done" } }) },
      transport: async () => new Response(null, { status: isAway ? 503 : 200 }),
      options: { answerWithin: 0, concurrency: { runs: 1, posts: 1 } },
    });
    await house.deliver(order);
    for (const id of ["one", "two"])
      await house.deliver(
        withFields(external, { callbackUrl: `https://integration.upsales.com/callback/${id}` }),
      );
    await clock.advance(10_000);
    await expect.poll(running).toBe(1);
    isAway = false;
    const before = house.posts.length;
    await clock.advance(60_000);
    expect([house.posts.length, running()]).toEqual([before + 1, 1]);
    for (const end of open) end();
    await clock.advance(0);
    for (const end of open) end();
  });
});
