/** Laws on names: a name is open once at a time, two names share nothing, closing frees the name. */
import { holderOf } from "./holder.ts";
import { about, answer, event } from "./recipes.ts";
import { day, type Suite } from "./suite.ts";

export function opening({ describe, law, lawWith, offers, expect }: Suite): void {
  describe("receivers", () => {
    law("are told where it is offered, and nowhere else", async ({ backend }) => {
      expect(typeof backend.receivers).toBe(offers("receivers") ? "function" : "undefined");
    });

    lawWith("receivers")(
      "are those that have records, in the order of their names, open or closed",
      async ({ backend, records }) => {
        await holderOf(records, "key").claim();
        for (const name of ["b", "a:b", 'the "third"', "10", "9"]) {
          const other = await backend.open(name);
          await holderOf(other, "key").claim();
          await other.close();
        }
        expect(await backend.receivers!()).toEqual(["10", "9", "a:b", "b", "receiver", 'the "third"']);
      },
    );
  });

  describe("opening and closing", () => {
    law("a name is open once at a time on one backend object", async ({ backend }) => {
      await expect(backend.open("receiver")).rejects.toThrow(TypeError);
    });

    law(
      "closing frees the name, and the next open of it finds the records",
      async ({ backend, records, holder }) => {
        await holder("key").claim();
        await records.close();
        const again = await backend.open("receiver");
        expect((await again.get("key"))?.attempts).toBe(1);
      },
    );

    law("closing twice is closing once, also when the name is in use again", async ({ backend, records }) => {
      await records.close();
      await backend.open("receiver");
      await records.close();
      await expect(backend.open("receiver")).rejects.toThrow(TypeError);
    });

    law("opens with a function for warnings, and without", async ({ backend }) => {
      const other = await backend.open("other receiver", { warn: () => {} });
      expect((await holderOf(other, "key").claim()).state).toBe("claimed");
    });

    lawWith("second")(
      "another client on the same store has the same address, where it has any",
      async ({ backend, second }) => {
        const other = await second();
        expect(other.address?.length).toBe(backend.address?.length);
        expect(backend.address?.every((part, at) => Object.is(part, other.address?.[at])) ?? true).toBe(true);
      },
    );

    law("the backend closes twice, with records open or closed", async ({ backend, records }) => {
      await backend.close();
      await backend.close();
      await records.close();
    });

    law("two receivers share no record, no work and no list", async ({ backend, records }) => {
      const other = await backend.open("other receiver");
      const dead = holderOf(records, "dead");
      await dead.claim(about);
      await dead.save({ answer, work: event, kind: "dead", forMs: day });
      const due = holderOf(records, "due");
      await due.claim();
      await due.save({ answer, work: event, forMs: 0 });

      expect(await other.get("due")).toBe(undefined);
      expect(await holderOf(other, "").takeAny()).toBe(undefined);
      expect(await holderOf(other, "due").take()).toBe(undefined);
      expect((await other.list({ limit: 10 })).entries).toEqual([]);
      expect((await other.list({ limit: 10, state: "dead" })).entries).toEqual([]);
      expect((await other.stats(10)).counts.dead).toBe(0);
      expect(await other.causes(10)).toEqual([]);
      expect(await other.erase("dead", { answer, forMs: day })).toBe(true);
      expect((await records.get("dead"))?.work).toBe(event);
      expect((await holderOf(other, "due").claim()).state).toBe("claimed");
      expect((await records.get("due"))?.answer).toBe(answer);
    });

    law("a name and a key do not run into one another", async ({ backend }) => {
      const one = await backend.open("a:b");
      const two = await backend.open("a");
      await holderOf(one, "c").claim();
      expect(await two.get("b:c")).toBe(undefined);
      expect((await holderOf(two, "b:c").claim()).state).toBe("claimed");
    });
  });
}
