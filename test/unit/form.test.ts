/** Form bodies from strangers. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guardForm, parseForm } from "../../packages/core/src/decoding/form.ts";
import { isAnswerbackError } from "../../packages/core/src/contract/errors.ts";

const malformed = expect.objectContaining({ code: "malformed" });
const many = (count: number) => Array.from({ length: count }, (_, at) => `f${at}=`).join("&");
const parse = (text: string, charset = "utf-8") => parseForm(new TextEncoder().encode(text), charset);

describe("any.5 forms", () => {
  test("fields are flat, plus is a space, a key without = is empty, empty fields are nothing", () => {
    expect(parse("a[b]=1&c+d=e%20f+g&h&&i=&j=%26%3D&k=x=y")).toEqual({
      "a[b]": "1",
      "c d": "e f g",
      h: "",
      i: "",
      j: "&=",
      k: "x=y",
    });
    expect(parse("")).toEqual({});
  });

  test.each(["a=%zz", "a=%", "a=%4", "%g0=1", "a=%0g", "a=%-1", "a=%+1", "a=%%41", "a=%FF", "a=%C0%AF"])(
    "%s is malformed",
    (text) => {
      expect(() => parse(text)).toThrow(malformed);
      expect(() => parse(`${text}&b=1`)).toThrow(malformed);
    },
  );

  test.each(["%ED%A0%80", "%ed%bf%bf", "x%ED%A0%BD%ED%B8%80"])(
    "%s has a lone surrogate: malformed",
    (text) => {
      const raw = Buffer.from(
        `a=${text}`.replaceAll(/%(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
        "latin1",
      );
      for (const body of [Buffer.from(`a=${text}`), Buffer.from(`${text}=a`), raw])
        expect(() => parseForm(body, "utf-8")).toThrow(malformed);
    },
  );

  test("bytes above 127 are part of the text, with or without a percent sign", () => {
    expect(parse("smörgås=räk+%26+%C3%B6l&%E2%82%AC=€&a=ö")).toEqual({
      smörgås: "räk & öl",
      "€": "€",
      a: "ö",
    });
  });

  test("bytes that are not of the charset are malformed, and leave nothing behind for the next field", () => {
    for (const broken of [[0xff], [0xe2, 0x82]]) {
      expect(() => parseForm(Uint8Array.of(0x61, 0x3d, ...broken), "utf-8")).toThrow(malformed);
      expect(parse("a=%C2%AC")).toEqual({ a: "¬" });
    }
  });

  test.each(["type=a&type=b", "type=a&t%79pe=b", "type&type", "a+b=1&a%20b=2", "ö=1&%C3%B6=2"])(
    "%s repeats a field",
    (text) => {
      expect(() => parse(text)).toThrow(malformed);
    },
  );

  test.each(["__proto__=1", "%5f_proto__=1", "constructor=1", "a=1&prototype"])(
    "%s names a prototype",
    (text) => {
      expect(() => parse(text)).toThrow(malformed);
    },
  );

  test("names of Object.prototype are names like others", () => {
    expect(Object.entries(parse("toString=1&hasOwnProperty=2"))).toEqual([
      ["toString", "1"],
      ["hasOwnProperty", "2"],
    ]);
  });

  test("100 fields are taken, 101 and 262,000 are malformed", () => {
    expect(Object.keys(parse(many(100)))).toHaveLength(100);
    expect(() => parse(many(101))).toThrow(malformed);
    expect(() => parse("a=1&".repeat(262_000))).toThrow(malformed);
  });

  test("percent bytes are decoded in the charset of the body", () => {
    expect(parse("a=%E5+%e5", "windows-1252")).toEqual({ a: "å å" });
    expect(parseForm(Buffer.from("å=å", "latin1"), "windows-1252")).toEqual({ å: "å" });
    expect(() => parseForm(Buffer.from("å=1&%E5=2", "latin1"), "windows-1252")).toThrow(malformed);
    expect(parse("%6A%00=%31%00&ab=", "utf-16le")).toEqual({ j: "1", 扡: "" });
    expect(() => parse("a=1", "utf-16le")).toThrow(malformed);
    expect(parse("a=%C3%A5")).toEqual({ a: "å" });
  });

  test("a byte order mark before the body is dropped, one in a value is kept", () => {
    expect(parse("\uFEFFa=%EF%BB%BFx")).toEqual({ a: "\uFEFFx" });
  });

  test("what URLSearchParams writes is read again", () => {
    const key = fc
      .string({ unit: "binary", minLength: 1 })
      .filter((one) => !/^(__proto__|constructor|prototype)$/.test(one));
    fc.assert(
      fc.property(
        fc.dictionary(
          key.filter((one) => !one.startsWith("\uFEFF")),
          fc.string({ unit: "binary" }),
        ),
        (fields) => {
          expect({ ...parse(new URLSearchParams(fields).toString()) }).toEqual({ ...fields });
        },
      ),
    );
  });

  test("whatever the bytes are, the answer is flat or a refusal", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(attempt(() => parseForm(bytes, "utf-8"))).toSatisfy(isFlatOrRefused);
      }),
    );
  });
});

describe("any.4 a form that somebody else parsed", () => {
  test("flat strings pass, as a copy", () => {
    const value = Object.assign(Object.create(null), { type: "CREATE", "a[b]": "" });
    expect(guardForm(value)).toEqual({ type: "CREATE", "a[b]": "" });
    expect(guardForm(value)).not.toBe(value);
  });

  test.each([
    [{ a: { b: "1" } }],
    [{ a: ["1", "2"] }],
    [{ a: 1 }],
    [JSON.parse('{"__proto__":"1"}')],
    [{ prototype: "1" }],
    [Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`f${at}`, ""]))],
    [["a"]],
    ["a=1"],
    [null],
    [undefined],
  ])("%o is malformed", (value: unknown) => {
    expect(() => guardForm(value)).toThrow(malformed);
  });
});

/** What it returns, or throws. */
function attempt(parseIt: () => unknown): unknown {
  try {
    return parseIt();
  } catch (error) {
    return error;
  }
}

function isFlatOrRefused(outcome: object): boolean {
  return isAnswerbackError(outcome) || Object.values(outcome).every((value) => typeof value === "string");
}
