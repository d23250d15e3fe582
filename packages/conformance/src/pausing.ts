/** Laws on paused work: nobody does it, nothing ends it but a person or its holder. */
import { answer, error, event, held, paused } from "./recipes.ts";
import { hour, minute, month, type Suite } from "./suite.ts";

export function pausing({ describe, law, lawWith, expect, expectMs }: Suite): void {
  describe("paused work", () => {
    law("is taken by no worker, neither before its time nor after", async (scene) => {
      await paused(scene, "key");
      for (const ms of [0, hour]) {
        await scene.advance(ms);
        expect(await scene.holder("").takeAny()).toBe(undefined);
        expect(await scene.holder("key").take()).toBe(undefined);
        for (const kind of ["run", "post"] as const)
          expect(await scene.records.take({ token: kind, sequence: 0, leaseMs: minute }, { kind })).toBe(
            undefined,
          );
      }
    });

    lawWith("due")("is never listed as due", async (scene) => {
      await paused(scene, "key");
      await scene.advance(hour);
      expect(await scene.records.due!(10)).toEqual([]);
    });

    law("answers its duplicates, or keeps them waiting where there is no answer", async (scene) => {
      await paused(scene, "key");
      const one = await held(scene, "unanswered");
      await one.save({ work: event, kind: "paused", forMs: hour });
      await scene.advance(2 * hour);
      expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer });
      expect(await scene.holder("unanswered").claim()).toEqual({ state: "held", forMs: 0 });
    });

    law("is never forgotten", async (scene) => {
      await paused(scene, "key");
      await scene.advance(20 * month);
      expect((await scene.records.get("key"))?.state).toBe("paused");
      expect((await scene.holder("key").takeEarly())?.work).toBe(event);
    });

    law("taken early it is a run, counted and held for the lease", async (scene) => {
      await paused(scene, "key");
      const person = scene.holder("key", hour);
      const taken = { key: "key", attempts: 1, work: event, kind: "run", answer, note: error };
      expect(await person.takeEarly()).toEqual(taken);
      const entry = await scene.records.get("key");
      expect(entry?.state).toBe("held");
      expectMs(entry?.forMs, hour);
      expect(await person.save({ attempts: 0, forMs: 0 })).toBe(true);
      expect(await scene.holder("").takeAny()).toEqual(taken);
    });

    law("taken early it is due again if its taker dies, whatever kind of work it was", async (scene) => {
      const one = await held(scene, "key");
      await one.save({ answer, work: event, kind: "post" });
      await one.save({ kind: "paused" });
      await scene.holder("key").takeEarly();
      await scene.advance(hour);
      expect(await scene.holder("").takeAny()).toEqual({
        key: "key",
        attempts: 3,
        work: event,
        kind: "run",
        answer,
        note: null,
      });
    });

    law("of two people who take it, one gets it", async (scene) => {
      await paused(scene, "key");
      const both = await Promise.all([scene.holder("key").takeEarly(), scene.holder("key").takeEarly()]);
      expect(both.filter((taken) => taken !== undefined).length).toBe(1);
    });

    law(
      "goes on when whoever paused it gives it another kind, and stays with any other change",
      async (scene) => {
        const one = await paused(scene, "key");
        await one.save({ note: null, forMs: 0 });
        expect((await scene.records.get("key"))?.state).toBe("paused");
        await one.save({ kind: "post" });
        const worker = { token: "worker", sequence: 0, leaseMs: minute };
        expect((await scene.records.take(worker, { kind: "post" }))?.work).toBe(event);
      },
    );

    law("what was dead can be paused, and what is paused can die", async (scene) => {
      const one = await paused(scene, "key");
      await one.save({ kind: "dead", forMs: month });
      expect((await scene.records.get("key"))?.state).toBe("dead");
      await one.save({ kind: "paused" });
      const entry = await scene.records.get("key");
      expect([entry?.state, entry?.diedAt]).toEqual(["paused", null]);
      await scene.advance(2 * month);
      expect((await scene.records.get("key"))?.state).toBe("paused");
    });
  });
}
