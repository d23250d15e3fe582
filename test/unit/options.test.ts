/** Reading options: which name was probably meant, and that a wrong value is never shown. */
import { createReceiver, memory } from "@answerback/core";
import {
  duration,
  flag,
  listOf,
  oneOf,
  optional,
  readOptions,
  text,
  wholeNumber,
  withDefault,
} from "@answerback/core/backend";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { nearest } from "../../packages/core/src/lib/nearest.ts";

describe("the nearest name", () => {
  const known = ["answerWithin", "authenticate", "backend", "callbackHosts", "handle", "path", "url"];

  test.each([
    ["answerWithn", "answerWithin"],
    ["answer_within", "answerWithin"],
    ["ANSWERWITHIN", "answerWithin"],
    ["auth", "authenticate"],
    ["backends", "backend"],
    ["hosts", "callbackHosts"],
    ["handel", "handle"],
    ["paht", "path"],
    ["ulr", "url"],
    ["retries", undefined],
    ["x", undefined],
    ["", undefined],
  ])("to %j is %j", (wrong, right) => {
    expect(nearest(wrong, known)).toBe(right);
  });

  test("to a name with one letter more, less, changed or swapped is that name", () => {
    const name = fc.constantFrom(...known.filter(({ length }) => length > 3));
    fc.assert(
      fc.property(
        name,
        fc.nat(),
        fc.constantFrom("more", "less", "changed", "swapped"),
        (right, place, how) => {
          const at = place % (right.length - 1);
          const [before, one, two, after] = [
            right.slice(0, at),
            right[at]!,
            right[at + 1]!,
            right.slice(at + 2),
          ];
          const middle = { more: `${one}z${two}`, less: two, changed: `z${two}`, swapped: two + one }[how];
          expect(nearest(before + middle + after, known)).toBe(right);
        },
      ),
    );
  });

  test("whatever is written, it is a known name or none", () => {
    fc.assert(
      fc.property(fc.string(), (wrong) => {
        expect([undefined, ...known]).toContain(nearest(wrong, known));
      }),
    );
  });
});

describe("a value of another kind", () => {
  const known = {
    text,
    flag: optional(flag),
    number: optional(wholeNumber),
    word: optional(oneOf("one", "two")),
    list: optional(listOf(text)),
    time: withDefault(duration, "10s"),
  };

  test("is refused with one code for one mistake", () => {
    const code = (options: object): string => {
      try {
        readOptions("it", options as { [Name in keyof typeof known]: unknown }, known);
      } catch (error) {
        return (error as { code: string }).code;
      }
      return "none";
    };
    const good = { text: "text" };
    expect(code(good)).toBe("none");
    expect(code({})).toBe("missing");
    expect(code({ text: undefined })).toBe("missing");
    expect(code({ text: null })).toBe("missing");
    for (const name of ["text", "word", "time"])
      expect([name, code({ ...good, [name]: "" })]).toEqual([name, "empty"]);
    expect(code({ ...good, list: [] })).toBe("empty");
    for (const name of Object.keys(known))
      for (const wrong of [Symbol("x"), () => {}, { a: 1 }, Number.NaN, 1n])
        expect([name, code({ ...good, [name]: wrong })]).toEqual([name, "invalid"]);
    for (const name of Object.keys(known).slice(1))
      expect([name, code({ ...good, [name]: null })]).toEqual([name, "invalid"]);
    expect(code({ ...good, number: 0 })).toBe("out_of_range");
    expect(code({ ...good, numbers: 1 })).toBe("unknown");
  });

  test("a text is never repeated, since it may be a secret", () => {
    const secret = fc.string({ minLength: 12 }).map((one) => `secret ${one}`);
    fc.assert(
      fc.property(secret, fc.constantFrom("flag", "number", "word", "list"), (value, name) => {
        const read = () => readOptions("it", { text: "text", [name]: value } as never, known as never);
        expect(read).toThrow(TypeError);
        expect(read).not.toThrow(value);
      }),
    );
  });

  test("defaults are read as a user would write them", () => {
    expect(
      readOptions("it", { text: "x" } as { [Name in keyof typeof known]?: unknown }, known),
    ).toMatchObject({
      text: "x",
      time: 10_000,
    });
  });
});

test("the names that are read are exactly those of the interface: TypeScript holds them to each other", () => {
  interface Two {
    readonly one: string;
    readonly two?: number | undefined;
  }
  const both: Two = { one: "1" };
  const given = readOptions("it", both, { one: text, two: withDefault(wholeNumber, 2) });
  expectTypeOf(given).toEqualTypeOf<{ readonly one: string; readonly two: number }>();
  // @ts-expect-error a name of the interface that is not read
  expect(() => readOptions("it", { one: "1", two: 2 } as Two, { one: text })).toThrow(
    "there is no option two",
  );
  // @ts-expect-error a name that is read, and not in the interface
  readOptions("it", both, { one: text, two: optional(wholeNumber), three: optional(text) });
});

test("a provider that was not made with defineProvider is checked by the receiver", () => {
  const parts = { name: "acme", accepts: ["json"], events: {}, decode: () => [] } as const;
  const options = { authenticate: false, handle: () => {}, background: false, backend: memory() } as const;
  expect(createReceiver(parts, options).name).toBe("acme");
  expect(() => createReceiver({ ...parts, retrys: false } as never, options)).toThrow(
    "acme: retrys: there is no option retrys; did you mean retries?",
  );
});
