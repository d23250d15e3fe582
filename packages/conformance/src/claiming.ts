/** Laws on `claim`: a delivery asks for its event. */
import type { Records } from "@answerback/core/backend";
import { holderOf } from "./holder.ts";
import { answer, error, event, released } from "./recipes.ts";
import { hour, minute, type Suite } from "./suite.ts";

export function claiming({ describe, law, lawWith, expect, expectMs }: Suite): void {
  /** Fifty claims at once for each of twenty keys, spread over the clients. */
  async function expectOneWinnerAKey(clients: readonly Records[]): Promise<void> {
    const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
    for (const key of keys) {
      const all = Array.from({ length: 50 }, (_, index) => {
        const client = clients[index % clients.length]!;
        return holderOf(client, key).claim();
      });
      const states = (await Promise.all(all)).map(({ state }) => state);
      expect(states.filter((state) => state === "claimed").length).toBe(1);
      expect(states.filter((state) => state === "held").length).toBe(49);
    }
  }

  describe("claim", () => {
    law(
      "the first claim wins, and the next is told how long the lease lasts",
      async ({ holder, advance }) => {
        expect(await holder("key", hour).claim()).toEqual({ state: "claimed", attempts: 1, note: null });
        await advance(20 * minute);
        const second = await holder("key").claim();
        expect(second.state).toBe("held");
        expectMs(second.state === "held" && second.forMs, 40 * minute);
      },
    );

    law("of fifty concurrent claims one wins", ({ records }) => expectOneWinnerAKey([records]));

    lawWith("second")("of fifty concurrent claims from two clients one wins", async ({ records, second }) => {
      const other = await second();
      await expectOneWinnerAKey([records, await other.open("receiver")]);
    });

    law("the loser of a claim holds nothing", async ({ holder, records }) => {
      await holder("key").claim();
      const loser = holder("key");
      await loser.claim();
      expect(await loser.save({ answer, forMs: hour })).toBe(false);
      expect((await records.get("key"))?.answer).toBe(null);
    });

    law(
      "the same token again is the same claim: it counts nothing and moves nothing",
      async ({ holder, advance, records }) => {
        const one = holder("key", hour);
        await one.claim();
        await advance(20 * minute);
        expect(await one.claim()).toEqual({ state: "claimed", attempts: 1, note: null });
        expectMs((await records.get("key"))?.forMs, 40 * minute);
      },
    );

    law("a claim repeated after its record was released does not hold it again", async (scene) => {
      const one = await released(scene, "key");
      await one.claim();
      expect((await scene.records.get("key"))?.state).toBe("free");
      expect((await scene.holder("key").claim()).state).toBe("claimed");
    });

    law("a lease that is not renewed ends at its deadline and not before", async (scene) => {
      await scene.holder("key", hour).claim();
      await scene.advanceToJustBefore(hour);
      expect((await scene.holder("key").claim()).state).toBe("held");
      await scene.advanceTheRest();
      expect(await scene.holder("key").claim()).toEqual({ state: "claimed", attempts: 2, note: null });
    });

    law("what was released is claimed at once, one attempt on and with its note", async (scene) => {
      await released(scene, "key");
      expect(await scene.holder("key").claim()).toEqual({ state: "claimed", attempts: 2, note: error });
    });

    law("attempts count on from what a save said", async ({ holder }) => {
      const one = holder("key");
      await one.claim();
      await one.save({ attempts: 7, forMs: 0 });
      expect(await holder("key").claim()).toEqual({ state: "claimed", attempts: 8, note: null });
    });

    law("what has work and no answer is never claimed", async ({ holder, advance }) => {
      const one = holder("key");
      await one.claim();
      await one.save({ work: event, forMs: hour });
      const early = await holder("key").claim();
      expectMs(early.state === "held" && early.forMs, hour);
      await advance(2 * hour);
      expect(await holder("key").claim()).toEqual({ state: "held", forMs: 0 });
    });
  });
}
