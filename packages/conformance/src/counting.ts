/** Laws on `stats` and `causes`: how many records there are, and why the dead ones died. */
import { about, answer, dead, due, event, everyState, held, settled } from "./recipes.ts";
import { day, hour, minute, type Suite } from "./suite.ts";

const none = { held: 0, free: 0, due: 0, waiting: 0, paused: 0, dead: 0, settled: 0 };

export function counting({ describe, law, expect, driftMs }: Suite): void {
  describe("stats", () => {
    law("are zeros where there is nothing", async ({ records }) => {
      expect(await records.stats(10)).toEqual({ counts: none, dueForMs: 0 });
    });

    law("count the records of each state", async (scene) => {
      await everyState(scene);
      const counts = { held: 3, free: 2, due: 3, waiting: 3, paused: 1, dead: 1, settled: 2 };
      expect((await scene.records.stats(100)).counts).toEqual(counts);
    });

    law("count what is listed alone", async (scene) => {
      for (const key of ["held", "settled", "dead"]) {
        const one = scene.holder(key);
        await one.claim();
        if (key !== "held") await one.save({ answer, work: event, kind: "dead", forMs: day });
        if (key === "settled") await one.save({ work: null, forMs: day });
      }
      expect((await scene.records.stats(10)).counts).toEqual(none);
    });

    law("count no further than asked", async (scene) => {
      for (const at of [0, 1, 2]) {
        await settled(scene, `settled ${at}`);
        await due(scene, `due ${at}`);
        await dead(scene, `dead ${at}`);
      }
      expect((await scene.records.stats(2)).counts).toEqual({ ...none, settled: 2, due: 2, dead: 2 });
      expect((await scene.records.stats(3)).counts).toEqual({ ...none, settled: 3, due: 3, dead: 3 });
    });

    law("say how long what has been due longest has been due, of either kind of work", async (scene) => {
      const delays = { run: 30 * minute, post: 10 * minute } as const;
      for (const kind of ["run", "post"] as const) {
        const one = await held(scene, kind);
        await one.save({ answer, work: event, kind, forMs: delays[kind] });
      }
      expect((await scene.records.stats(10)).dueForMs).toBe(0);
      await scene.advance(hour);
      const longest = async () => (await scene.records.stats(10)).dueForMs;
      expectAbout(await longest(), 50 * minute);
      await scene.holder("post", day).take();
      expectAbout(await longest(), 30 * minute);
      await scene.holder("run", day).take();
      expect(await longest()).toBe(0);
    });

    /** At least that many ms, and no more than the clock may have run on since. */
    function expectAbout(actual: number, ms: number): void {
      expect(actual).toBeGreaterThanOrEqual(ms);
      expect(actual).toBeLessThanOrEqual(ms + driftMs);
    }
  });

  describe("causes", () => {
    law("are the notes of dead letters with their names, the most frequent first", async (scene) => {
      const letters = [
        ["a", '"timeout"', '"one"'],
        ["b", '"timeout"', '"one"'],
        ["c", '"timeout"', '"one"'],
        ["d", '"refused"', '"one"'],
        ["e", '"refused"', '"one"'],
        ["f", null, null],
      ] as const;
      for (const [key, note, name] of letters) {
        const one = await held(scene, key, { name, id: null });
        await one.save({ answer, work: event, kind: "dead", note, forMs: day });
      }
      await settled(scene, "settled");
      await scene.advance(minute);
      expect(await scene.records.causes(100)).toEqual([
        { note: '"timeout"', name: '"one"', count: 3 },
        { note: '"refused"', name: '"one"', count: 2 },
        { note: null, name: null, count: 1 },
      ]);
    });

    law("are told apart by the name and to the character", async (scene) => {
      for (const [at, note] of ['"a"', '"A"', '"a "'].entries()) {
        for (const name of ['"one"', '"One"']) {
          const one = await held(scene, `${at} ${name}`, { name, id: null });
          await one.save({ answer, work: event, kind: "dead", note, forMs: day });
        }
      }
      const causes = await scene.records.causes(100);
      expect(causes.map(({ count }) => count)).toEqual([1, 1, 1, 1, 1, 1]);
    });

    law("look at the newest so many, of those that are listed and not forgotten", async (scene) => {
      const bury = async (key: string, note: string, forMs: number) => {
        const one = await held(scene, key);
        await one.save({ answer, work: event, kind: "dead", note, forMs });
        await scene.advance(minute);
      };
      await bury("old", '"old"', 9 * day);
      await bury("older than that", '"old"', 9 * day);
      await bury("new", '"new"', 9 * day);
      await bury("forgotten", '"new"', minute);
      const unlisted = scene.holder("unlisted");
      await unlisted.claim();
      await unlisted.save({ answer, work: event, kind: "dead", note: '"new"', forMs: day });
      expect(await scene.records.causes(1)).toEqual([{ note: '"new"', name: about.name, count: 1 }]);
      expect(await scene.records.causes(3)).toEqual([
        { note: '"old"', name: about.name, count: 2 },
        { note: '"new"', name: about.name, count: 1 },
      ]);
    });
  });
}
