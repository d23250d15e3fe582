/** Laws on `due`: it lists due records and takes none of them. */
import { accepted, answer, dead, due, held, paused, released, settled, waiting } from "./recipes.ts";
import { hour, minute, month, type Scene, type Suite } from "./suite.ts";

export function dueWork({ describe, law, lawWith, offers, expect }: Suite): void {
  describe("due", () => {
    law("is there where it is offered, and nowhere else", async ({ records }) => {
      expect(typeof records.due).toBe(offers("due") ? "function" : "undefined");
    });

    const listed = lawWith("due");

    listed("lists what is due, longest first, as often as asked", async (scene) => {
      const delays = { second: 20 * minute, first: 10 * minute, third: 30 * minute, later: 4 * hour };
      for (const [key, forMs] of Object.entries(delays)) {
        const one = await accepted(scene, key);
        await one.save({ forMs, held: false });
      }
      await scene.advance(2 * hour);
      expect((await dueIn(scene, 10)).map(({ key }) => key)).toEqual(["first", "second", "third"]);
      expect((await dueIn(scene, 10)).map(({ key }) => key)).toEqual(["first", "second", "third"]);
      expect((await scene.holder("").takeAny())?.key).toBe("first");
      expect((await scene.records.get("second"))?.attempts).toBe(1);
    });

    listed("lists no more than it was asked for, those that have been due longest", async (scene) => {
      for (const key of ["a", "b", "c", "d"]) {
        await due(scene, key);
        await scene.advance(minute);
      }
      expect((await dueIn(scene, 3)).map(({ key }) => key)).toEqual(["a", "b", "c"]);
    });

    listed("says what kind of work each has", async (scene) => {
      await due(scene, "run");
      await scene.advance(minute);
      const one = scene.holder("post");
      await one.claim();
      await one.save({ answer, work: '"callback"', kind: "post", forMs: 0 });
      const kinds = (await dueIn(scene, 10)).map(({ key, kind }) => [key, kind]);
      expect(kinds).toEqual([
        ["run", "run"],
        ["post", "post"],
      ]);
    });

    listed("lists nothing that is not due", async (scene) => {
      await Promise.all(
        [held, released, accepted, waiting, paused, dead, settled].map((recipe, index) =>
          recipe(scene, `${index}`),
        ),
      );
      expect(await dueIn(scene, 10)).toEqual([]);
    });

    listed("never lists a dead letter, not even one whose time is over", async (scene) => {
      await dead(scene, "key");
      await scene.advance(2 * month);
      expect(await dueIn(scene, 10)).toEqual([]);
    });

    listed("since is the same while a record is due, and another when it is due again", async (scene) => {
      const sinces: string[] = [];
      const look = async () => sinces.push(...(await dueIn(scene, 10)).map(({ since }) => since));
      await due(scene, "key");
      await look();
      await scene.advance(minute);
      await look();
      await scene.holder("key").take();
      expect(await dueIn(scene, 10)).toEqual([]);
      await scene.advance(2 * minute);
      await look();
      const worker = scene.holder("key");
      await worker.take();
      await worker.save({ forMs: 0 });
      await look();
      expect(sinces.length).toBe(4);
      expect(sinces[1]).toBe(sinces[0]);
      expect(new Set(sinces).size).toBe(3);
    });
  });
}

/** A law that calls it is skipped where `due` is absent. */
function dueIn({ records }: Scene, limit: number) {
  return records.due!(limit);
}
