/** Laws on who may save: the holder that won last, in the order of its sequence numbers. */
import { accepted, answer, due, error, event, held, released, settled, waiting } from "./recipes.ts";
import { day, hour, minute, type Suite } from "./suite.ts";

export function fencing({ describe, law, expect, expectMs }: Suite): void {
  const late = { answer: '"late"', work: '"late"', note: '"late"', attempts: 9, forMs: 0 };

  describe("fencing", () => {
    law(
      "the same number again is a repeat: true, and nothing moves",
      async ({ holder, records, advance }) => {
        const one = holder("key");
        await one.claim();
        await one.saveAs(1, { note: error, forMs: hour });
        await advance(20 * minute);
        expect(await one.saveAs(1, { note: error, forMs: hour })).toBe(true);
        expect(await one.saveAs(1, late)).toBe(true);
        const { forMs, ...rest } = (await records.get("key"))!;
        const none = { answer: null, work: null, kept: null, diedAt: null };
        const unlisted = { name: null, id: null, arrivedAt: null };
        expect(rest).toEqual({ key: "key", state: "held", ...none, ...unlisted, note: error, attempts: 1 });
        expectMs(forMs, 40 * minute);
      },
    );

    law("the save that settled may be repeated", async ({ holder, records }) => {
      const one = holder("key");
      await one.claim();
      await one.saveAs(1, { answer, work: null, forMs: day });
      expect(await one.saveAs(1, { answer, work: null, forMs: day })).toBe(true);
      expect((await records.get("key"))?.answer).toBe(answer);
    });

    law("an older save that arrives late changes nothing", async ({ holder, records }) => {
      const one = holder("key");
      await one.claim();
      await one.saveAs(1, { note: error });
      await one.saveAs(2, { answer, work: null, forMs: day });
      const before = await records.get("key");
      expect(await one.saveAs(1, late)).toBe(false);
      expect({ ...(await records.get("key")), forMs: 0 }).toEqual({ ...before, forMs: 0 });
    });

    law("numbers may be left out, and one that was left out is too late", async ({ holder, records }) => {
      const one = holder("key");
      await one.claim();
      expect(await one.saveAs(5, { note: error })).toBe(true);
      expect(await one.saveAs(3, late)).toBe(false);
      expect(await one.saveAs(12, { attempts: 4 })).toBe(true);
      expect(await one.saveAs(9, late)).toBe(false);
      expect((await records.get("key"))?.attempts).toBe(4);
    });

    law("each lease counts its saves from the start", async (scene) => {
      const one = await held(scene, "key");
      await one.saveAs(7, { forMs: 0 });
      const two = await held(scene, "key");
      expect(await two.saveAs(1, { note: error })).toBe(true);
    });

    law("a holder whose lease ended may still save while no other won", async (scene) => {
      const one = await held(scene, "key");
      await scene.advance(hour);
      expect(await one.save({ forMs: hour })).toBe(true);
      expect((await scene.holder("key").claim()).state).toBe("held");
    });

    law("a holder whose record was claimed by another can do nothing", async (scene) => {
      const stale = await released(scene, "key");
      await held(scene, "key");
      const before = await scene.records.get("key");
      expect(await stale.save(late)).toBe(false);
      expect({ ...(await scene.records.get("key")), forMs: 0 }).toEqual({ ...before, forMs: 0 });
    });

    law("a holder whose work was taken by another can do nothing", async (scene) => {
      const stale = await accepted(scene, "key");
      await scene.advance(hour);
      const worker = scene.holder("key");
      expect((await worker.takeAny())?.key).toBe("key");
      expect(await stale.save(late)).toBe(false);
      expect(await worker.save({ work: null, forMs: day })).toBe(true);
      expect(await stale.save(late)).toBe(false);
      expect(await scene.holder("key").claim()).toEqual({ state: "settled", answer });
    });

    law("a holder that was overtaken by a person can do nothing", async (scene) => {
      const stale = await waiting(scene, "key");
      await scene.holder("key").takeEarly();
      expect(await stale.save(late)).toBe(false);
    });

    law("a claim or take that won nothing fences nobody off", async (scene) => {
      const one = await held(scene, "key");
      await scene.holder("key").claim();
      await scene.holder("key").take();
      await scene.holder("key").takeEarly();
      expect(await one.save({ forMs: hour })).toBe(true);
    });

    law("one token may hold two records, each with numbers of its own", async ({ holder, records }) => {
      const { token } = holder("");
      const lease = (sequence: number) => ({ token, sequence, leaseMs: minute });
      await records.claim("one", lease(0));
      await records.claim("two", lease(0));
      expect(await records.save("one", lease(3), { note: error })).toBe(true);
      expect(await records.save("two", lease(1), { note: error })).toBe(true);
    });

    law("what does not exist cannot be saved", async ({ holder, records }) => {
      expect(await holder("key").save(late)).toBe(false);
      expect(await records.get("key")).toBe(undefined);
      expect(await holder("key").claim()).toEqual({ state: "claimed", attempts: 1, note: null });
    });

    law("what was forgotten cannot be saved", async (scene) => {
      const one = await settled(scene, "key");
      await scene.advance(2 * day);
      expect(await one.save({ work: event, forMs: 0 })).toBe(false);
      expect(await scene.holder("").takeAny()).toBe(undefined);
    });

    law("a token that never won cannot save the work that another took", async (scene) => {
      await due(scene, "key");
      const worker = scene.holder("key");
      await worker.take();
      const stranger = scene.holder("key");
      expect(await stranger.save(late)).toBe(false);
      expect(await worker.save({ forMs: 0 })).toBe(true);
    });
  });
}
