/** Laws on retention: how long a record is kept, and what happens to it afterwards. */
import { keysOf } from "./pages.ts";
import { answer, dead, due, error, event, held, released, settled } from "./recipes.ts";
import { day, minute, month, type Suite } from "./suite.ts";

export function forgetting({ describe, law, expect }: Suite): void {
  describe("forgetting", () => {
    law("an answer is given until its retention ends and not after", async (scene) => {
      await settled(scene, "key");
      await scene.advanceToJustBefore(day);
      expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer });
      await scene.advanceTheRest();
      expect((await scene.holder("key").claim()).state).toBe("claimed");
    });

    law("what was forgotten starts afresh: first attempt, no note, no answer", async (scene) => {
      const one = await settled(scene, "key");
      await one.save({ attempts: 5 });
      await scene.advance(2 * day);
      expect(await scene.holder("key").claim()).toEqual({ state: "claimed", attempts: 1, note: null });
      expect((await scene.records.get("key"))?.answer).toBe(null);
      expect((await scene.records.get("key"))?.work).toBe(null);
    });

    law(
      "the holder that settled a record cannot save it once it was forgotten and claimed by another",
      async (scene) => {
        const stale = await settled(scene, "key");
        await scene.advance(2 * day);
        await held(scene, "key");
        expect(await stale.save({ answer, forMs: day })).toBe(false);
      },
    );

    law("asking does not prolong retention", async (scene) => {
      await settled(scene, "key");
      await scene.advance(day - minute);
      await scene.holder("key").claim();
      await scene.advance(minute);
      expect(await scene.records.get("key")).toBe(undefined);
    });

    law(
      "a free record keeps its note and its count for at least the longest retention given",
      async (scene) => {
        const other = await held(scene, "other");
        await other.save({ answer, work: null, forMs: 7 * day });
        await released(scene, "key");
        await scene.advance(6 * day);
        expect(await scene.holder("key").claim()).toEqual({ state: "claimed", attempts: 2, note: error });
      },
    );

    law("work is never forgotten, however long nobody works", async (scene) => {
      await due(scene, "key");
      await scene.advance(400 * day);
      expect((await scene.holder("").takeAny())?.key).toBe("key");
    });

    law("a dead letter is kept until its time, and answers until then", async (scene) => {
      await dead(scene, "key");
      await scene.advanceToJustBefore(month);
      expect(await keysOf(scene, { state: "dead" })).toEqual(["key"]);
      expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer });
      await scene.advanceTheRest();
      expect(await keysOf(scene, { state: "dead" })).toEqual([]);
      expect(await scene.holder("key").claim()).toEqual({ state: "claimed", attempts: 1, note: null });
      expect((await scene.records.get("key"))?.work).toBe(null);
    });

    law("a dead letter that was forgotten is no work, neither for workers nor for people", async (scene) => {
      const stale = await dead(scene, "key");
      await scene.advance(2 * month);
      expect(await scene.records.get("key")).toBe(undefined);
      expect(await scene.holder("").takeAny()).toBe(undefined);
      expect(await scene.holder("key").take()).toBe(undefined);
      expect(await scene.holder("key").takeEarly()).toBe(undefined);
      expect(await stale.save({ forMs: day })).toBe(false);
    });

    law("how long a dead letter is kept says nothing of how long a free record is", async (scene) => {
      const far = await held(scene, "far");
      await far.save({ answer, work: event, forMs: day });
      await far.save({ kind: "dead", note: error, forMs: 100 * 365 * day });
      await released(scene, "key");
      await scene.advance(6 * day);
      expect(await scene.holder("key").claim()).toEqual({ state: "claimed", attempts: 2, note: error });
    });
  });
}
