/** Killed at every step of the way of a delivery and started again: nothing acknowledged is lost, no callback doubled. */
import { seeded } from "@answerback/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { World, type ReceiverName } from "./world.ts";

const handled = (name: ReceiverName) => [
  `${name}: before the claim`,
  `${name}: after the claim`,
  `${name}: as the handler begins`,
  `${name}: as the handler ends`,
];
const saved = (name: ReceiverName, step: number) => [
  `${name}: before save ${step}`,
  `${name}: after save ${step}`,
];
const replied = (name: ReceiverName) => [`${name}: before the reply`, `${name}: after the reply`];

/** Known to the provider alone. */
const whilePosting = "while the post is being answered";

/** The way of a delivery that is answered in time, of one that is accepted first, and of one without a callback. */
const ways: Record<ReceiverName, readonly string[]> = {
  inline: [...handled("inline"), ...saved("inline", 1), ...replied("inline"), ...saved("inline", 2)],
  late: [
    ...handled("late"),
    ...saved("late", 1),
    ...replied("late"),
    ...saved("late", 2),
    "before the post",
    whilePosting,
    "after the post",
    ...saved("late", 3),
  ],
  contacts: [...handled("contacts"), ...saved("contacts", 1), ...replied("contacts")],
};

const names: readonly ReceiverName[] = ["inline", "late", "contacts"];

describe.each(Object.entries(ways))("a process that is killed on the %s way", (name, steps) => {
  const receiver = name as ReceiverName;
  const world = new World();
  beforeAll(() => world.start());
  afterAll(() => world.close());

  test.each(steps)("%s", async (step) => {
    const event = world.newEvent(receiver);
    if (step === whilePosting) world.killWhilePosting();
    else world.tell({ doomed: step });
    await Promise.all([world.deliver(event), world.fall()]);
    expect(await world.deadLetters()).toEqual([]);
    expect(world.faultsOf(event)).toEqual([]);
  });

  test("leaves nothing undone", async () => {
    expect(world.faults()).toEqual([]);
    const records = await world.lastRecords();
    expect(records).toHaveLength(steps.length);
    expect(records).toEqual(records.map(() => ({ work: null, answered: 1 })));
  });
});

describe("a process that is killed after any number of steps", () => {
  const { SEED = String(Date.now() % 1_000_000), KILLS = "10" } = process.env;
  const world = new World();
  beforeAll(() => world.start());
  afterAll(() => world.close());

  test(`${KILLS} times, with SEED=${SEED}`, { timeout: 10_000 + 2_000 * Number(KILLS) }, async () => {
    const random = seeded(Number(SEED));
    const deliveries: Promise<void>[] = [];
    for (let kill = 1; kill <= Number(KILLS); kill += 1) {
      // fewer than the new events alone will take, so that it comes to that
      world.tell({ stepsLeft: random.int(1, 30) });
      const events = Array.from({ length: 4 }, () => world.newEvent(random.pick(names)));
      deliveries.push(...events.map((event) => world.deliver(event)));
      await world.fall();
      // no provider sends for ever: from time to time a process lives until all is done
      if (kill % 10 === 0) await Promise.all(deliveries);
    }
    await Promise.all(deliveries);
    expect(await world.deadLetters()).toEqual([]);
    expect(world.faults()).toEqual([]);
    const records = await world.lastRecords();
    expect(records).toEqual(deliveries.map(() => ({ work: null, answered: 1 })));
  });
});
