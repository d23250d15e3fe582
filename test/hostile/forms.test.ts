/** Rows "forms" and "data of a postback": flat, counted before anything is parsed, decoded strictly. */
import { describe, expect, it } from "vitest";
import { frameworks } from "../support/frameworks.ts";
import { besiege, statuses } from "../support/hostile.ts";

const data = encodeURIComponent('{"id":"1"}');
const rest = `resource=contact&data=${data}`;
const good = `type=CREATE&${rest}`;
const deep = (depth: number) => `{"id":"1","a":${"[".repeat(depth)}${"]".repeat(depth)}}`;

const malformed: readonly (readonly [string, string | Uint8Array])[] = [
  ["nothing", ""],
  ["separators alone", "&&&"],
  ["an equals sign", "="],
  ["101 fields", `${good}&${Array.from({ length: 98 }, (_, at) => `f${at}=1`).join("&")}`],
  ["262,000 fields", `${good}${"&a=1".repeat(262_000)}`.slice(0, 2 ** 20 - 1)],
  ["a million separators", `${good}${"&".repeat(1_000_000)}`],
  ["a repeated type", `type=CREATE&${good}`],
  ["a repeated type in another spelling", `t%79pe=UPDATE&${good}`],
  ["a repeated field that is empty", `${good}&type`],
  ["an unknown field twice", `${good}&x=1&x=1`],
  ["bad percent bytes", `${good}&x=%zz`],
  ["bad percent bytes in a key", `${good}&%zz=x`],
  ["half a percent byte", `${good}&x=%4`],
  ["a lone percent sign", `${good}&x=%`],
  ["a percent byte with a sign", `${good}&x=%+1`],
  ["a percent sign by code point", `${good}&x=%u0041`],
  ["bytes that are not UTF-8", Buffer.from(`${good}&x=\xff`, "latin1")],
  ["percent bytes that are not UTF-8", `${good}&x=%ff`],
  ["overlong UTF-8", `${good}&x=%c0%af`],
  ["a lone surrogate", `${good}&x=%ed%a0%80`],
  ["half a character", `${good}&x=%e5`],
  ["__proto__", `${good}&__proto__=1`],
  ["__proto__ encoded", `${good}&%5f%5Fproto__=1`],
  ["constructor", `${good}&constructor=1`],
  ["prototype without a value", `${good}&prototype`],
  ["semicolons for separators", good.replaceAll("&", ";")],
  ["line breaks for separators", good.replaceAll("&", "\r\n")],
  ["encoded separators", encodeURIComponent(good)],
  ["brackets", `type[]=CREATE&${rest}`],
  ["a dotted key", `type=CREATE&resource=contact&data.id=1`],
  ["a nested key", `type=CREATE&resource=contact&data[id]=1`],
  ["a key with a space", `+type=CREATE&${rest}`],
  ["a key with a NUL", `type%00=CREATE&${rest}`],
  ["a mark before a key", `${rest}&%ef%bb%bftype=CREATE`],
  ["a key in another case", `Type=CREATE&${rest}`],
  ["no type", rest],
  ["an empty type", `type=&${rest}`],
  ["a type in lower case", `type=create&${rest}`],
  ["an unknown type", `type=PATCH&${rest}`],
  ["a type with a space", `type=CREATE+&${rest}`],
  ["no resource", `type=CREATE&data=${data}`],
  ["a blank resource", `type=CREATE&resource=+%20&data=${data}`],
  ["a resource of 10 kB", `type=CREATE&resource=${"x".repeat(10_000)}&data=${data}`],
  ...["", "-1", "+1", "1.0", "0x1", "1e3", "12345", "\u0661", " 1", "1 "].map(
    (attempt) => [`attempt ${attempt}`, `${good}&number_of_attempts=${encodeURIComponent(attempt)}`] as const,
  ),
  ["a JSON body under a form's type", '{"type":"CREATE","resource":"contact","data":{"id":"1"}}'],
  [
    "a multipart body under a form's type",
    '--x\r\nContent-Disposition: form-data; name="type"\r\n\r\nCREATE\r\n--x--',
  ],
  ["no data", "type=CREATE&resource=contact"],
  ["data without a value", "type=CREATE&resource=contact&data"],
  ...[
    ...[
      "",
      " ",
      "null",
      "1",
      "true",
      "[]",
      '[{"id":"1"}]',
      '"str"',
      "{",
      "{}",
      '{"id":null}',
      '{"id":""}',
      '{"id":true}',
      '{"id":[]}',
    ],
    ...[
      '{"id":{}}',
      '{"id":"1"}x',
      '{"id":"1",}',
      "{'id':'1'}",
      '\ufeff\ufeff{"id":"1"}',
      '{"id":"1"}\0',
      "undefined",
      '{"ID":"1"}',
    ],
    ...[
      '{"id":"1","__proto__":{"polluted":1}}',
      '{"id":"1","a":[{"\\u005f_proto__":1}]}',
      '{"id":"1","constructor":{"prototype":1}}',
    ],
    ...[
      deep(64),
      deep(50_000),
      "[".repeat(100_000),
      JSON.stringify('{"id":"1"}'),
      data,
      '{"id":"1","a":1e999}',
      '{"id":9007199254740993}',
    ],
  ].map(
    (text) =>
      [`data ${text.slice(0, 40)}`, `type=CREATE&resource=contact&data=${encodeURIComponent(text)}`] as const,
  ),
];

