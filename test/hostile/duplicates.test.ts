/** Row "duplicates": many at once, over several processes, after a failure, after the end, on two receivers. */
import { memory } from "@answerback/core";
import { type Backend } from "@answerback/core/backend";
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, fresh, onlyOnce, statuses } from "../support/hostile.ts";
import type { ProviderName } from "../support/house.ts";

const names: readonly ProviderName[] = ["upsales", "uphance", "app-inbox", "postback"];

describe.each(frameworks)("$name", (framework) => {
  it.each(names)(
    "any.7 any.8 %s: of a hundred at once one is handled, and none is told what is not so",
    async (name) => {
      const gate = Promise.withResolvers<void>();
      const house = await besiege(framework, name, { handle: () => gate.promise });
      const one = fresh(name);
      const all = Array.from({ length: 100 }, () => house.attack(one));
      await house.seen(67);
      expect(house.observed.map(({ outcome }) => outcome)).toEqual(
        Array.from({ length: 67 }, () => "running"),
      );
      gate.resolve();
      const answers = (await Promise.all(all)).map((answer) => statuses(answer)[0]);
      expect([
        answers.filter((one) => one === 503).length,
        answers.filter((one) => one === 200).length,
      ]).toEqual([67, 33]);
      expect(statuses(await house.attack(one))).toEqual([200]);
      await house.unharmed({ handled: 1 });
    },
  );

  it.each(names)(
    "any.8 any.10 %s: over three processes on one backend one handler runs, the others say 503",
    async (name) => {
      const backends = await severalProcesses(name);
      const begun = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const houses = [];
      for (const backend of backends)
        houses.push(
          await besiege(framework, name, {
            backend,
            handle: () => (begun.resolve(), gate.promise),
            options: { background: false },
          }),
        );
      const one = fresh(name);
      const first = houses[0]!.attack(one);
      await begun.promise;
      for (const house of houses.slice(1)) {
        const answer = await house.attack(one);
        expect(statuses(answer)).toEqual([503]);
        expect(answer).toMatch(/\r\nretry-after: ([1-9]|[12]\d|30)\r\n/i);
      }
      gate.resolve();
      expect(statuses(await first)).toEqual([200]);
      for (const house of houses) expect(statuses(await house.attack(one))).toEqual([200]);
      expect(houses.map(({ events }) => events.length)).toEqual([1, 0, 0]);
      for (const house of houses) await house.unharmed({ handled: house.events.length });
    },
  );

  it.each(names)("any.7 any.9 %s: after a failure it is handled again, and then no more", async (name) => {
    const handle = onlyOnce(() => Promise.reject(new Error("no")));
    const options = { onError: () => {}, onFailure: "refuse" };
    const house = await besiege(framework, name, { handle, options });
    const one = fresh(name);
    const answers = [];
    for (let at = 0; at < 5; at += 1) answers.push(...statuses(await house.attack(one)));
    expect(answers).toEqual([500, 200, 200, 200, 200]);
    await house.unharmed({ handled: 2 });
  });

  it("any.8 a hundred at once, of which the first fails, are all told so, and the retries are handled once", async () => {
    const gate = Promise.withResolvers<void>();
    const handle = onlyOnce(() => gate.promise.then(() => Promise.reject(new Error("no"))));
    const house = await besiege(framework, "postback", { handle, options: { onError: () => {} } });
    const one = fresh("postback");
    const all = Array.from({ length: 100 }, () => house.attack(one));
    await house.seen(67);
    gate.resolve();
    expect(new Set((await Promise.all(all)).flatMap(statuses))).toEqual(new Set([500, 503]));
    const again = await Promise.all(Array.from({ length: 20 }, () => house.attack(one)));
    expect(again.flatMap(statuses)).toEqual(again.map(() => 200));
    await house.unharmed({ handled: 2 });
  });

  it("any.10 one id on two receivers of a backend is two events", async () => {
    const backend = memory();
    const one = fresh("uphance");
    for (const name of ["one", "other"]) {
      const house = await besiege(framework, "uphance", { backend, options: { name } });
      expect(statuses(await house.attack(one))).toEqual([200]);
      expect(statuses(await house.attack(one))).toEqual([200]);
      await house.unharmed({ handled: 1 });
    }
  });
});

/** Three backend objects over the same records, as three processes have them. */
async function severalProcesses(name: string): Promise<Backend[]> {
  const shared = memory();
  const records = await shared.open(name);
  const open = async () => ({ ...records, close: async () => {} });
  return Array.from({ length: 3 }, () => ({ durable: false, open, close: async () => {} }));
}
