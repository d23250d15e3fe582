/** Laws on `work`: what is due comes to a worker by itself, until it stops. */
import { bench, eventually } from "./bench.ts";
import { holderOf } from "./holder.ts";
import { due, event } from "./recipes.ts";
import { minute, type Suite } from "./suite.ts";

export function working({ describe, law, expect }: Suite): void {
  describe("work", () => {
    law("hands out what was due before it began, held under the token given", async (scene) => {
      await due(scene, "key");
      const worker = bench(scene, 1);
      const stop = scene.records.work(worker);
      await eventually(() => worker.got.length > 0);
      expect(worker.got[0]?.taken.work).toBe(event);
      expect((await scene.records.get("key"))?.state).toBe("held");
      await worker.got[0]?.finish();
      expect((await scene.records.get("key"))?.work).toBe(null);
      await stop();
    });

    law("hands out what becomes due at once, and what becomes due later", async (scene) => {
      const worker = bench(scene, 2);
      const stop = scene.records.work(worker);
      await due(scene, "at once");
      await eventually(() => worker.got.length > 0);
      expect(worker.got.map(({ taken }) => taken.key)).toEqual(["at once"]);
      const later = scene.holder("later");
      await later.claim();
      await later.save({ work: event, forMs: minute, held: false });
      await scene.advance(2 * minute);
      await eventually(() => worker.got.length > 1);
      expect(worker.got.map(({ taken }) => taken.key)).toEqual(["at once", "later"]);
      for (const { finish } of worker.got) await finish();
      await stop();
    });

    law("never hands out more than there are slots, and each record once", async (scene) => {
      const keys = Array.from({ length: 7 }, (_, index) => `key ${index}`);
      for (const key of keys) await due(scene, key);
      const worker = bench(scene, 3);
      const stop = scene.records.work(worker);
      for (let done = 0; done < keys.length; done += 1) {
        const expected = Math.min(3, keys.length - done);
        await eventually(() => worker.inHand() >= expected);
        await scene.advance(3_000);
        expect(worker.inHand()).toBe(expected);
        await worker.got[done]?.finish();
      }
      await stop();
      expect(worker.got.map(({ taken }) => taken.key).toSorted()).toEqual(keys);
    });

    law("neither kind of work takes the other's slots", async (scene) => {
      for (const key of ["run 1", "run 2", "run 3"]) await due(scene, key);
      for (const key of ["post 1", "post 2"]) {
        const one = scene.holder(key);
        await one.claim();
        await one.save({ work: '"callback"', kind: "post", forMs: 0 });
      }
      const worker = bench(scene, { run: 2, post: 1 });
      const stop = scene.records.work(worker);
      const kinds = () => worker.got.map(({ taken }) => taken.kind).toSorted();
      await eventually(() => worker.inHand() >= 3);
      await scene.advance(3_000);
      expect(kinds()).toEqual(["post", "run", "run"]);
      await worker.got.find(({ taken }) => taken.kind === "post")?.finish();
      await eventually(() => worker.got.length > 3);
      expect(kinds()).toEqual(["post", "post", "run", "run"]);
      for (let at = 0; at < 5; at += 1) {
        await eventually(() => worker.got.length > at);
        await worker.got[at]?.finish();
      }
      await stop();
      expect(kinds()).toEqual(["post", "post", "run", "run", "run"]);
    });

    law("stop waits for what is in hand, and hands out nothing more", async (scene) => {
      await due(scene, "key");
      const worker = bench(scene, 2);
      const stop = scene.records.work(worker);
      await eventually(() => worker.got.length > 0);
      let stopped = false;
      const stopping = stop().then(() => (stopped = true));
      await scene.advance(3_000);
      expect(stopped).toBe(false);
      await worker.got[0]?.finish();
      await stopping;

      await due(scene, "later");
      await scene.advance(3_000);
      expect(worker.got.length).toBe(1);
      expect((await scene.holder("later").take())?.attempts).toBe(1);
    });

    law("stop may be called twice, and after closing", async (scene) => {
      const stop = scene.records.work(bench(scene, 1));
      await Promise.all([stop(), stop()]);
      await scene.records.close();
      await stop();
    });

    law("closing the records stops their work", async (scene) => {
      const worker = bench(scene, 1);
      scene.records.work(worker);
      await scene.records.close();
      const again = await scene.backend.open("receiver");
      const one = holderOf(again, "key");
      await one.claim();
      await one.save({ work: event, forMs: 0 });
      await scene.advance(3_000);
      expect(worker.got.length).toBe(0);
    });
  });
}
