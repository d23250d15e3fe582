/** Laws on kept events: what was handled can be looked at, and done again, for a time of its own. */
import { answer, error, event, held, kept, settled } from "./recipes.ts";
import { day, hour, minute, type Suite } from "./suite.ts";

export function keeping({ describe, law, expect, expectMs }: Suite): void {
  describe("a kept event", () => {
    law("is shown until its time ends and not after", async (scene) => {
      await kept(scene, "key");
      await scene.advanceToJustBefore(hour);
      expect((await scene.records.get("key"))?.kept).toBe(event);
      await scene.advanceTheRest();
      const entry = await scene.records.get("key");
      expect([entry?.state, entry?.kept]).toEqual(["settled", null]);
      expect((await scene.records.list({ limit: 10 })).entries.map((one) => one.kept)).toEqual([null]);
    });

    law("is taken early as a run, counted and held for the lease", async (scene) => {
      await kept(scene, "key");
      const taken = { key: "key", attempts: 2, work: event, kind: "run", answer, note: error };
      expect(await scene.holder("key", hour).takeEarly()).toEqual(taken);
      const entry = await scene.records.get("key");
      expect([entry?.state, entry?.work]).toEqual(["held", event]);
      expectMs(entry?.forMs, hour);
    });

    law("is taken early until its time ends and not after", async (scene) => {
      await kept(scene, "early");
      await kept(scene, "late");
      await scene.advanceToJustBefore(hour);
      expect((await scene.holder("early").takeEarly())?.work).toBe(event);
      await scene.advanceTheRest();
      expect(await scene.holder("late").takeEarly()).toBe(undefined);
    });

    law("is due again as a run if its taker dies, also when its time is past by then", async (scene) => {
      const one = await held(scene, "key");
      await one.save({ answer, work: '"callback"', kind: "post", kept: event, keptForMs: hour });
      await one.save({ work: null, forMs: day });
      await scene.holder("key").takeEarly();
      await scene.advance(2 * day);
      const taken = { key: "key", attempts: 3, work: event, kind: "run", answer, note: null };
      expect(await scene.holder("").takeAny()).toEqual(taken);
    });

    law("is no work by itself: no worker takes it, and duplicates get the answer", async (scene) => {
      await kept(scene, "key");
      expect(await scene.holder("").takeAny()).toBe(undefined);
      expect(await scene.holder("key").take()).toBe(undefined);
      expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer });
    });

    law("stays for its time while it is done again, and after", async (scene) => {
      await kept(scene, "key");
      const person = scene.holder("key");
      await person.takeEarly();
      expect((await scene.records.get("key"))?.kept).toBe(event);
      await person.save({ work: null, forMs: day });
      expect((await scene.records.get("key"))?.kept).toBe(event);
      expect((await scene.holder("key").takeEarly())?.attempts).toBe(3);
    });

    law("of two people who take it, one gets it", async (scene) => {
      await kept(scene, "key");
      const both = await Promise.all([scene.holder("key").takeEarly(), scene.holder("key").takeEarly()]);
      expect(both.filter((taken) => taken !== undefined).length).toBe(1);
    });

    law("of a record with work left waits behind that work", async (scene) => {
      const one = await held(scene, "key");
      await one.save({
        answer,
        work: '"callback"',
        kind: "post",
        forMs: minute,
        kept: event,
        keptForMs: day,
      });
      await one.save({ held: false });
      expect((await scene.records.get("key"))?.kept).toBe(event);
      expect(await scene.holder("key").takeEarly()).toEqual({
        key: "key",
        attempts: 2,
        work: '"callback"',
        kind: "post",
        answer,
        note: null,
      });
    });

    law("ends with its record, however long it was to be kept", async (scene) => {
      const one = await settled(scene, "key");
      await one.save({ kept: event, keptForMs: 30 * day });
      await scene.advance(2 * day);
      expect(await scene.records.get("key")).toBe(undefined);
      expect(await scene.holder("key").takeEarly()).toBe(undefined);
      const next = await held(scene, "key");
      expect((await scene.records.get("key"))?.kept).toBe(null);
      await next.save({ answer, work: null, forMs: day });
      expect(await scene.holder("key").takeEarly()).toBe(undefined);
    });

    law("is replaced by the next, kept by other changes, and ended by null", async (scene) => {
      const one = await kept(scene, "key");
      await one.save({ note: null, forMs: 2 * day });
      expect((await scene.records.get("key"))?.kept).toBe(event);
      await one.save({ kept: '"next"', keptForMs: 2 * hour });
      await scene.advance(1.5 * hour);
      expect((await scene.records.get("key"))?.kept).toBe('"next"');
      await one.save({ kept: null });
      expect((await scene.records.get("key"))?.kept).toBe(null);
      expect(await scene.holder("key").takeEarly()).toBe(undefined);
    });
  });
}
