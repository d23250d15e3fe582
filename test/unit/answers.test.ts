/** What a handler returns where a plain answer does not do, and the replies that are made of answers. */
import { describe, expect, test } from "vitest";
import { isCustomReply, isLater, later, reply } from "../../packages/core/src/answers.ts";
import { customReply, emptyReply, jsonReply } from "../../packages/core/src/replies.ts";

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
    [{ status: 199 }],
    [{ status: 600 }],
    [{ status: 200.5 }],
    [{ contentType: "a\r\nb: c" }],
    [{ contentType: "" }],
  ])("%j cannot be sent: a TypeError", (options) => {
    expect(() => reply("", options)).toThrow(TypeError);
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

  test.each([
    ["a BigInt", 1n],
    ["a cycle", cycle],
    ["a function", () => 1],
    ["a function inside", { callback: { notify: () => 1 } }],
    ["a symbol inside", [Symbol("x")]],
    ["a symbol", Symbol("x")],
    ["nothing", undefined],
    ["depth", deep],
    ["a toJSON that throws", throwing],
  ])("%s cannot be written: invalid_answer", (_name, value) => {
    expect(() => jsonReply(value)).toThrow(expect.objectContaining({ code: "invalid_answer" }));
  });
});
