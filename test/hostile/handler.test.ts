/** Row "handler": whatever it does, the provider is told by its table, and the event is not lost. */
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, fresh, onlyOnce, statuses } from "../support/hostile.ts";
import { manualClock } from "../support/manual-clock.ts";

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** What is thrown in place of an error. */
const thrown: readonly (readonly [string, () => unknown])[] = [
  ["an Error", () => new Error("no")],
  ["undefined", () => undefined],
  ["null", () => null],
  ["a string", () => "no"],
  ["a number", () => 0],
  ["a BigInt", () => 1n],
  ["a symbol", () => Symbol("no")],
  ["a function", () => () => {}],
  ["an object without a prototype", () => Object.create(null)],
  ["an object that says it is permanent", () => ({ code: "permanent", name: "PermanentError" })],
  ["a frozen Error", () => Object.freeze(new Error("no"))],
  [
    "an Error in a circle",
    () =>
      Object.assign(new Error("no"), {
        get cause() {
          return this;
        },
      }),
  ],
  [
    "an Error with an odd code",
    () => Object.assign(new Error("no"), { code: "unauthorized", status: 401, statusCode: 401 }),
  ],
  ["an Error whose message is no string", () => Object.assign(new Error(), { message: { a: 1 } })],
  ["an Error without a message", () => Object.assign(new Error(), { message: undefined })],
  [
    "an Error whose message throws",
    () =>
      Object.defineProperty(new Error(), "message", {
        get: () => {
          throw new Error("no");
        },
      }),
  ],
  ["an Error with a message of 1 MiB", () => new Error("x".repeat(2 ** 20))],
  ["a revoked proxy", revoked],
];

describe.each(frameworks)("$name", (framework) => {
  it.each(thrown)(
    "any.9 any.16 a handler that throws %s, now or later, leaves the event to a retry",
    async (_, make) => {
      for (const first of [
        () => {
          throw make();
        },
        async () => {
          throw make();
        },
        () => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(make()) }),
      ]) {
        const house = await besiege(framework, "uphance", {
          handle: onlyOnce(first),
          options: { onError: () => {} },
        });
        const one = fresh("uphance");
        const answer = await house.attack(one);
        expect(statuses(answer)).toEqual([500]);
        expect(answer).toMatch(/\r\n\r\n\{"code":"failed"\}$/);
        expect(statuses(await house.attack(one))).toEqual([200]);
        await house.unharmed({ handled: 2 });
      }
    },
  );

  it.each([
    [
      "throws after it resolved",
      (done: (value?: unknown) => void) => {
        done();
        throw new Error("no");
      },
    ],
    [
      "resolves twice",
      (done: (value?: unknown) => void) => {
        done();
        done(Promise.reject(new Error("no")).catch(() => {}));
      },
    ],
    [
      "rejects after it resolved",
      (done: (value?: unknown) => void, fail: (error: unknown) => void) => {
        done();
        fail(new Error("no"));
      },
    ],
  ])("any.16 a handler whose promise %s is handled once", async (_, then) => {
    const house = await besiege(framework, "uphance", { handle: onlyOnce(() => ({ then })) });
    expect(statuses(await house.attack({}))).toEqual([200]);
    await house.unharmed({ handled: 1 });
  });

  it.each(["upsales", "uphance", "app-inbox", "postback"] as const)(
    "any.12 %s: nothing of an event can be changed by its handler",
    async (name) => {
      const open: unknown[] = [];
      const handle = (event: unknown) => {
        visit(event, (part) => Object.isFrozen(part) || open.push(part));
      };
      const house = await besiege(framework, name, { handle });
      expect(statuses(await house.attack({}))).toEqual([200]);
      expect(open).toEqual([]);
      await house.unharmed({ handled: 1 });
    },
  );

  it("any.11 any.21 one that never settles is acknowledged at the deadline, and run again", async () => {
    const clock = manualClock();
    const options = { answerWithin: "1s", handleWithin: "2s", random: () => 0.5 };
    const begun = Promise.withResolvers<void>();
    const handle = onlyOnce(() => (begun.resolve(), new Promise(() => {})));
    const house = await besiege(framework, "uphance", { clock, handle, options });
    const answering = house.attack({});
    await begun.promise;
    await clock.advance(1_000);
    expect(statuses(await answering)).toEqual([200]);
    await clock.advance(1_000);
    await house.seen(2);
    expect(house.observed).toMatchObject([
      { outcome: "accepted" },
      { outcome: "failed", code: "handler_timeout" },
    ]);
    await clock.advance(10_000);
    await house.seen(3);
    expect(house.observed.at(-1)).toMatchObject({ kind: "run", outcome: "handled", attempt: 2 });
    await house.unharmed({ handled: 2 });
  });

  it.each([24_999, 25_000, 25_001])(
    "upsales.8 a callback that is ready %d ms after its delivery is used once",
    async (ms) => {
      for (const turns of [0, 1, 2, 3, 5, 8]) {
        const clock = manualClock();
        const begun = Promise.withResolvers<void>();
        const handle = onlyOnce(async () => {
          for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
          const { promise, resolve } = Promise.withResolvers<object>();
          clock.after(ms, () => resolve({ callback: { notify: "Hello!" } }));
          begun.resolve();
          return promise;
        });
        const house = await besiege(framework, "upsales", { clock, handle });
        const answering = house.attack({});
        await begun.promise;
        await clock.advance(26_000);
        const inline = (await answering).includes("Hello!");
        await house.receiver.idle();
        expect([turns, inline, house.posts.length]).toEqual([turns, inline, inline ? 0 : 1]);
        await house.unharmed({ handled: 1, posts: house.posts.length });
      }
    },
  );

  it("any.19 one that settles after close changes nothing any more", async () => {
    for (const settle of [
      (end: PromiseWithResolvers<unknown>) => end.resolve({ callback: {} }),
      (end: PromiseWithResolvers<unknown>) => end.reject(new Error("no")),
    ]) {
      const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
      const house = await besiege(framework, "upsales", { handle: () => (begun.resolve(), end.promise) });
      const answering = house.attack({});
      await begun.promise;
      await house.receiver.close({ within: 0 });
      expect(statuses(await answering)).toEqual([503]);
      settle(end);
      expect(statuses(await house.attack({}))).toEqual([503]);
      expect([house.events.length, house.posts.length]).toEqual([1, 0]);
      house.quiet();
    }
  });
});

/** Every object in it, itself first. */
function visit(value: unknown, see: (part: object) => void): void {
  if (typeof value !== "object" || value === null) return;
  see(value);
  for (const inner of Object.values(value)) visit(inner, see);
}