const taken: readonly (readonly [string, string])[] = [
  ["a key without an equals sign", `x&${good}`],
  ["an equals sign in a value", `x=a=b&${good}`],
  ["an empty key", `=x&${good}`],
  ["empty fields", `&&${good}&`],
  ["100 fields", `${good}&${Array.from({ length: 97 }, (_, at) => `f${at}=1`).join("&")}`],
  ["a literal key with brackets", `a[b]=1&a[c]=2&${good}`],
  [
    "pluses for spaces in its JSON",
    `type=CREATE&resource=contact&data=${encodeURIComponent('{ "id" : "2" }').replaceAll("%20", "+")}`,
  ],
  ["unencoded JSON", 'type=CREATE&resource=contact&data={"id":"3"}'],
  ["lower-case percent bytes", good.replaceAll(/%[\dA-F]{2}/g, (one) => one.toLowerCase())],
  [
    "all of it percent-encoded but its separators",
    good.replaceAll(/[a-z]/g, (one) => `%${one.charCodeAt(0).toString(16)}`),
  ],
  ["four digits of attempts", `${good}&number_of_attempts=0042`],
  ["data 64 deep", `type=CREATE&resource=contact&data=${encodeURIComponent(deep(63))}`],
  ["a byte order mark", `\ufeff${good}`],
];

describe.each(frameworks)("$name", (framework) => {
  it("any.5 postback.1 postback.2 what is wrong with a form, or with the data in it, is malformed", async () => {
    const house = await besiege(framework, "postback");
    for (const [what, body] of malformed)
      expect([what, ...statuses(await house.attack({ body }))]).toEqual([what, 400]);
    await house.unharmed();
  });

  it("any.5 postback.1 what is only odd about a form is taken", async () => {
    const house = await besiege(framework, "postback");
    for (const [what, body] of taken)
      expect([what, ...statuses(await house.attack({ body }))]).toEqual([what, 200]);
    for (const { type, data: given } of house.events)
      expect([type, typeof given.id]).toEqual(["contact.create", "string"]);
    await house.unharmed({ handled: house.events.length });
  });

  it("any.2 any.5 a form's charset is that of its percent bytes", async () => {
    const house = await besiege(framework, "postback");
    const body = `type=CREATE&resource=contact&data=${encodeURIComponent('{"id":"')}%E5${encodeURIComponent('"}')}`;
    const charset = (name: string) => ({
      "Content-Type": `application/x-www-form-urlencoded; charset=${name}`,
    });
    for (const [name, status] of [
      ["iso-8859-1", 200],
      ["windows-1252", 200],
      ["utf-8", 400],
      ["utf-16", 400],
      ["utf-16be", 400],
    ] as const)
      expect([name, ...statuses(await house.attack({ headers: charset(name), body }))]).toEqual([
        name,
        status,
      ]);
    expect(house.events).toMatchObject([{ data: { id: "\u00e5" } }]);
    await house.unharmed({ handled: 1 });
  });
});
