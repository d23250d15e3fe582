/** Renewals and acceptances that overtake each other. */
import { describe, expect, it } from "vitest";
import { manualClock } from "../support/manual-clock.ts";
import { openRunning } from "./running.ts";
import { faulty, two } from "./support.ts";

describe.each(two)("$name", (framework) => {
  it("any.9 a renewal that an acceptance overtakes says nothing of the lease: the handler goes on", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const options = { answerWithin: "30500ms" };
    const first = await openRunning(framework, clock, backend, "uphance", options);
    await first.begun;
    await clock.advance(29_900);
    const slow = Promise.withResolvers<void>();
    backend.slow = slow.promise;
    await clock.advance(200);
    backend.slow = undefined;
    await clock.advance(500);
    expect((await first.answering).status).toBe(200);
    slow.resolve();
    await clock.advance(100);
    expect(first.signal()?.aborted).toBe(false);
    const before = backend.saves.length;
    await clock.advance(60_000);
    expect(backend.saves.length - before).toBe(2);
    first.done.resolve(undefined);
    await first.house.receiver.idle();
    await clock.advance(3_600_000);
    expect(await first.house.receiver.find(first.house.events[0].key)).toMatchObject({ state: "settled" });
  });

  it("any.9 a renewal whose answer comes after the acceptance does not begin a second row of renewals", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    const options = { answerWithin: "30500ms" };
    const first = await openRunning(framework, clock, backend, "uphance", options);
    await first.begun;
    await clock.advance(29_900);
    const slow = Promise.withResolvers<void>();
    backend.slowAnswer = slow.promise;
    await clock.advance(200);
    backend.slowAnswer = undefined;
    await clock.advance(500);
    expect((await first.answering).status).toBe(200);
    slow.resolve();
    await clock.advance(100);
    const before = backend.saves.length;
    await clock.advance(60_000);
    expect(backend.saves.length - before).toBe(2);
  });
});
