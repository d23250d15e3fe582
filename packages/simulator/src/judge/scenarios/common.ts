/** The scenarios that every provider plays: duplicates, failures, slowness, broken bodies. */
import { withHeaders } from "../../deliveries/delivery.ts";
import type { FaultPlan } from "../../play/faults.ts";
import { faultsInTurn } from "../../play/faults.ts";
import { demandAcknowledged, demandRefused, demandRuns, statusOf } from "./demands.ts";
import { retriedScenarios } from "./retried.ts";
import type { Draft, Traits } from "./traits.ts";

/** The scenarios of every provider. */
export function commonScenarios(traits: Traits): readonly Draft[] {
  return [
    ...handling(traits),
    ...repeating(traits),
    ...bodies(traits),
    ...(traits.retries ? retriedScenarios(traits) : []),
  ];
}

/** Events are handled and acknowledged, in time. */
export function handling({ make, clauses }: Pick<Traits, "make" | "clauses">): readonly Draft[] {
  return [
    {
      name: "handles and acknowledges a delivery",
      clause: clauses.acknowledged,
      async play(stage) {
        const delivery = make(stage);
        const [attempt] = await stage.play(delivery);
        demandAcknowledged(stage, attempt);
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "handles each of two different events",
      clause: clauses.key,
      async play(stage) {
        const [first, second] = [make(stage, 1), make(stage, 2)];
        for (const attempt of await stage.play([first, second])) demandAcknowledged(stage, attempt);
        await demandRuns(stage, first, 1);
        await demandRuns(stage, second, 1);
      },
    },
    {
      name: "answers before the provider hangs up, however long the handler takes",
      clause: clauses.slow,
      handle: ({ sleep }) => sleep(150_000),
      async play(stage) {
        const delivery = make(stage);
        const [first] = await stage.play(delivery);
        await stage.wait(300_000);
        stage.demand(first?.seen.kind !== "timed out", "kept the provider waiting until it hung up");
        await demandRuns(stage, delivery, 1);
      },
    },
  ];
}

/** Events that come again are handled once, and those that failed are owned up to. */
export function repeating({ make }: Pick<Traits, "make">): readonly Draft[] {
  return [
    {
      name: "handles once what is sent twice at once",
      clause: "any.8",
      handle: ({ sleep }) => sleep(2_000),
      async play(stage) {
        const delivery = make(stage);
        await stage.play(delivery, { faults: faultsInTurn("twice") });
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "repeats its answer when a handled event comes again",
      clause: "any.7",
      async play(stage) {
        const delivery = make(stage);
        const faults = faultsInTurn({ kind: "again", afterMs: 5_000 });
        const [first, again] = await stage.play(delivery, { faults });
        await demandRuns(stage, delivery, 1);
        const same = statusOf(first) === statusOf(again);
        stage.demand(same, `answered ${statusOf(first)}, and a duplicate ${statusOf(again)}`);
      },
    },
    {
      name: "does not acknowledge what its handler could not do",
      clause: "any.9",
      handle: () => {
        throw new Error("the database is away");
      },
      async play(stage) {
        const delivery = make(stage);
        const [first] = await stage.play(delivery);
        await stage.wait(3_600_000);
        const owned = ((await stage.runs(delivery.id)) ?? 2) > 1;
        // who acknowledges a failure has taken the retries over: then there must be one
        const lost = first?.concluded.kind === "acknowledged" && !owned;
        stage.demand(!lost, "acknowledged an event, failed to handle it and lost it");
      },
    },
  ];
}

function bodies({ make, statuses, retries }: Traits): readonly Draft[] {
  return [
    {
      name: "does not care for parameters of the content type",
      clause: "any.2",
      async play(stage) {
        const delivery = make(stage);
        const type = `${delivery.headers["Content-Type"]}; charset=UTF-8`;
        const [attempt] = await stage.play(withHeaders(delivery, { "Content-Type": type }));
        demandAcknowledged(stage, attempt);
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "refuses a content type that is not the provider's",
      clause: "any.2",
      async play(stage) {
        const delivery = withHeaders(make(stage), { "Content-Type": "text/plain" });
        await demandRefused(stage, delivery, statuses.mediaType);
      },
    },
    {
      name: "refuses an empty body and one that is cut off",
      clause: "any.2",
      async play(stage) {
        const delivery = make(stage);
        await demandRefused(stage, { ...delivery, body: "" }, statuses.malformed);
        await demandRefused(stage, { ...delivery, body: delivery.body.slice(0, -9) }, statuses.malformed);
      },
    },
    {
      name: "does not handle a body that breaks off",
      clause: "any.1",
      async play(stage) {
        const delivery = make(stage);
        await stage.play(delivery, { faults: faultsInTurn("drop connection") });
        await demandRuns(stage, delivery, retries ? 1 : 0);
      },
    },
    {
      name: "survives a body that stalls, and works on",
      clause: "any.3",
      async play(stage) {
        const [stalled, next] = [make(stage, 1), make(stage, 2)];
        const attempts = await stage.play([stalled, next], { faults: stallFirst });
        demandAcknowledged(
          stage,
          attempts.find(({ id }) => id === next.id),
        );
        await demandRuns(stage, next, 1);
      },
    },
  ];
}

const stallFirst: FaultPlan = ({ event, attempt }) =>
  event === 0 && attempt === 1 ? { kind: "stall" } : undefined;
