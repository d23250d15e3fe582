/** Laws on dead letters: listed, paged, retried, discarded. */
import { answer, dead, error, event, held } from "./recipes.ts";
import { day, minute, type Suite } from "./suite.ts";

export function deadLetters({ describe, law, expect }: Suite): void {
  describe("dead letters", () => {
    law("are listed whole", async (scene) => {
      await dead(scene, "key");
      const entry = { key: "key", attempts: 1, work: event, answer, note: error, forMs: null, held: false };
      expect(await scene.records.dead({ limit: 10 })).toEqual([entry]);
    });

    law("a record without an answer is one as well", async (scene) => {
      const one = await held(scene, "key");
      await one.save({ work: event, note: error, forMs: null });
      expect((await scene.records.dead({ limit: 10 })).map((entry) => entry.answer)).toEqual([null]);
    });

    law("are paged in the order of their keys, byte by byte", async (scene) => {
      const keys = ["B", "a", "b", "a-1", "a1", "Z", "_", "10", "9"];
      for (const key of keys) await dead(scene, key);
      const pages: string[][] = [];
      for (let after: string | undefined; pages.length < 10; after = pages.at(-1)?.at(-1)) {
        const page = await scene.records.dead({ limit: 4, after });
        if (page.length === 0) break;
        pages.push(page.map(({ key }) => key));
      }
      expect(pages).toEqual([["10", "9", "B", "Z"], ["_", "a", "a-1", "a1"], ["b"]]);
    });

    law("a page goes on after a key that is dead no longer", async (scene) => {
      for (const key of ["a", "b", "c"]) await dead(scene, key);
      const person = scene.holder("b");
      await person.takeEarly();
      expect((await scene.records.dead({ limit: 10, after: "b" })).map(({ key }) => key)).toEqual(["c"]);
    });

    law("are never due", async (scene) => {
      await dead(scene, "key");
      await scene.advance(400 * day);
      expect(await scene.holder("").takeAny()).toBe(undefined);
      expect(await scene.holder("key").take()).toBe(undefined);
    });

    law("one that is taken is off the list, and due again if its taker dies", async (scene) => {
      await dead(scene, "key");
      expect(await scene.holder("key").takeEarly()).toEqual({
        key: "key",
        attempts: 2,
        work: event,
        kind: "run",
        answer,
        note: error,
      });
      expect(await scene.records.dead({ limit: 10 })).toEqual([]);
      await scene.advance(2 * minute);
      expect((await scene.holder("").takeAny())?.key).toBe("key");
    });

    law("of two people who take one, one gets it", async (scene) => {
      await dead(scene, "key");
      const both = await Promise.all([scene.holder("key").takeEarly(), scene.holder("key").takeEarly()]);
      expect(both.filter((taken) => taken !== undefined).length).toBe(1);
    });

    law("are retried from the first attempt", async (scene) => {
      await dead(scene, "key");
      const person = scene.holder("key");
      await person.takeEarly();
      await person.save({ forMs: 0, attempts: 0 });
      expect((await scene.holder("").takeAny())?.attempts).toBe(1);
    });

    law("are discarded, and answer their duplicates for a while yet", async (scene) => {
      await dead(scene, "key");
      const person = scene.holder("key");
      await person.takeEarly();
      await person.save({ work: null, forMs: day });
      expect(await scene.records.dead({ limit: 10 })).toEqual([]);
      expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer });
      await scene.advance(2 * day);
      expect(await scene.records.get("key")).toBe(undefined);
    });
  });
}
