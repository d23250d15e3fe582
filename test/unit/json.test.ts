/** JSON from strangers. */
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, freeze, guardJson, parseJson } from "../../packages/core/src/decoding/json.ts";
import { decodeText } from "../../packages/core/src/decoding/text.ts";
import { plainJson } from "../support/plain-json.ts";

const malformed = expect.objectContaining({ code: "malformed" });
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const plain = plainJson({ maxDepth: 8 });

describe("any.2 text", () => {
  test.each([[[0xff]], [[0xc0, 0xaf]], [[0xed, 0xa0, 0x80]], [[0xe2, 0x82]]])(
    "the bytes %j are not UTF-8",
    (bytes) => {
      expect(() => decodeText(Uint8Array.from(bytes), "utf-8")).toThrow(malformed);
    },
  );

  test("a byte order mark is accepted, one", () => {
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31), "utf-8")).toBe("1");
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x31, 0), "utf-16le")).toBe("1");
  });

  test("whatever is encoded is decoded again", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter((text) => !text.startsWith("\uFEFF")),
        (text) => {
          expect(decodeText(new TextEncoder().encode(text), "utf-8")).toBe(text);
        },
      ),
    );
  });
});

describe("any.6 JSON", () => {
  test.each(["", "  ", "{", "[1,]", "{} {}", "// x\n{}", "{'a':1}", "undefined", "NaN", '"\u0001"'])(
    "%j is malformed",
    (text) => {
      expect(() => parseJson(text)).toThrow(malformed);
    },
  );

  test("the error does not quote the text", () => {
    expect(() => parseJson('{"authenticationKey":"s3cret"')).toThrow(/^not JSON$/);
  });

  test("nesting of 64 is taken, of 65, 5,000 and 500,000 is malformed", () => {
    expect(parseJson(nested(64))).toBeInstanceOf(Array);
    for (const depth of [65, 5_000, 500_000]) {
      expect(() => parseJson(nested(depth))).toThrow(malformed);
      expect(() => parseJson('{"a":'.repeat(depth))).toThrow(malformed);
    }
  });

  test("depth is counted outside strings, whatever they hold", () => {
    const texts = ["[".repeat(100), '\\"[['.repeat(50), "\\\\", '\\\\"{'.repeat(50)].map((text) =>
      JSON.stringify(text),
    );
    for (const text of texts) expect(parseJson(text)).toBe(JSON.parse(text));
    expect(() => parseJson(`[${JSON.stringify('\\"')},${nested(64)}]`)).toThrow(malformed);
  });

  test.each([
    '{"__proto__":{"polluted":1}}',
    '{"a":[{"__proto__":null}]}',
    '{"\\u005f_proto__":1}',
    '{"\\u005F\\u005fproto\\u005f_":1}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"a":{"const\\u0072uctor":{"prototype":1}}}',
    '{"constructor" : {"\\u0070rototype":1}}',
  ])("%s is malformed", (text) => {
    expect(() => parseJson(text)).toThrow(malformed);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([
    '{"constructor":"Acme AB"}',
    '{"prototype":1}',
    '{"a":"__proto__"}',
    '{"a":"\\u00e5"}',
    '{"constructor":{"a":1}}',
  ])("%s is taken", (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test("what can be written as JSON is read again, in any layout", () => {
    fc.assert(
      fc.property(plain, fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(isDeepStrictEqual(parseJson(text), JSON.parse(text))).toBe(true);
      }),
    );
  });

  test("a guarded key is found at any depth, in any spelling", () => {
    const spelled = fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }).map((escaped) =>
      Array.from("__proto__")
        .map((char, at) => (escaped[at] ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}` : char))
        .join(""),
    );
    fc.assert(
      fc.property(spelled, fc.nat(60), (key, depth) => {
        expect(() => parseJson('{"a":['.repeat(depth / 2) + `{"${key}":1}` + "]}".repeat(depth / 2))).toThrow(
          malformed,
        );
      }),
    );
  });
});

describe("any.4 a value that somebody else parsed", () => {
  test.each([
    undefined,
    () => 1,
    1n,
    Number.NaN,
    Infinity,
    Symbol("x"),
    new Date(0),
    Buffer.from("x"),
    new Map(),
    { a: undefined },
    [() => 1],
    Object.create({ polluted: 1 }),
    JSON.parse('{"a":{"__proto__":1}}'),
    { constructor: { prototype: 1 } },
  ])("%o is malformed", (value: unknown) => {
    expect(() => guardJson(value)).toThrow(malformed);
  });

  test("its depth is limited, a cycle included", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => guardJson(cycle)).toThrow(malformed);
    expect(() => guardJson(JSON.parse(nested(65)))).toThrow(malformed);
    guardJson(JSON.parse(nested(64)));
  });

  test("plain JSON passes, without a prototype too", () => {
    guardJson(Object.assign(Object.create(null), { a: [1, "x", null, true] }));
    fc.assert(
      fc.property(plain, (value) => {
        expect(() => guardJson(JSON.parse(JSON.stringify(value)))).not.toThrow();
      }),
    );
  });
});

describe("canonical JSON and freezing", () => {
  test("the order of keys makes no difference, any other difference does", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
    fc.assert(
      fc.property(plain, plain, (one, other) => {
        expect(canonicalJson(backwards(one))).toBe(canonicalJson(one));
        expect(canonicalJson(one) === canonicalJson(other)).toBe(
          JSON.stringify(sorted(one)) === JSON.stringify(sorted(other)),
        );
      }),
    );
  });

  test("all of a value is frozen, other objects are left alone", () => {
    const date = new Date(0);
    const value = freeze({ a: [{ b: date, c: Buffer.from("x") }] });
    expect(Object.isFrozen(value) && Object.isFrozen(value.a) && Object.isFrozen(value.a[0])).toBe(true);
    expect(Object.isFrozen(date)).toBe(false);
  });
});

function backwards(value: unknown): unknown {
  return rebuilt(value, (entries) => entries.toReversed());
}

function sorted(value: unknown): unknown {
  return rebuilt(value, (entries) => entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function rebuilt(value: unknown, order: (entries: [string, unknown][]) => [string, unknown][]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => rebuilt(inner, order));
  return Object.fromEntries(order(Object.entries(value)).map(([key, inner]) => [key, rebuilt(inner, order)]));
}
