/** Laws for durable backends: what was saved is there for the next process. */
import type { Records } from "@answerback/core/backend";
import { holderOf } from "./holder.ts";
import { allOf } from "./pages.ts";
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

export function reopening({ describe, lawWith, expect, expectMs }: Suite): void {
  const durable = lawWith("reopen");

  describe("after reopening", () => {
    durable("the backend says that it is durable", async ({ backend }) => {
      expect(backend.durable).toBe(true);
    });

    durable("a settled event is answered, until its retention ends", async (scene) => {
      await settled(scene, "key");
      const records = await reopened(scene);
      expect(await holderOf(records, "key").claim()).toEqual({ state: "settled", answer });
      await scene.advance(2 * day);
      expect((await holderOf(records, "key").claim()).state).toBe("claimed");
    });

    durable("a record is held until its lease ends, and its token still saves", async (scene) => {
      const one = scene.holder("key", hour);
      await one.claim();
      const records = await reopened(scene);
      expectMs((await records.get("key"))?.forMs, hour);
      expect((await holderOf(records, "key").claim()).state).toBe("held");
      const lease = (sequence: number) => ({ token: one.token, sequence, leaseMs: hour });
      expect(await records.save("key", lease(1), { note: error, forMs: 0 })).toBe(true);
      expect(await holderOf(records, "key").claim()).toEqual({
        state: "claimed",
        attempts: 2,
        note: error,
      });
    });

    durable("numbers are remembered: a repeat is a repeat, a late save is late", async (scene) => {
      const one = scene.holder("key");
      await one.claim();
      await one.saveAs(4, { answer, work: null, forMs: day });
      const records = await reopened(scene);
      const lease = (sequence: number) => ({ token: one.token, sequence, leaseMs: minute });
      expect(await records.save("key", lease(4), { answer: '"late"' })).toBe(true);
      expect(await records.save("key", lease(3), { answer: '"late"' })).toBe(false);
      expect((await records.get("key"))?.answer).toBe(answer);
    });

    durable("what was free keeps its note and its count", async (scene) => {
      await released(scene, "key");
      const records = await reopened(scene);
      expect(await holderOf(records, "key").claim()).toEqual({
        state: "claimed",
        attempts: 2,
        note: error,
      });
    });

    durable("work is due, waits or is held as before", async (scene) => {
      await due(scene, "due");
      await waiting(scene, "waiting");
      await accepted(scene, "accepted");
      const records = await reopened(scene);
      const worker = holderOf(records, "", day);
      expect(await worker.takeAny()).toEqual({
        key: "due",
        attempts: 1,
        work: event,
        kind: "run",
        answer,
        note: null,
      });
      expect(await holderOf(records, "", day).takeAny()).toBe(undefined);
      await scene.advance(2 * minute);
      expect((await holderOf(records, "", day).takeAny())?.key).toBe("accepted");
      await scene.advance(hour);
      expect((await holderOf(records, "", day).takeAny())?.key).toBe("waiting");
    });

    durable("dead letters are listed", async (scene) => {
      await dead(scene, "a");
      await scene.advance(minute);
      await dead(scene, "b");
      const before = await allOf(scene, { state: "dead" });
      const after = await allOf({ records: await reopened(scene) }, { state: "dead" });
      expect(after.map(({ key, note }) => [key, note])).toEqual([
        ["b", error],
        ["a", error],
      ]);
      expect(after.map(({ diedAt }) => diedAt)).toEqual(before.map(({ diedAt }) => diedAt));
    });

    durable("records are listed with their names, ids and arrivals", async (scene) => {
      await settled(scene, "a", { name: '"order.insert"', id: null });
      await scene.advance(minute);
      await paused(scene, "b", { name: null, id: '"4711"' });
      const before = await allOf(scene);
      const after = await allOf({ records: await reopened(scene) });
      expect(after.map(({ key, name, id }) => [key, name, id])).toEqual([
        ["b", null, '"4711"'],
        ["a", '"order.insert"', null],
      ]);
      expect(after.map(({ arrivedAt }) => arrivedAt)).toEqual(before.map(({ arrivedAt }) => arrivedAt));
    });

    durable("what is paused is paused, and what is kept is kept for its time", async (scene) => {
      await paused(scene, "paused");
      await kept(scene, "kept");
      const records = await reopened(scene);
      expect((await records.get("paused"))?.state).toBe("paused");
      expect((await records.get("kept"))?.kept).toBe(event);
      await scene.advance(hour);
      expect((await records.get("kept"))?.kept).toBe(null);
    });

    durable("a claim that was acknowledged was not lost", async (scene) => {
      await held(scene, "key");
      const records = await reopened(scene);
      expect((await records.get("key"))?.state).toBe("held");
    });
  });
}

/** The records of a client that opens the store after the first. */
async function reopened(scene: Scene): Promise<Records> {
  const backend = await scene.reopen();
  return backend.open("receiver");
}
