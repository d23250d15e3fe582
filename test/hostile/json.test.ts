/** Row "JSON": what is no JSON of a provider's is malformed, found before anything recursive. */
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, fresh, marker, statuses, type Besieged } from "../support/hostile.ts";
import { providers, type ProviderName } from "../support/house.ts";

const names = Object.keys(providers) as ProviderName[];

const notJson: readonly string[] = [
  ...[
    "",
    " ",
    "\r\n\t ",
    "\0",
    "null",
    "true",
    "1",
    "-0",
    '"x"',
    "[]",
    "[[]]",
    "undefined",
    "NaN",
    "Infinity",
  ],
  ...[
    "{",
    "}",
    "[",
    "]",
    '"',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1]',
    '{"a":"',
    '{"a":"\\',
    '{"a":"\\u12',
    '{"a":tru}',
  ],
  ...[
    "{}{}",
    "{} {}",
    "{}\n{}",
    "{},{}",
    "{}x",
    "{}\0",
    "\0{}",
    "[{}",
    '{"a":1,}',
    "[1,]",
    "{,}",
    "[,]",
    '{"a"::1}',
  ],
  ...[
    "{/**/}",
    "{}//",
    "//\n{}",
    "{a:1}",
    "{'a':1}",
    "{`a`:1}",
    '{"a":01}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":1.}',
  ],
  ...['{"a":0x1}', '{"a":1n}', '{"a":1_0}', '{"a":"\n"}', '{"a":"\\x41"}', '{"a":"\\u{41}"}', '{"a":"\\\'"}'],
  ...[
    "\u00a0{}",
    "{}\u2028",
    "\u3000{}",
    ")]}',\n{}",
    "while(1);{}",
    "(function(){return{}})()",
    "<a/>",
    "a=1&b=2",
  ],
  ...["\ufeff", "\ufeff\ufeff{}", "\u200b{}"],
];

const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`;
const tooDeep = (depth: number): readonly string[] => [
  nested(depth, "[", "]"),
  nested(depth, '{"a":', "}"),
  "[".repeat(depth),
  '{"a":'.repeat(depth),
  `{"${marker}":${nested(depth - 1, "[", "]")}}`,
  `{"a":"]]]]\\"}","b":${nested(depth - 1, "[ ", "]")}}`,
  `{"a":[],"b":{},"c":${nested(Math.ceil((depth - 1) / 2), '[{"a":', "}]")}}`,
  `["\\\\",${nested(depth - 1, "[", "]")}]`,
];

const muchTooDeep = [nested(5_000, "[", "]"), "[".repeat(500_000), '{"a":'.repeat(200_000)];

describe.each(frameworks)("$name", (framework) => {
  /** Upsales' credential is in the body, so without it there would be another reason to refuse. */
  const open = (name: ProviderName, other = {}): Promise<Besieged> =>
    besiege(framework, name, { options: { ...(name === "upsales" && { authenticate: false }), ...other } });
  const headers = { "Content-Type": "application/json" };

  it.each(names)("any.6 %s: what is not one JSON document is malformed", async (name) => {
    const house = await open(name);
    for (const body of notJson.filter((text) => name !== "app-inbox" || text !== "[]"))
      expect([body, ...statuses(await house.attack({ headers, body }))]).toEqual([body, 400]);
    expect(house.events).toEqual([]);
    expect(await house.receiver.deadLetters.list()).toHaveLength(name === "app-inbox" ? 1 : 0);
    await house.unharmed();
  });

  it.each(names)(
    "any.6 %s: nesting deeper than 64 is malformed, however deep and in what shape",
    async (name) => {
      const house = await open(name);
      for (const body of [...tooDeep(65), ...tooDeep(66), ...muchTooDeep]) {
        const start = body.slice(0, 20);
        expect([start, ...statuses(await house.attack({ headers, body }))]).toEqual([start, 400]);
      }
      await house.unharmed();
    },
  );

  it("any.6 nesting of 64 is taken, in lists, objects and both", async () => {
    const house = await open("uphance");
    const { body } = fresh("uphance");
    const shapes = [
      nested(62, "[", "]"),
      nested(62, '{"a":', "}"),
      nested(31, '[{"a":', "}]"),
      `"${"[".repeat(99)}"`,
    ];
    for (const [at, shape] of shapes.entries()) {
      const deep = body.replace('"status":', `"x":${shape},"status":`).replace('"id":', `"id":${at + 1}`);
      expect([shape, ...statuses(await house.attack({ body: deep }))]).toEqual([shape, 200]);
      const deeper = shape.startsWith('"') ? "[" : `[${shape}]`;
      expect(
        statuses(await house.attack({ body: body.replace('"status":', `"x":${deeper},"status":`) })),
      ).toEqual([400]);
    }
    await house.unharmed({ handled: shapes.length });
  });

  it.each(["1e999", "-1e999", "1E+400", `1${"0".repeat(309)}`, `${"9".repeat(250)}e99`])(
    "any.6 any.12 the number %s, which no double holds, is malformed beside whatever else",
    async (number) => {
      const house = await open("uphance");
      const { body } = fresh("uphance");
      for (const more of ["", '"y":"\\u00e5",'])
        expect(
          statuses(
            await house.attack({ body: body.replace('"status":', `${more}"x":[${number}],"status":`) }),
          ),
        ).toEqual([400]);
      await house.unharmed();
    },
  );

  it("any.6 numbers at the edge, repeated keys and lone surrogates in escapes are what JSON.parse makes of them", async () => {
    const house = await open("uphance");
    const odd =
      '"a":-0,"b":1e308,"c":9007199254740993,"d":1e-999,"e":"\\ud800","f":1,"f":2,"":3,"g\\u0000":4';
    const body = fresh("uphance").body.replace('"status":', `${odd},"status":`);
    expect(statuses(await house.attack({ body }))).toEqual([200]);
    expect(house.events[0].data).toMatchObject({ b: 1e308, d: 0, e: "\ud800", f: 2, "": 3, "g\0": 4 });
    await house.unharmed({ handled: 1 });
  });
});
