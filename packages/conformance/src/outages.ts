/** Laws on an engine that goes away: verbs reject in time, and all records are there when it comes back. */
import { systemClock, type MaybePromise } from "@answerback/core/backend";
import { bench, eventually } from "./bench.ts";
import { answer, due, error, event, held, settled } from "./recipes.ts";
import { hour, minute, type Suite } from "./suite.ts";

/** How long a verb may take to reject, where only the backend can stop it: ms. */
const withinMs = 5_000;

export function outages({ describe, lawWith, expect }: Suite): void {
  const away = lawWith("outage");

  describe("while the engine is away", () => {
    away("every verb rejects, in bounded time", async (scene) => {
      const one = await held(scene, "key");
      const { records, holder } = scene;
      await scene.outage();
      const verbs = {
        claim: () => holder("key").claim(),
        take: () => holder("").takeAny(),
        "take by key": () => holder("key").take(),
        save: () => one.save({ forMs: hour }),
        get: async () => records.get("key"),
        list: async () => records.list({ limit: 10 }),
        "list the dead": async () => records.list({ limit: 10, state: "dead" }),
        stats: async () => records.stats(10),
        causes: async () => records.causes(10),
        erase: async () => records.erase("key", { answer, forMs: hour }),
        ...(records.due && { due: async () => records.due!(10) }),
      };
      const ends = await Promise.all(Object.values(verbs).map((verb) => endOf(verb())));
      expect(Object.keys(verbs).filter((_, index) => ends[index] !== "rejected")).toEqual([]);
    });

    away("records and backend close, in bounded time", async ({ backend, records, outage }) => {
      await outage();
      expect(await endOf(records.close())).toBe("resolved");
      expect(await endOf(backend.close())).toBe("resolved");
    });
  });

  describe("when the engine is back", () => {
    away("the same records have all that was saved before", async (scene) => {
      const one = await held(scene, "held");
      await settled(scene, "settled");
      await due(scene, "due");
      await (
        await scene.outage()
      )();
      const { records, holder } = scene;
      expect(await whenBack(() => holder("settled").claim())).toEqual({ state: "settled", answer });
      expect((await holder("held").claim()).state).toBe("held");
      expect(await one.save({ note: error, forMs: hour })).toBe(true);
      expect((await records.get("held"))?.note).toBe(error);
      expect((await holder("").takeAny())?.key).toBe("due");
    });

    away("a verb that was rejected may be repeated under the same token", async (scene) => {
      const holder = await held(scene, "held");
      const newcomer = scene.holder("new");
      const claim = () => newcomer.claim();
      const save = () => holder.saveAs(1, { answer, work: event, forMs: hour });
      const bringBack = await scene.outage();
      expect(await Promise.all([claim(), save()].map(endOf))).toEqual(["rejected", "rejected"]);
      await bringBack();
      expect(await whenBack(claim)).toEqual({ state: "claimed", attempts: 1, note: null });
      expect(await whenBack(save)).toBe(true);
      expect(await scene.holder("held").claim()).toEqual({ state: "settled", answer });
    });

    away("a name whose opening was rejected was not opened, and opens", async ({ backend, outage }) => {
      const bringBack = await outage();
      const opening = backend.open("other");
      const end = await endOf(opening);
      expect(end === "neither").toBe(false);
      await bringBack();
      const other = await whenBack(() => (end === "resolved" ? opening : backend.open("other")));
      expect(await whenBack(() => other.get("key"))).toBe(undefined);
    });

    away("work goes on by itself", async (scene) => {
      const worker = bench(scene, 1);
      const stop = scene.records.work(worker);
      const one = await held(scene, "key");
      await one.save({ work: event, forMs: minute, held: false });
      await (
        await scene.outage()
      )();
      await whenBack(() => scene.records.get("key"));
      await scene.advance(2 * minute);
      await eventually(() => worker.got.length > 0);
      expect(worker.got.map(({ taken }) => taken.key)).toEqual(["key"]);
      await worker.got[0]?.finish();
      await stop();
    });
  });
}

/** How a promise ends in bounded time. */
function endOf(promise: Promise<unknown>): Promise<"resolved" | "rejected" | "neither"> {
  return new Promise((resolve) => {
    const cancel = systemClock.after(withinMs, () => resolve("neither"));
    const end = (how: "resolved" | "rejected") => () => {
      cancel();
      resolve(how);
    };
    promise.then(end("resolved"), end("rejected"));
  });
}

/** Asks until the engine answers, at most 5 s of real time. */
async function whenBack<Value>(ask: () => MaybePromise<Value>): Promise<Value> {
  for (let times = 0; times < 100; times += 1) {
    try {
      return await ask();
    } catch {
      await new Promise<void>((resolve) => void systemClock.after(50, resolve));
    }
  }
  return ask();
}
