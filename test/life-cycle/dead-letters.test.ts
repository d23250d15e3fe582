/** Dead letters as people see them: when each died, the newest first, page by page, and for how long. */
import { memory, OptionError, PermanentError, createReceiver, uphance } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, withFields, type Sample } from "../support/deliveries.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";
import { two } from "./support.ts";

const ticket = sample("uphance/pick-ticket-update");
const minute = 60_000;
const day = 86_400_000;

/** Every event is given up for good. */
const handle = () => {
  throw new PermanentError("no such customer");
};

/** A delivery of another event, with the id. */
function withId(id: number): Sample {
  return withFields(ticket, { pick_ticket: { id, updated_at: "2026-01-01T00:00:00Z" } });
}

/** Delivers so many events, and lets some time pass after each. */
async function giveUp(house: House, clock: ManualClock, count: number, everyMs = minute): Promise<void> {
  for (let id = 1; id <= count; id += 1) {
    expect((await house.deliver(withId(id))).status).toBe(200);
    await clock.advance(everyMs);
  }
}

function idsOf(letters: readonly { readonly data: unknown }[]): number[] {
  return letters.map(({ data }) => (data as any).data.id);
}

describe.each(two)("$name", (framework) => {
  it("any.26 dead letters are listed newest first, each with the time of its death", async () => {
    const clock = manualClock();
    const house = await openHouse(framework, "uphance", { clock, handle });
    const began = clock.now();
    await giveUp(house, clock, 3);
    const letters = await house.receiver.deadLetters.list();
    expect(idsOf(letters)).toEqual([3, 2, 1]);
    expect(letters.map(({ diedAt }) => diedAt - began)).toEqual([2 * minute, minute, 0]);
    expect(await house.receiver.deadLetters.get(letters[1]!.key)).toEqual(letters[1]);
  });

  it("any.26 they come page by page, also where the last letter of a page is gone, and of one instant", async () => {
    const clock = manualClock();
    const house = await openHouse(framework, "uphance", { clock, handle });
    await giveUp(house, clock, 5, 0);
    const { deadLetters } = house.receiver;
    const first = await deadLetters.list({ limit: 2 });
    const last = first.at(-1)!;
    const second = await deadLetters.list({ limit: 2, after: last.key });
    await deadLetters.discard(last.key);
    expect(await deadLetters.list({ limit: 2, after: last })).toEqual(second);
    const third = await deadLetters.list({ limit: 2, after: second.at(-1) });
    expect(await deadLetters.list({ after: third.at(-1) })).toEqual([]);
    expect(idsOf([...first, ...second, ...third]).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    await expect(deadLetters.list({ after: last.key })).rejects.toMatchObject({ code: "unknown_key" });
  });

  it("any.26 one that is retried and dies again is the newest again", async () => {
    const clock = manualClock();
    const house = await openHouse(framework, "uphance", { clock, handle });
    await giveUp(house, clock, 2);
    const { deadLetters } = house.receiver;
    const [, oldest] = await deadLetters.list();
    await deadLetters.retry(oldest!.key);
    await house.receiver.idle();
    const letters = await deadLetters.list();
    expect(idsOf(letters)).toEqual([1, 2]);
    expect(letters[0]!.diedAt).toBe(clock.now());
  });

  it("any.26 a dead letter is kept 30 days and answers its duplicates; then the event is as new", async () => {
    const clock = manualClock();
    const house = await openHouse(framework, "uphance", { clock, handle });
    expect((await house.deliver(ticket)).status).toBe(200);
    const [letter] = await house.receiver.deadLetters.list();
    expect(letter!.forMs).toBe(30 * day);
    await clock.advance(30 * day - 1);
    expect((await house.deliver(ticket)).status).toBe(200);
    expect([house.events.length, await house.receiver.deadLetters.list()]).toMatchObject([1, { length: 1 }]);
    await clock.advance(1);
    expect(await house.receiver.deadLetters.list()).toEqual([]);
    expect(await house.receiver.find(letter!.key)).toBe(undefined);
    expect((await house.deliver(ticket)).status).toBe(200);
    expect(house.events).toHaveLength(2);
  });

  it.each([
    ["5d", 5 * day],
    ["forever", undefined],
  ] as const)("any.26 keepDead: %j says how long", async (keepDead, forMs) => {
    const clock = manualClock();
    const options = { keepDead };
    const house = await openHouse(framework, "uphance", { clock, handle, options });
    await house.deliver(ticket);
    expect(await house.receiver.deadLetters.list()).toMatchObject([{ forMs }]);
    await clock.advance(20_000 * day);
    expect(await house.receiver.deadLetters.list()).toHaveLength(forMs ? 0 : 1);
  });

  it("any.26 a malformed body cannot be retried, and trying leaves it as it was", async () => {
    const clock = manualClock();
    const options = { malformed: "acknowledge" };
    const house = await openHouse(framework, "uphance", { clock, options });
    expect((await house.deliver(withFields(ticket, { event: 7 }))).status).toBe(200);
    await clock.advance(day);
    const [letter] = await house.receiver.deadLetters.list();
    expect(letter).toMatchObject({ work: "malformed body", forMs: 29 * day });
    await expect(house.receiver.deadLetters.retry(letter!.key)).rejects.toMatchObject({
      code: "wrong_state",
    });
    expect(await house.receiver.deadLetters.list()).toEqual([letter]);
    await house.receiver.deadLetters.discard(letter!.key);
    expect(await house.receiver.deadLetters.list()).toEqual([]);
  });

  it("any.26 in memory the oldest of too many goes, which is told, and the receiver goes on", async () => {
    const clock = manualClock();
    const backend = memory({ clock, maxDead: 3, maxPending: 2 });
    const house = await openHouse(framework, "uphance", { clock, backend, handle });
    await giveUp(house, clock, 5);
    expect(idsOf(await house.receiver.deadLetters.list())).toEqual([5, 4, 3]);
    const told = house.warnings.filter(({ code }) => code === "dead_letter_dropped");
    expect(told).toEqual([
      { code: "dead_letter_dropped", message: expect.stringMatching(/keeps 3 .*maxDead/) },
    ]);
  });
});

it("any.26 keepDead below the retention is refused, and follows a longer retention by itself", () => {
  const create = (options: object) => () =>
    createReceiver(uphance(), { authenticate: false, handle, warn: () => {}, ...options });
  expect(create({ keepDead: "1d" })).toThrow(OptionError);
  expect(create({ keepDead: "1d" })).toThrow(/^keepDead: must be at least the retention, 72 h/);
  expect(create({ keepDead: "never" })).toThrow(/^keepDead: "never" is not a duration/);
  expect(create({ retention: "60d" })).not.toThrow();
});
