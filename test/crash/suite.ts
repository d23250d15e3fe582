/** Killed at every step of the way of a delivery and started again: the tests, for any engine. */
import { seeded } from "@answerback/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CrashEngine } from "./stores.ts";
import { waysOn, whilePosting } from "./ways.ts";
import type { ReceiverName, Sent } from "./ledger.ts";
import { World } from "./world.ts";

/** How many events are under way when a process is killed at random, at most. */
const eventsAKill = 4;

/** No provider sends for ever: after so many kills a process lives until all is done, and the ledger is looked at. */
const killsAnAudit = 10;

/** The named steps, then random ones: KILLS of them, with SEED. */
export function crashSuite(engine: CrashEngine): void {
  describe.each(Object.entries(waysOn(engine)))(
    `a process on ${engine} that is killed on the %s way`,
    (name, steps) => {
      const receiver = name as ReceiverName;
      const world = worldOfSuite(engine);
      const events: Sent[] = [];

      test.each(steps)("%s", async (step) => {
        const event = world.newEvent(receiver);
        events.push(event);
        if (step === whilePosting) world.killWhilePosting();
        else world.process.tell({ doomed: step });
        await Promise.all([world.deliver(event), world.fall()]);
        expect(await world.faults([event])).toEqual([]);
      });

      test("leaves nothing undone", async () => {
        expect(events).toHaveLength(steps.length);
        expect(await world.faults(events)).toEqual([]);
      });
    },
  );

  describe(`a process on ${engine} that is killed after any number of steps`, () => {
    const { SEED = String(Date.now() % 1_000_000), KILLS = "10" } = process.env;
    const world = worldOfSuite(engine);

    test(`${KILLS} times, with SEED=${SEED}`, { timeout: 60_000 + 2_000 * Number(KILLS) }, async () => {
      const random = seeded(Number(SEED));
      const names = Object.keys(waysOn(engine)) as ReceiverName[];
      for (let left = Number(KILLS); left > 0; left -= killsAnAudit) {
        const events: Sent[] = [];
        const deliveries: Promise<void>[] = [];
        for (let kill = 1; kill <= Math.min(left, killsAnAudit); kill += 1) {
          // fewer than the new events alone will take, so that it comes to that
          world.process.tell({ stepsLeft: random.int(1, 30) });
          const some = Array.from({ length: eventsAKill }, () => world.newEvent(random.pick(names)));
          events.push(...some);
          deliveries.push(...some.map((event) => world.deliver(event)));
          await world.fall();
        }
        await Promise.all(deliveries);
        expect(await world.faults(events)).toEqual([]);
      }
    });
  });
}

/** Until the tests beside it are over; its first process is started before them. */
function worldOfSuite(engine: CrashEngine): World {
  const world = new World(engine);
  beforeAll(async () => void (await world.start()));
  afterAll(() => world.close());
  return world;
}
