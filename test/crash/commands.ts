/** Commands that take longer than their provider waits, and that it sends once; killed at every step: the tests, for any engine. */
import { seeded } from "@answerback/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SlowName } from "./ledger.ts";
import type { CrashEngine } from "./stores.ts";
import { whilePosting } from "./ways.ts";
import { overAnyLeaseMs, World, type Outcome } from "./world.ts";

/** A provider whose commands are killed. */
interface Row {
  readonly receiver: SlowName;
  /** How long a command takes: ms on the engine's clock. */
  readonly takesMs: number;
  /** Where its process is killed, and what becomes of it. */
  readonly ways: Readonly<Record<string, Outcome>>;
}

const taken = "callback accepted";
/** Its user is told that the app did not answer, and nothing comes of it. */
const lost: Outcome = { acknowledged: false, uses: [], dead: [] };
/** Its user is told so as well, and is answered all the same: it was stored. */
const unheard: Outcome = { ...lost, uses: [taken] };
const answered: Outcome = { acknowledged: true, uses: [taken], dead: [] };
/** The provider takes nothing for a delivery that was not acknowledged. */
const refused: Outcome = {
  acknowledged: false,
  uses: ["callback refused: the delivery was not acknowledged"],
  dead: ["callback_rejected"],
};
/** The same answer twice, in the same place. */
const repeated: Outcome = { ...answered, uses: [taken, taken] };
/** Nobody knows whether the answer arrived, and it is not shown twice: a person decides. */
const unsure = (...uses: string[]): Outcome => ({ acknowledged: true, uses, dead: ["callback_failed"] });

const rows: readonly Row[] = [
  {
    receiver: "slack",
    takesMs: 40_000,
    ways: {
      "before the claim": lost,
      "after the claim": lost,
      "as the handler begins": lost,
      "before save 1": lost,
      "after save 1": unheard,
      "before the reply": unheard,
      "after the reply": answered,
      "as the handler ends": answered,
      "before save 2": answered,
      "after save 2": unsure(),
      "before the post": unsure(),
      [whilePosting]: unsure(taken),
      "after the post": unsure(taken),
      "before save 3": unsure(taken),
      "after save 3": answered,
    },
  },
  {
    receiver: "discord",
    takesMs: 600_000,
    ways: {
      "before the claim": lost,
      "after the claim": lost,
      "as the handler begins": lost,
      "before save 1": lost,
      "after save 1": refused,
      "before the reply": refused,
      "after the reply": answered,
      "as the handler ends": answered,
      "before save 2": answered,
      // an edit of the message that was deferred, and so it is sent again
      "after save 2": answered,
      "before the post": answered,
      [whilePosting]: repeated,
      "after the post": repeated,
      "before save 3": repeated,
      "after save 3": answered,
    },
  },
];

/** The steps that belong to the process and not to a receiver. */
const ofTheProcess = /the post/;

/** Each provider's commands: killed at every step, while they take their time, and at random: KILLS times, with SEED. */
export function commandSuite(engine: CrashEngine): void {
  describe.each(rows)(`a command of $receiver that takes $takesMs ms on ${engine}`, (row) => {
    const { receiver, takesMs, ways } = row;
    const world = new World(engine);
    beforeAll(async () => void (await world.start()));
    afterAll(() => world.close());

    test.each(Object.entries(ways))("any.38 any.39 killed %s", async (step, outcome) => {
      const event = world.newCommand(receiver);
      // what a receiver does at its start has steps of the same names
      await world.idle();
      world.process.tell({ slow: true });
      if (step === whilePosting) world.killWhilePosting();
      else world.process.tell({ doomed: ofTheProcess.test(step) ? step : `${receiver}: ${step}` });
      const acknowledged = await world.play(event);
      await world.advance(40_000);
      world.process.tell({ slow: false });
      await world.fall();
      world.process.tell({ slow: false });
      expect(await world.outcome(event, acknowledged)).toEqual(outcome);
    });

    test("any.38 any.39 killed again and again while it is at work is answered once", async () => {
      const event = world.newCommand(receiver);
      world.process.tell({ slow: true });
      const acknowledged = await world.play(event);
      for (let tookMs = 0; tookMs < takesMs; tookMs += overAnyLeaseMs) {
        await expect.poll(() => world.handlersOf(event)).toContain(world.process.name);
        await world.fallNow();
      }
      world.process.tell({ slow: false });
      expect(await world.outcome(event, acknowledged)).toEqual(answered);
    });

    const { SEED = String(Date.now() % 1_000_000), KILLS = "10" } = process.env;
    test(
      `any.39 killed at random is answered once, or known not to be, ${KILLS} times with SEED=${SEED}`,
      { timeout: 60_000 + 2_000 * Number(KILLS) },
      async () => {
        const random = seeded(Number(SEED));
        const possible = Object.values(ways);
        for (let kills = Number(KILLS); kills > 0; kills -= 1) {
          const event = world.newCommand(receiver);
          await world.idle();
          world.process.tell({ slow: true });
          world.process.tell({ stepsLeft: random.int(1, 14) });
          const acknowledged = await world.play(event);
          world.process.tell({ slow: false });
          await world.fall();
          world.process.tell({ slow: false });
          expect(possible).toContainEqual(await world.outcome(event, acknowledged));
        }
      },
    );
  });
}
