/** Laws on `erase`: what a record says of its subject is gone, and that it was handled stays known. */
import type { Entry } from "@answerback/core/backend";
import { keysOf } from "./pages.ts";
import {
  about,
  accepted,
  answer,
  dead,
  due,
  error,
  event,
  held,
  kept,
  paused,
  released,
  settled,
  waiting,
} from "./recipes.ts";
import { day, hour, minute, month, type Suite } from "./suite.ts";

const erased = { answer: '{"status":204}', forMs: 2 * day };

export function erasing({ describe, law, expect, expectMs }: Suite): void {
  /** Expects nothing of the subject, and all the rest. */
  function expectErased(entry: Entry | undefined, before: Entry, forMs: number): void {
    const { forMs: left, ...rest } = entry!;
    expect(rest).toEqual({
      key: before.key,
      state: "settled",
      attempts: before.attempts,
      work: null,
      answer: erased.answer,
      note: null,
      kept: null,
      diedAt: null,
      arrivedAt: before.arrivedAt,
      name: about.name,
      id: null,
    });
    expectMs(left, forMs);
  }

  describe("erase", () => {
    for (const recipe of [due, waiting, paused, dead])
      law(`settles what is ${recipe.name}, for the time given`, async (scene) => {
        const holder = await recipe(scene, "key");
        const before = (await scene.records.get("key"))!;
        expect(await scene.records.erase("key", erased)).toBe(true);
        expectErased(await scene.records.get("key"), before, erased.forMs);
        expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer: erased.answer });
        expect(await holder.save({ work: event, note: error, forMs: 0 })).toBe(false);
        expect(await scene.holder("key").takeEarly()).toBe(undefined);
        await scene.advance(2 * month);
        expect(await scene.holder("").takeAny()).toBe(undefined);
        expect(await scene.records.get("key")).toBe(undefined);
      });

    law("gives an answer to work that had none", async (scene) => {
      const one = await held(scene, "key");
      await one.save({ work: event, forMs: 0 });
      expect(await scene.records.erase("key", erased)).toBe(true);
      expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer: erased.answer });
    });

    for (const recipe of [settled, kept])
      law(`leaves what is ${recipe.name} settled for as long as it was to be`, async (scene) => {
        const holder = await recipe(scene, "key");
        const before = (await scene.records.get("key"))!;
        await scene.advance(minute);
        expect(await scene.records.erase("key", erased)).toBe(true);
        expectErased(await scene.records.get("key"), before, day - minute);
        expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer: erased.answer });
        expect(await scene.holder("key").takeEarly()).toBe(undefined);
        expect(await holder.save({ note: error })).toBe(false);
        await scene.advance(day);
        expect(await scene.records.get("key")).toBe(undefined);
      });

    law(
      "leaves what is free to be claimed, without its note; its next claim gives it its id again",
      async (scene) => {
        const holder = await released(scene, "key");
        const { arrivedAt } = (await scene.records.get("key"))!;
        expect(await scene.records.erase("key", erased)).toBe(true);
        const entry = await scene.records.get("key");
        expect([entry?.state, entry?.answer, entry?.note, entry?.id]).toEqual(["free", null, null, null]);
        expect(entry?.arrivedAt).toBe(arrivedAt);
        expect(await holder.save({ note: error })).toBe(false);
        const next = scene.holder("key");
        expect(await next.claim(about)).toEqual({ state: "claimed", attempts: 2, note: null });
        expect((await scene.records.get("key"))?.id).toBe(about.id);
        expect(await keysOf(scene, { id: about.id! })).toEqual(["key"]);
      },
    );

    for (const recipe of [held, accepted])
      law(`leaves alone what is ${recipe.name}, and says so`, async (scene) => {
        const holder = await recipe(scene, "key");
        const before = await scene.records.get("key");
        expect(await scene.records.erase("key", erased)).toBe(false);
        expect({ ...(await scene.records.get("key")), forMs: 0 }).toEqual({ ...before, forMs: 0 });
        expect(await holder.save({ answer, work: null, forMs: day })).toBe(true);
        expect(await scene.records.erase("key", erased)).toBe(true);
      });

    law("of what is in a worker's hands erases nothing until the worker died", async (scene) => {
      await due(scene, "key");
      const worker = scene.holder("key", hour);
      await worker.take();
      expect(await scene.records.erase("key", erased)).toBe(false);
      await scene.advance(2 * hour);
      expect(await scene.records.erase("key", erased)).toBe(true);
      expect(await worker.save({ work: event, forMs: 0 })).toBe(false);
    });

    law("finds nothing left of what is not there, or was forgotten", async (scene) => {
      expect(await scene.records.erase("nobody's", erased)).toBe(true);
      expect(await scene.records.get("nobody's")).toBe(undefined);
      await settled(scene, "key");
      await scene.advance(2 * day);
      expect(await scene.records.erase("key", erased)).toBe(true);
      expect(await scene.records.get("key")).toBe(undefined);
      expect(await scene.holder("key").claim()).toEqual({ state: "claimed", attempts: 1, note: null });
    });

    law("may be repeated", async (scene) => {
      await dead(scene, "key");
      expect(await scene.records.erase("key", erased)).toBe(true);
      await scene.advance(day);
      expect(await scene.records.erase("key", erased)).toBe(true);
      expectMs((await scene.records.get("key"))?.forMs, day);
    });

    law("leaves the record in the lists, under its name and not under its id", async (scene) => {
      await dead(scene, "key");
      await dead(scene, "other");
      await scene.records.erase("key", erased);
      expect(await keysOf(scene, { id: about.id! })).toEqual(["other"]);
      expect((await keysOf(scene, { name: about.name! })).toSorted()).toEqual(["key", "other"]);
      expect(await keysOf(scene, { state: "dead" })).toEqual(["other"]);
      expect(await keysOf(scene, { state: "settled" })).toEqual(["key"]);
      expect(await scene.records.causes(10)).toEqual([{ note: error, name: about.name, count: 1 }]);
    });
  });
}
