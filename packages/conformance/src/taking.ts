/** Laws on `take`: a worker asks for what is due. */
import type { Holder } from "./holder.ts";
import {
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
import { day, hour, minute, type Scene, type Suite } from "./suite.ts";

export function taking({ describe, law, expect, expectMs }: Suite): void {
  describe("take", () => {
    law("hands over all that a worker needs, counts the attempt and holds for the lease", async (scene) => {
      const one = await due(scene, "key");
      await one.save({ note: error });
      const taken = await scene.holder("", hour).takeAny();
      expect(taken).toEqual({ key: "key", attempts: 1, work: event, kind: "run", answer, note: error });
      const entry = await scene.records.get("key");
      expect(entry?.state).toBe("held");
      expectMs(entry?.forMs, hour);
    });

    law("finds nothing where nothing is due", async (scene) => {
      await Promise.all(
        [held, released, accepted, waiting, paused, dead, settled].map((recipe, index) =>
          recipe(scene, `${index}`),
        ),
      );
      expect(await scene.holder("").takeAny()).toBe(undefined);
    });

    law("takes first what has been due longest", async (scene) => {
      const delays = {
        second: 20 * minute,
        fourth: 40 * minute,
        first: 10 * minute,
        third: 30 * minute,
        later: 4 * hour,
      };
      for (const [key, forMs] of Object.entries(delays)) {
        const one = await accepted(scene, key);
        await one.save({ forMs, held: false });
      }
      await scene.advance(2 * hour);
      expect(await takeEveryDue(scene)).toEqual(["first", "second", "third", "fourth"]);
    });

    law("a record whose time was moved is taken in its new place", async (scene) => {
      const one = await accepted(scene, "one");
      await one.save({ forMs: 10 * minute, held: false });
      const two = await accepted(scene, "two");
      await two.save({ forMs: 20 * minute, held: false });
      await one.save({ forMs: 30 * minute });
      await scene.advance(hour);
      expect(await takeEveryDue(scene)).toEqual(["two", "one"]);
    });

    law("the order holds among many, with others moved and settled in between", async (scene) => {
      const minutes = Array.from({ length: 60 }, (_, index) => 1 + ((index * 37) % 61));
      const holders = new Map<number, Holder>();
      for (const at of minutes) {
        const one = await accepted(scene, `${at}`);
        await one.save({ forMs: 2 * hour - at * minute, held: false });
        holders.set(at, one);
      }
      for (const at of minutes) await holders.get(at)?.save({ forMs: at * minute });
      for (const at of minutes.filter((_, index) => index % 3 === 0)) {
        await holders.get(at)?.save({ work: null, forMs: day });
      }
      await scene.advance(3 * hour);
      const expected = minutes.filter((_, index) => index % 3 !== 0).toSorted((a, b) => a - b);
      expect(await takeEveryDue(scene)).toEqual(expected.map(String));
    });

    law("work is due at its time and not before", async (scene) => {
      const one = await accepted(scene, "key");
      await one.save({ forMs: hour, held: false });
      await scene.advanceToJustBefore(hour);
      expect(await scene.holder("").takeAny()).toBe(undefined);
      expect(await scene.holder("key").take()).toBe(undefined);
      await scene.advanceTheRest();
      expect((await scene.holder("").takeAny())?.key).toBe("key");
    });

    law("the work of a worker that died is due again when its lease ends, one attempt on", async (scene) => {
      await due(scene, "key");
      await scene.holder("", hour).takeAny();
      await scene.advanceToJustBefore(hour);
      expect(await scene.holder("").takeAny()).toBe(undefined);
      await scene.advanceTheRest();
      expect((await scene.holder("").takeAny())?.attempts).toBe(2);
    });

    law("by key: that record if it is due, whatever else is", async (scene) => {
      await due(scene, "other");
      await scene.advance(minute);
      await due(scene, "key");
      expect((await scene.holder("key").take())?.key).toBe("key");
      expect(await scene.holder("key").take()).toBe(undefined);
      expect(await scene.holder("nobody's").take()).toBe(undefined);
      expect((await scene.holder("").takeAny())?.key).toBe("other");
    });

    law(
      "by key and early, where it is just that: only what is dead, is paused, waits, or is kept",
      async (scene) => {
        const recipes = { dead, paused, waiting, kept, due, settled, held, released, accepted };
        for (const [key, recipe] of Object.entries(recipes)) await recipe(scene, key);
        const take = (key: string, early: "dead" | "paused" | "waiting" | "settled") => {
          const lease = { token: `${key} ${early}`, sequence: 0, leaseMs: minute };
          return Promise.resolve(scene.records.take(lease, { key, early }));
        };
        const meant = { dead: "dead", paused: "paused", waiting: "waiting", settled: "kept" } as const;
        for (const early of ["dead", "paused", "waiting", "settled"] as const) {
          const others = Object.keys(recipes).filter((key) => key !== meant[early]);
          for (const key of others)
            expect([key, early, await take(key, early)]).toEqual([key, early, undefined]);
        }
        for (const early of ["dead", "paused", "waiting", "settled"] as const) {
          const { work, kind } = (await take(meant[early], early))!;
          expect([early, work, kind]).toEqual([early, event, "run"]);
        }
        expect(await take("dead", "dead")).toBe(undefined);
      },
    );

    law("of one kind: only work of that kind, and any without one", async (scene) => {
      const { records, holder } = scene;
      const take = (kind?: "run" | "post") =>
        Promise.resolve(records.take({ token: `any ${kind}`, sequence: 0, leaseMs: minute }, { kind }));
      await due(scene, "run");
      expect(await take("post")).toBe(undefined);
      await scene.advance(minute);
      const one = holder("post");
      await one.claim();
      await one.save({ answer, work: '"callback"', kind: "post", forMs: 0 });
      expect(await take("post")).toEqual({
        key: "post",
        attempts: 2,
        work: '"callback"',
        kind: "post",
        answer,
        note: null,
      });
      expect(await take("post")).toBe(undefined);
      expect((await take())?.key).toBe("run");
    });

    law(
      "a change of the work alone is a run again, and a change without work keeps the kind",
      async (scene) => {
        const { records, holder } = scene;
        const one = holder("key");
        await one.claim();
        await one.save({ answer, work: '"callback"', kind: "post", forMs: 0 });
        await one.save({ note: error });
        const lease = { token: "worker", sequence: 0, leaseMs: minute };
        expect((await records.take(lease, { kind: "post" }))?.kind).toBe("post");
        await records.save("key", { ...lease, sequence: 1 }, { work: event, forMs: 0 });
        expect((await holder("").takeAny())?.kind).toBe("run");
      },
    );

    law("what is saved back as due is taken again", async (scene) => {
      await due(scene, "key");
      const worker = scene.holder("");
      await worker.takeAny();
      await worker.save({ forMs: 0, attempts: 0 });
      expect((await scene.holder("").takeAny())?.attempts).toBe(1);
    });

    law("of fifty concurrent takes each record goes to one", async (scene) => {
      const keys = Array.from({ length: 10 }, (_, index) => `key ${index}`);
      for (const key of keys) await due(scene, key);
      const all = await Promise.all(Array.from({ length: 50 }, () => scene.holder("").takeAny()));
      const taken = all.flatMap((one) => one?.key ?? []);
      // a take that skips records locked by another may come back with nothing: a second look finds the rest
      expect([...taken, ...(await takeEveryDue(scene))].toSorted()).toEqual(keys);
    });
  });
}

async function takeEveryDue({ holder }: Scene): Promise<string[]> {
  const keys: string[] = [];
  for (let next = await holder("").takeAny(); next; next = await holder("").takeAny()) keys.push(next.key);
  return keys;
}
