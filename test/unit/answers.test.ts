/** What a handler returns where a plain answer does not do, and the replies that are made of answers. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCustomReply, isLater, later, reply } from "../../packages/core/src/contract/answers.ts";
import { customReply, emptyReply, jsonReply, toJson } from "../../packages/core/src/contract/replies.ts";

const json = "application/json; charset=utf-8";

describe("upsales.15 reply()", () => {
  test("a string goes out as HTML, anything else as JSON, nothing as nothing", () => {
    expect(customReply(reply("<p>"))).toEqual({
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<p>",
    });
    expect(customReply(reply([1], { status: 400 }))).toEqual({
      status: 400,
      headers: { "content-type": json },
      body: "[1]",
    });
    expect(customReply(reply(undefined, { status: 202 }))).toEqual({ status: 202, headers: {}, body: "" });
    expect(customReply(reply("No", { contentType: "text/plain" })).headers).toEqual({
      "content-type": "text/plain",
    });
  });

  test.each([
    [{ status: 199 }, "out_of_range"],
    [{ status: 600 }, "out_of_range"],
    [{ status: 200.5 }, "invalid"],
    [{ contentType: "a\r\nb: c" }, "invalid"],
    [{ contentType: "" }, "empty"],
  ])("%j cannot be sent: an OptionError, %s", (options, code) => {
    expect(() => reply("", options)).toThrow(expect.objectContaining({ name: "OptionError", code }));
  });

  test("is known by its brand, in any copy of the package", () => {
    expect(isCustomReply(reply())).toBe(true);
    expect(isCustomReply({ [Symbol.for("answerback.reply")]: true })).toBe(true);
    for (const other of [undefined, null, {}, "reply", later()]) expect(isCustomReply(other)).toBe(false);
  });
});

describe("upsales.18 later()", () => {
  test("is known by its brand, and JSON cannot fake it", () => {
    expect(isLater(later())).toBe(true);
    for (const other of [undefined, null, {}, reply(), JSON.parse('{"answerback.later":true}')])
      expect(isLater(other)).toBe(false);
  });
});

describe("replies", () => {
  test("JSON and nothing", () => {
    expect(jsonReply({ å: 1 }, 201)).toEqual({
      status: 201,
      headers: { "content-type": json },
      body: '{"å":1}',
    });
    expect(emptyReply()).toEqual({ status: 200, headers: {}, body: "" });
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  const deep = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  const throwing = { toJSON: () => { throw new Error("no"); } }; // prettier-ignore
  const hidden = Object.defineProperty({ a: 1 }, "toJSON", { value: () => [Symbol("x")] });
  const within = (value: unknown) => Array.from({ length: 70 }).reduce((inner) => [inner], value);

  test.each([
    ["a BigInt", 1n],
    ["a cycle", cycle],
    ["a function", () => 1],
    ["a function inside", { callback: { notify: () => 1 } }],
    ["a symbol inside", [Symbol("x")]],
    ["a BigInt inside", { a: [1n] }],
    ["a function far inside", within(() => 1)],
    ["a function in a field of a class", new (class { run = () => 1; })()], // prettier-ignore
    ["a function that a toJSON returns", { a: { toJSON: () => ({ run: () => 1 }) } }],
    ["a symbol that a hidden toJSON returns", hidden],
    ["a function that an inherited toJSON returns", Object.create({ toJSON: () => () => 1 })],
    ["a function that the toJSON of an array returns", Object.assign([1], { toJSON: () => [() => 1] })],
    ["a getter that throws", { get a() { throw new Error("no"); } }], // prettier-ignore
    ["a symbol", Symbol("x")],
    ["nothing", undefined],
    ["depth", deep],
    ["a toJSON that throws", throwing],
  ])("%s cannot be written: invalid_answer", (_name, value) => {
    expect(() => jsonReply(value)).toThrow(expect.objectContaining({ code: "invalid_answer" }));
  });

  test("a cycle is called by its name", () => {
    const cause = expect.objectContaining({ message: expect.stringContaining("circular") });
    expect(() => jsonReply(cycle)).toThrow(expect.objectContaining({ cause }));
    expect(() => jsonReply({ a: [cycle, cycle], b: cycle })).toThrow(expect.objectContaining({ cause }));
  });

  test("whatever the answer is, it is JSON, or has what JSON would leave out", () => {
    const odd = [fc.constant(() => 1), fc.constant(Symbol("x")), fc.date({ noInvalidDate: true })];
    const values = [fc.string(), fc.double(), fc.boolean(), fc.constant(undefined), ...odd];
    const options = { withBigInt: true, withMap: true, withNullPrototype: true, withSparseArray: true };
    fc.assert(
      fc.property(fc.anything({ ...options, values, maxDepth: 4 }), (value) => {
        expect(attempt(() => toJson(value))).toBe(attempt(() => writtenValueByValue(value)));
      }),
    );
  });
});

/** What it returns; `undefined` if that is nothing, or it throws. */
function attempt(write: () => string | undefined): string | undefined {
  try {
    return write();
  } catch {
    return undefined;
  }
}

function writtenValueByValue(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "function" && typeof inner !== "symbol") return inner;
    throw new TypeError("JSON would leave it out");
  });
}
