/** Row "answers": what cannot be sent is a typed error before a byte of it is, and the one use is not spent. */
import { inspect } from "node:util";
import { reply } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { following } from "../support/frameworks.ts";
import { besiege, fresh, statuses } from "../support/hostile.ts";

const throwing = () => {
  throw new Error("no");
};
const nested = (depth: number) => {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = [value];
  return value;
};
const circle = () => {
  const one: Record<string, unknown> = {};
  one["list"] = [one];
  return one;
};

const wrong: readonly (readonly [string, () => unknown])[] = [
  ["a BigInt", () => ({ callback: {}, more: 1n })],
  ["a BigInt in the callback", () => ({ callback: { appData: { n: 1n } } })],
  ["a circle", circle],
  ["a circle in the callback", () => ({ callback: { appData: circle() } })],
  ["a symbol", () => ({ more: Symbol("x") })],
  ["a function in a list", () => ({ more: [() => {}] })],
  ["a function in the callback", () => ({ callback: { appData: { f() {} } } })],
  [
    "a getter that throws",
    () => ({
      get more() {
        return throwing();
      },
    }),
  ],
  ["a toJSON that throws", () => ({ more: { toJSON: throwing } })],
  ["a toJSON that gives a BigInt", () => ({ more: { toJSON: () => 1n } })],
  ["100,000 levels", () => ({ more: nested(100_000) })],
  ["100,000 levels in the callback", () => ({ callback: { appData: { a: nested(100_000) } } })],
  ...["x", 1, true, null, 1n, [], [{ callback: {} }]].map(
    (value) => [`the value ${inspect(value)}`, () => value] as const,
  ),
  ...[
    null,
    [],
    "x",
    1,
    { notfy: "x" },
    { Notify: "x" },
    { constructor: 1 },
    JSON.parse('{"__proto__":1}'),
  ].map((callback) => [`the callback ${JSON.stringify(callback)}`, () => ({ callback })] as const),
  ...[
    { status: "1" },
    { status: Number.NaN },
    { message: 1 },
    { notify: null },
    { notifyAll: 1 },
    { notifyUserIds: 1 },
    { notifyUserIds: [{}] },
    { notifyUserIds: [""] },
    { appData: [] },
    { userAppData: "x" },
  ].map((callback) => [`the field ${JSON.stringify(callback)}`, () => ({ callback })] as const),
  ["a status that Upsales does not read", () => reply("x", { status: 418 })],
  ["a body that is no JSON", () => reply({ n: 1n })],
  ["a misspelt callback beside a reply", () => reply("x", { callback: { notfy: 1 } as never })],
];

const sizes: readonly (readonly [string, number])[] = [
  ["x", 102_399],
  ["x", 102_400],
  ["\u00e5", 102_398],
  ["\u00e5", 102_400],
  ["\u{1f511}", 102_397],
  ['"', 102_399],
  ["\n", 200_000],
];

describe.each(following)("$name", (framework) => {
  it("any.16 upsales.11 an answer that cannot be sent is a 500 with a code alone, and its callback is unspent", async () => {
    let answer = (): unknown => undefined;
    const house = await besiege(framework, "upsales", { handle: () => answer() });
    for (const [what, make] of wrong) {
      const one = fresh("upsales");
      answer = make;
      const refused = await house.attack(one);
      expect([what, statuses(refused), refused.split("\r\n\r\n")[1]]).toEqual([
        what,
        [500],
        '{"code":"invalid_answer"}',
      ]);
      answer = () => ({ callback: { notify: "Hello!" } });
      expect((await house.attack(one)).split("\r\n\r\n")[1]).toBe('{"callback":{"notify":"Hello!"}}');
    }
    answer = () => undefined;
    await house.receiver.idle();
    await house.unharmed({ handled: 2 * wrong.length });
  });

  it("upsales.10 the callback is counted in bytes of its JSON, inline and posted alike", async () => {
    for (const answerWithin of [0, "25s"]) {
      let message = "";
      const house = await besiege(framework, "upsales", {
        handle: () => message && { callback: { message } },
        options: { answerWithin },
      });
      for (const [unit, bytes] of sizes) {
        const each = Buffer.byteLength(JSON.stringify(unit)) - 2;
        message = unit.repeat(Math.floor((bytes - 14) / each));
        const size = Buffer.byteLength(JSON.stringify({ message }));
        const [posts, dead] = [house.posts.length, (await house.receiver.deadLetters.list()).length];
        const answer = await house.attack({});
        await house.receiver.idle();
        const [posted, buried] = [
          house.posts.length - posts,
          (await house.receiver.deadLetters.list()).length - dead,
        ];
        const inline = answerWithin !== 0;
        const expected = size < 102_400 ? [200, inline ? 0 : 1, 0] : inline ? [500, 0, 0] : [200, 0, 1];
        expect([size, ...statuses(answer), posted, buried]).toEqual([size, ...expected]);
      }
      house.quiet();
    }
  });
});
