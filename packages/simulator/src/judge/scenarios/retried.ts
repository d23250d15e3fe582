/** The scenarios of the providers that send again what failed. */
import { faultsInTurn } from "../../play/faults.ts";
import { demandAcknowledged, demandRuns } from "./demands.ts";
import type { Draft, Traits } from "./traits.ts";

/** The scenarios of the providers that retry. */
export function retriedScenarios({ make, clauses }: Pick<Traits, "make" | "clauses">): readonly Draft[] {
  return [
    {
      name: "handles once what is sent again because its answer was lost",
      clause: clauses.key,
      async play(stage) {
        const delivery = make(stage);
        const attempts = await stage.play(delivery, {
          faults: faultsInTurn("drop response", "drop response"),
        });
        demandAcknowledged(stage, attempts.at(-1));
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "remembers an event for as long as the provider may send it again",
      clause: "any.10",
      async play(stage) {
        const delivery = make(stage);
        await stage.play(delivery, { ...longest, faults: () => ({ kind: "drop response" }) });
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "handles a retry after its handler failed",
      clause: "any.9",
      handle({ ordinal }) {
        if (ordinal < 3) throw new Error("the database is away");
      },
      async play(stage) {
        const delivery = make(stage);
        const attempts = await stage.play(delivery);
        await stage.wait(3_600_000);
        demandAcknowledged(stage, attempts.at(-1));
        const done = stage.successes(delivery.id);
        stage.demand(done === undefined || done >= 1, "acknowledged an event that was never handled");
        stage.demand(done === undefined || done <= 1, "handled an event again that was handled already");
      },
    },
    {
      name: "handles at last what failed for days",
      clause: "any.9",
      handle({ ordinal }) {
        if (ordinal < 4) throw new Error("the database is away");
      },
      async play(stage) {
        const delivery = make(stage);
        const attempts = await stage.play(delivery, longest);
        await stage.wait(3_600_000);
        demandAcknowledged(stage, attempts.at(-1));
        const done = stage.successes(delivery.id);
        stage.demand(done === undefined || done === 1, "acknowledged an event that was never handled");
      },
    },
    {
      name: "does not acknowledge a duplicate while the first still runs and may fail",
      clause: "any.8",
      async handle({ ordinal, sleep }) {
        await sleep(2_000);
        if (ordinal === 1) throw new Error("the database is away");
      },
      async play(stage) {
        const delivery = make(stage);
        const attempts = await stage.play([
          { delivery, atMs: 0 },
          { delivery, atMs: 1_000 },
        ]);
        await stage.wait(3_600_000);
        const done = stage.successes(delivery.id);
        const told = attempts.some(({ concluded }) => concluded.kind === "acknowledged");
        stage.demand(
          !told || done !== 0,
          "acknowledged a duplicate while the first was running, and lost both",
        );
        const [first, second] = [0, 1_000].map(
          (at) => attempts.find(({ atMs }) => atMs === at)?.concluded.kind,
        );
        const lie = second === "acknowledged" && first !== "acknowledged";
        stage.demand(!lie, "acknowledged a duplicate of an event that it did not acknowledge");
      },
    },
  ];
}

/** The longest that each provider goes on: five days of Postback, two of Uphance. */
const longest = { postback: { number_of_attempts: 5, attempt_interval: 86_400 } };
