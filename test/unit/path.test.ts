/** Paths under the mount. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMatcher, splitSegment } from "../../packages/core/src/decoding/path.ts";
import { upsales } from "../../packages/core/src/providers/upsales.ts";

const match = createMatcher(upsales({ paths: { "/validateOrder": "order.validate" } }).events);

describe("upsales.3 paths", () => {
  test.each([
    ["/orderinsert/1", "order.insert", { id: "1" }],
    ["/appointmentdelete/7", "appointment.delete", { id: "7" }],
    ["/orderinsert/1/", "order.insert", { id: "1" }],
    ["/orderedit", "order.edit", {}],
    ["/agreementedit/", "agreement.edit", {}],
    ["/status", "status", {}],
    ["/testField/phone", "testField", { field: "phone" }],
    ["/widget/notification", "notification", {}],
    ["/widget/notifications", "widget", { name: "notifications" }],
    ["/widget/notification/1", "widget", { name: "notification", arg: "1" }],
    ["/widgetRow/a/b", "widgetRow", { name: "a", arg: "b" }],
    ["/fieldValues/a%2Fb%2520c", "fieldValues", { field: "a/b%20c" }],
    ["/validateOrder", "order.validate", {}],
  ])("%s is %s", (path, type, params) => {
    expect(match(path)).toEqual({ type, params });
  });

  test.each([
    "/",
    "",
    "/orderinsert",
    "/orderinsert/",
    "/orderinsert//",
    "/orderinsert/1//",
    "//orderinsert/1",
    "/OrderInsert/1",
    "/orderinsert/%",
    "/orderinsert/%C0%AF",
    "/orderinsert/1/2",
    "orderinsert/1",
    "/widget//x",
    "/%6frderinsert/1",
    "/toString",
  ])("%j means nothing", (path) => {
    expect(match(path)).toBeUndefined();
  });

  test("a provider without paths is at the mount itself", () => {
    const atMount = createMatcher({ message: {} });
    expect(atMount("/")).toEqual({ type: undefined, params: {} });
    expect(atMount("")).toEqual({ type: undefined, params: {} });
    expect(atMount("//")).toBeUndefined();
    expect(atMount("/message")).toBeUndefined();
  });

  test("a literal segment wins, from the left", () => {
    const matcher = createMatcher({
      name: { path: "/:a/b" },
      literal: { path: "/a/:b" },
      both: { path: "/a/b" },
    });
    expect(matcher("/a/b")?.type).toBe("both");
    expect(matcher("/a/x")?.type).toBe("literal");
    expect(matcher("/x/b")?.type).toBe("name");
  });

  test("params have no prototype that a name could reach", () => {
    const params = createMatcher({ any: { path: "/:a" } })("/__proto__")!.params;
    expect(Object.entries(params)).toEqual([["a", "__proto__"]]);
    expect("toString" in params).toBe(false);
  });

  test.each(["", "order", "/order/", "/a//b", "/:", "/:1", "/a?b", "/å", "/a b", "/:a/:a"])(
    "%j is no path for an event",
    (path) => {
      expect(() => createMatcher({ event: { path } })).toThrow(TypeError);
    },
  );

  test("two events at one path are refused", () => {
    expect(() => createMatcher({ one: { path: "/a/:b" }, other: { path: ["/x", "/a/:c"] } })).toThrow(
      /other: path: .* is the path of one already/,
    );
  });

  test("a segment comes out as it went in, percent-decoded once", () => {
    const segment = fc.string({ unit: "binary", minLength: 1 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(segment, (text) => {
        expect(match(`/orderinsert/${encodeURIComponent(text)}`)?.params).toEqual({ id: text });
      }),
    );
  });

  test("whatever the path is, nothing is thrown", () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        expect(match(`/${path}`)?.type).not.toBe("");
      }),
    );
  });
});

describe("any.14 the segment of a credential", () => {
  test.each([
    ["/s3cret/orderinsert/1", "s3cret", "/orderinsert/1"],
    ["/s3cret", "s3cret", "/"],
    ["/s3cret/", "s3cret", "/"],
    ["/s%2e/", "s%2e", "/"],
    ["//s3cret", "", "/s3cret"],
    ["/", "", "/"],
    ["", "", "/"],
  ])("%j begins with %j", (path, segment, rest) => {
    expect(splitSegment(path)).toEqual({ segment, rest });
  });
});
