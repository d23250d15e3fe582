/** One door for bytes and for what a parser left. */
import { describe, expect, test } from "vitest";
import { decodeBody } from "../../packages/core/src/decoding/body.ts";

const json = { format: "json", charset: "utf-8" } as const;
const form = { format: "form", charset: "utf-8" } as const;
const bytes = (text: string) => ({ kind: "bytes", bytes: new TextEncoder().encode(text) }) as const;

describe("bodies", () => {
  test("any.2 bytes are decoded by their format, and frozen all through", () => {
    const value = decodeBody(bytes('{"a":[{}]}'), json) as { a: object[] };
    expect(value).toEqual({ a: [{}] });
    expect(Object.isFrozen(value) && Object.isFrozen(value.a[0])).toBe(true);
    expect(decodeBody(bytes("a=1"), form)).toEqual({ a: "1" });
  });

  test("any.2 bytes that are not UTF-8 leave nothing behind for the next body", () => {
    for (const broken of [[0xff], [0x22, 0xe2, 0x82], [0xef, 0xbb]]) {
      const wrong = { kind: "bytes", bytes: Uint8Array.from(broken) } as const;
      expect(() => decodeBody(wrong, json)).toThrow(expect.objectContaining({ code: "malformed" }));
      expect(decodeBody(bytes('\ufeff"a"'), json)).toBe("a");
    }
  });

  test("any.4 a parsed object is guarded and copied, so that its parser's stays as it was", () => {
    const parsed = { a: [{ b: 1 }] };
    const value = decodeBody({ kind: "parsed", value: parsed }, json) as typeof parsed;
    parsed.a[0]!.b = 2;
    expect(value).toEqual({ a: [{ b: 1 }] });
    expect(Object.isFrozen(value.a)).toBe(true);
    expect(() => decodeBody({ kind: "parsed", value: new Date() }, json)).toThrow(
      expect.objectContaining({ code: "malformed" }),
    );
    expect(() => decodeBody({ kind: "parsed", value: { a: ["1"] } }, form)).toThrow(
      expect.objectContaining({ code: "malformed" }),
    );
  });
});
