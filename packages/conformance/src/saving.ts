/** Laws on `save`: what the holder writes is what is true from then on. */
import { about, accepted, answer, dead, error, event, held, settled } from "./recipes.ts";
import { day, hour, minute, type Suite } from "./suite.ts";

export function saving({ describe, law, expect, expectMs }: Suite): void {
  describe("save", () => {
    law("what a change does not name stays", async (scene) => {
      const one = await held(scene, "key");
      await one.save({ answer, work: event, note: error, attempts: 3, forMs: hour });
      await one.save({});
      const { forMs, arrivedAt: _, ...rest } = (await scene.records.get("key"))!;
      const saved = { answer, work: event, note: error, attempts: 3 };
      expect(rest).toEqual({ key: "key", state: "held", ...about, ...saved, diedAt: null, kept: null });
      expectMs(forMs, hour);
    });

    law("each field is replaced by itself", async (scene) => {
      const one = await accepted(scene, "key");
      await one.save({ answer: '"later"' });
      await one.save({ work: '"callback"' });
      await one.save({ note: '"later still"' });
      await one.save({ attempts: 0 });
      const { forMs: _, arrivedAt, ...rest } = (await scene.records.get("key"))!;
      const replaced = { answer: '"later"', work: '"callback"', note: '"later still"', attempts: 0 };
      expect(rest).toEqual({ key: "key", state: "held", ...about, ...replaced, diedAt: null, kept: null });
    });

    law("a note is taken back with null", async (scene) => {
      const one = await held(scene, "key");
      await one.save({ note: error });
      await one.save({ note: null, forMs: 0 });
      expect(await scene.holder("key").claim()).toEqual({ state: "claimed", attempts: 2, note: null });
    });

    law("a renewal moves the deadline", async (scene) => {
      const one = await held(scene, "key");
      await scene.advance(minute / 2);
      expect(await one.save({ forMs: hour })).toBe(true);
      await scene.advanceToJustBefore(hour);
      expect((await scene.holder("key").claim()).state).toBe("held");
      await scene.advanceTheRest();
      expect((await scene.holder("key").claim()).state).toBe("claimed");
    });

    law("a save without a time leaves the deadline where it is", async (scene) => {
      const one = await held(scene, "key");
      await one.save({ forMs: hour });
      await scene.advance(20 * minute);
      await one.save({ note: error });
      expectMs((await scene.records.get("key"))?.forMs, 40 * minute);
    });

    law("held: false gives the record up before its time", async (scene) => {
      const one = await accepted(scene, "key");
      expect((await scene.records.get("key"))?.state).toBe("held");
      await one.save({ forMs: hour, held: false });
      expect((await scene.records.get("key"))?.state).toBe("waiting");
      // a renewal that was still on its way moves the time, and takes nothing back
      await one.save({ forMs: 2 * hour });
      expect((await scene.records.get("key"))?.state).toBe("waiting");
      expect((await scene.holder("key").takeEarly())?.work).toBe(event);
    });

    law("the inline callback that was sent fully leaves a settled record", async (scene) => {
      const one = await accepted(scene, "key");
      await one.save({ work: null, forMs: day });
      await scene.advance(hour);
      expect(await scene.holder("", hour).takeAny()).toBe(undefined);
      expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer });
    });

    law("what was settled gets work again from who settled it", async (scene) => {
      const one = await settled(scene, "key");
      expect(await one.save({ work: event, attempts: 0, forMs: 0 })).toBe(true);
      expect(await scene.holder("").takeAny()).toEqual({
        key: "key",
        attempts: 1,
        work: event,
        kind: "run",
        answer,
        note: error,
      });
    });

    law("a dead letter comes back to life from who gave it up", async (scene) => {
      const one = await dead(scene, "key");
      expect(await one.save({ kind: "run", forMs: 0 })).toBe(true);
      expect((await scene.holder("").takeAny())?.key).toBe("key");
    });
  });
}
