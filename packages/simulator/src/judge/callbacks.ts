/** The scenarios of Upsales' callbacks: inline or posted, once, small enough. */
import { callbackBytes } from "../callback-ledger.ts";
import { faultsInTurn } from "../faults.ts";
import type { Make } from "./callback-demands.ts";
import { aWhile, atOnce, demandAccepted, demandNoRefusal, demandPosts, late } from "./callback-demands.ts";
import { retriedCallbackScenarios } from "./callback-retries.ts";
import type { Common } from "./common.ts";
import { demandRuns } from "./demands.ts";

/** The scenarios of the callbacks of a delivery. */
export function callbackScenarios(make: Make): readonly Common[] {
  const all = [...inline(make), ...posted(make), ...retriedCallbackScenarios(make)];
  return all.map((scenario) => ({ ...scenario, needs: ["callbacks"] }));
}

function inline(make: Make): readonly Common[] {
  return [
    {
      name: "answers inline when the handler is done in time",
      clause: "upsales.5",
      handle: atOnce,
      async play(stage) {
        const [seen] = await stage.play(make(stage));
        demandAccepted(stage, "inline");
        const kept = seen?.seen.kind === "answered" && seen.seen.body.includes('"maybeSomeOtherStuff":true');
        stage.demand(kept, "dropped the properties beside the callback");
      },
    },
    {
      name: "posts nothing after an inline callback",
      clause: "upsales.8",
      handle: atOnce,
      async play(stage) {
        await stage.play(make(stage));
        await stage.wait(aWhile);
        demandNoRefusal(stage);
      },
    },
    {
      name: "gives its one callback once, however often the request comes",
      clause: "any.7",
      handle: atOnce,
      async play(stage) {
        const delivery = make(stage);
        await stage.play([delivery, delivery], { faults: faultsInTurn("twice") });
        await stage.wait(aWhile);
        demandAccepted(stage);
        demandNoRefusal(stage);
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "does not send a callback that is too large, inline or by post",
      clause: "upsales.10",
      handle: () => ({ callback: { notify: "å".repeat(callbackBytes / 2) } }),
      async play(stage) {
        const [seen] = await stage.play(make(stage));
        stage.demand(stage.uses.length === 0, "sent a callback of more than 102,400 bytes");
        stage.demand(
          seen?.concluded.kind !== "acknowledged",
          "hid from Upsales that its callback was too large",
        );
      },
    },
    {
      name: "sends a callback that is just small enough",
      clause: "upsales.10",
      handle: () => ({ callback: { notify: "x".repeat(callbackBytes - 1 - '{"notify":""}'.length) } }),
      async play(stage) {
        await stage.play(make(stage));
        demandAccepted(stage, "inline");
      },
    },
    {
      name: "does not send a callback with a field of the wrong type",
      clause: "upsales.11",
      handle: () => ({ callback: { notify: 5 } }),
      async play(stage) {
        await stage.play(make(stage));
        demandNoRefusal(stage);
      },
    },
  ];
}

function posted(make: Make): readonly Common[] {
  return [
    {
      name: "posts the late callback, alone and once",
      clause: "upsales.7",
      handle: late,
      async play(stage) {
        const delivery = make(stage);
        const [seen] = await stage.play(delivery);
        await stage.wait(aWhile);
        stage.demand(
          seen?.concluded.kind === "acknowledged",
          "kept Upsales waiting for more than 30 s",
          "upsales.6",
        );
        demandAccepted(stage, "posted");
        demandNoRefusal(stage);
        demandPosts(stage, 1);
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "posts one late callback for a request that came twice",
      clause: "upsales.8",
      handle: late,
      async play(stage) {
        const delivery = make(stage);
        await stage.play([delivery, delivery], { faults: faultsInTurn("twice") });
        await stage.wait(aWhile);
        demandAccepted(stage, "posted");
        demandPosts(stage, 1);
        await demandRuns(stage, delivery, 1);
      },
    },
    {
      name: "does not post a callback that is too large",
      clause: "upsales.10",
      handle: async ({ sleep }) => {
        await sleep(90_000);
        return { callback: { message: "x".repeat(callbackBytes) } };
      },
      async play(stage) {
        await stage.play(make(stage));
        await stage.wait(aWhile);
        demandPosts(stage, 0);
      },
    },
  ];
}
