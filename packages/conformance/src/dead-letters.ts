/** Laws on dead letters: listed from the newest on, page by page; retried, discarded. */
import type { Holder } from "./holder.ts";
import { allOf, keysOf, pagesOf } from "./pages.ts";
import { about, answer, dead, error, event, held } from "./recipes.ts";
import { day, minute, month, type Suite } from "./suite.ts";

export function deadLetters({ describe, law, expect, expectMs }: Suite): void {
  const theDead = { state: "dead" } as const;

  describe("dead letters", () => {
    law("are listed whole", async (scene) => {
      await dead(scene, "key");
      const [entry] = await allOf(scene, theDead);
      const { forMs, diedAt, arrivedAt, ...rest } = entry!;
      const letter = { attempts: 1, work: event, answer, note: error, kept: null };
      expect(rest).toEqual({ key: "key", state: "dead", ...about, ...letter });
      expectMs(forMs, month);
      expect([diedAt, arrivedAt].map(Number.isSafeInteger)).toEqual([true, true]);
    });

    law("a record without an answer is one as well", async (scene) => {
      const one = await held(scene, "key");
      await one.save({ work: event, kind: "dead", note: error, forMs: month });
      expect((await allOf(scene, theDead)).map((entry) => entry.answer)).toEqual([null]);
      expect((await scene.holder("key").claim()).state).toBe("held");
    });

    law("are listed from the newest on, whatever their keys are", async (scene) => {
      const keys = ["b", "c", "a"];
      for (const key of keys) {
        await dead(scene, key);
        await scene.advance(minute);
      }
      const entries = await allOf(scene, theDead);
      expect(entries.map(({ key }) => key)).toEqual(keys.toReversed());
      expect(entries[0]!.diedAt! - entries[1]!.diedAt!).toBeGreaterThanOrEqual(minute);
    });

    law("the newest is the one that died last, however long each is kept", async (scene) => {
      for (const [key, forMs] of Object.entries({ long: 300 * day, short: day, usual: month })) {
        const one = await held(scene, key);
        await one.save({ answer, work: event, kind: "dead", forMs });
        await scene.advance(minute);
      }
      expect(await keysOf(scene, theDead)).toEqual(["usual", "short", "long"]);
    });

    law(
      "come page by page, none twice and none left out, also of those that died in one ms",
      async (scene) => {
        const keys = ["B", "a", "b", "a-1", "a1", "Z", "_", "10", "9", "é", "\u{1F986}"];
        await Promise.all(keys.map((key) => dead(scene, key)));
        const pages = await pagesOf(scene, { ...theDead, limit: 4 });
        expect(pages.map((page) => page.length)).toEqual([4, 4, 3]);
        const all = pages.flat();
        expect(all.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
        const times = all.map(({ diedAt }) => diedAt!);
        expect(times).toEqual(times.toSorted((a, b) => b - a));
      },
    );

    law("a page goes on behind a letter that is dead no longer", async (scene) => {
      for (const key of ["a", "b", "c"]) {
        await dead(scene, key);
        await scene.advance(minute);
      }
      const { next } = await scene.records.list({ ...theDead, limit: 2 });
      const rest = { ...theDead, limit: 10, after: next! };
      const person = scene.holder("b");
      await person.takeEarly();
      expect((await scene.records.list(rest)).entries.map(({ key }) => key)).toEqual(["a"]);
      await person.save({ kind: "dead", forMs: month });
      expect((await scene.records.list(rest)).entries.map(({ key }) => key)).toEqual(["a"]);
    });

    law("one that dies again is the newest again", async (scene) => {
      await dead(scene, "again");
      await scene.advance(minute);
      await dead(scene, "once");
      await scene.advance(minute);
      const person = scene.holder("again");
      await person.takeEarly();
      await person.save({ kind: "dead", forMs: month });
      expect(await keysOf(scene, theDead)).toEqual(["again", "once"]);
    });

    law("a later change leaves the time of death, and ends it with the work", async (scene) => {
      const one = await dead(scene, "key");
      const died = (await scene.records.get("key"))?.diedAt;
      await scene.advance(minute);
      await one.save({ note: null, forMs: 2 * month });
      const [entry] = await allOf(scene, theDead);
      expect([entry?.diedAt, entry?.note]).toEqual([died, null]);
      expectMs(entry?.forMs, 2 * month);
      await one.save({ work: null, forMs: day });
      expect(await keysOf(scene, theDead)).toEqual([]);
      expect((await scene.records.get("key"))?.diedAt).toBe(null);
    });

    law("are never due", async (scene) => {
      await dead(scene, "key");
      await scene.advanceToJustBefore(month);
      expect(await scene.holder("").takeAny()).toBe(undefined);
      expect(await scene.holder("key").take()).toBe(undefined);
      for (const kind of ["run", "post"] as const)
        expect(await scene.records.take({ token: kind, sequence: 0, leaseMs: minute }, { kind })).toBe(
          undefined,
        );
    });

    law("one that is taken is off the list, and due again as a run if its taker dies", async (scene) => {
      const one = await held(scene, "key");
      await one.save({ answer, work: event, kind: "post", forMs: minute });
      await one.save({ kind: "dead", note: error, forMs: month });
      const taken = { key: "key", work: event, kind: "run", answer, note: error };
      expect(await scene.holder("key").takeEarly()).toEqual({ ...taken, attempts: 2 });
      expect(await keysOf(scene, theDead)).toEqual([]);
      await scene.advance(2 * minute);
      expect(await scene.holder("").takeAny()).toEqual({ ...taken, attempts: 3 });
    });

    law("one that is taken is kept, however long it would have been as a dead letter", async (scene) => {
      await dead(scene, "key");
      await scene.holder("key").takeEarly();
      await scene.advance(2 * month);
      expect((await scene.holder("").takeAny())?.work).toBe(event);
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
      expect(await keysOf(scene, theDead)).toEqual([]);
      expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer });
      await scene.advance(2 * day);
      expect(await scene.records.get("key")).toBe(undefined);
    });

    law("those that were forgotten do not shorten a page", async (scene) => {
      await dead(scene, "kept");
      for (const key of ["a", "b", "c"]) {
        const one = await held(scene, key);
        await one.save({ answer, work: event, kind: "dead", forMs: day });
      }
      await scene.advance(2 * day);
      const { entries } = await scene.records.list({ ...theDead, limit: 2 });
      expect(entries.map(({ key }) => key)).toEqual(["kept"]);
    });

    law("are found by name, by id and since when they are dead, and both at once", async (scene) => {
      const one = { name: '"one"', id: '"1"' };
      const other = { name: '"other"', id: '"2"' };
      const holders = new Map<string, Holder>();
      for (const [key, of] of Object.entries({ a: one, b: other, c: { ...one, id: '"2"' }, d: one })) {
        holders.set(key, await held(scene, key, of));
        await scene.advance(minute);
      }
      for (const key of ["d", "a", "b", "c"]) {
        await holders.get(key)?.save({ answer, work: event, kind: "dead", forMs: month });
        await scene.advance(minute);
      }
      expect(await keysOf(scene, theDead)).toEqual(["c", "b", "a", "d"]);
      expect(await keysOf(scene, { ...theDead, name: one.name })).toEqual(["c", "a", "d"]);
      expect(await keysOf(scene, { ...theDead, id: '"2"' })).toEqual(["c", "b"]);
      expect(await keysOf(scene, { ...theDead, ...one })).toEqual(["a", "d"]);
      const since = (await scene.records.get("a"))!.diedAt!;
      expect(await keysOf(scene, { ...theDead, since })).toEqual(["c", "b", "a"]);
      expect(await keysOf(scene, { ...theDead, since: since + 1, name: one.name })).toEqual(["c"]);
    });

    law("stand in the list of all by their arrival", async (scene) => {
      const first = await held(scene, "first");
      await scene.advance(minute);
      await held(scene, "second");
      await first.save({ answer, work: event, kind: "dead", forMs: month });
      expect(await keysOf(scene)).toEqual(["second", "first"]);
    });
  });
}
