/** How answers travel to Upsales. */
import { describe, expect, test } from "vitest";
import { reply } from "../../packages/core/src/contract/answers.ts";
import { upsales } from "../../packages/core/src/providers/upsales.ts";
import type { EncodableEvent } from "../../packages/core/src/contract/provider-view.ts";

const url = "https://integration.upsales.com/callback/1";
const provider = upsales();
const user = { id: 1 };
const event = (type: string, others: object = { callbackUrl: url, user }): EncodableEvent => ({
  type,
  name: type,
  data: null,
  params: {},
  accepted: false,
  ...others,
});
const encode = (answer: unknown, given = event("order.insert")) => provider.encode!(answer, given);
const check = (type: keyof typeof provider.events, answer: unknown) =>
  provider.events[type].answer!["~standard"].validate(answer);

const codes = (callback: object, others: object = {}) =>
  encode({ callback }, event("external", { callbackUrl: url, ...others })).warnings?.map(({ code }) => code);

describe("upsales.5, upsales.7 a callback", () => {
  test("goes inline with all other properties, or alone to its address", () => {
    const encoded = encode({ callback: { notify: "Hello!" }, maybeSomeOtherStuff: true });
    expect(JSON.parse(String(encoded.reply.body))).toEqual({
      callback: { notify: "Hello!" },
      maybeSomeOtherStuff: true,
    });
    expect(encoded).toMatchObject({
      reply: { status: 200 },
      droppedWhenLate: ["maybeSomeOtherStuff"],
      warnings: [],
    });
    expect(encoded.post).toEqual({
      url,
      body: '{"notify":"Hello!"}',
      headers: { "content-type": "application/json" },
    });
  });

  test("any.7 is never part of a repeated answer", () => {
    expect(encode({ callback: {}, a: 1 }).repeat?.body).toBe('{"a":1}');
  });

  test("upsales.11 nothing is filled in, and an empty one is one", () => {
    expect(encode({ callback: {} })).toMatchObject({
      reply: { body: '{"callback":{}}' },
      post: { body: "{}" },
    });
  });

  test("upsales.4 is dropped with a warning where none is possible", () => {
    for (const answer of [
      { callback: { notify: "x" }, a: 1 },
      reply({ a: 1 }, { callback: { notify: "x" } }),
    ]) {
      const encoded = encode(answer, event("status", { user }));
      expect(encoded).toMatchObject({ reply: { body: '{"a":1}' }, warnings: [{ code: "callback_dropped" }] });
      expect(encoded.post).toBeUndefined();
    }
  });

  test("upsales.12 warns of what reaches nobody", () => {
    expect(codes({ notify: "x", userAppData: {} })).toEqual([
      "notify_without_recipient",
      "user_app_data_without_user",
    ]);
    expect(codes({ notify: "x", notifyUserIds: [] })).toEqual(["notify_without_recipient"]);
    expect(codes({ notify: "x", notifyUserIds: [1] })).toEqual([]);
    expect(codes({ notify: "x", notifyAll: true })).toEqual([]);
    expect(codes({ notify: "x", userAppData: {} }, { user })).toEqual([]);
  });

  test("upsales.12 warns of fields of a callback that stand beside it", () => {
    const encoded = encode({ notify: "x", appData: {}, status: 1 }, event("external", { user }));
    expect(encoded.warnings).toEqual([
      { code: "callback_misplaced", message: expect.stringMatching(/^notify, appData: .*callback/) },
    ]);
    expect(encoded.reply.body).toBe('{"notify":"x","appData":{},"status":1}');
    for (const answer of [{ status: 1, message: "fine" }, { more: true }, {}])
      expect(encode(answer, event("external", { user })).warnings).toEqual([]);
  });
});

describe("upsales.6, upsales.13, upsales.16 the acknowledgement", () => {
  test.each([
    ["order.insert", "{}"],
    ["widget", "{}"],
    ["fieldValues", "[]"],
    ["notification", ""],
  ])("of %s is 200 and %j", (type, body) => {
    expect(encode(undefined, event(type)).reply).toMatchObject({ status: 200, body });
  });
});

describe("upsales.15 what a plain object cannot answer", () => {
  test("arrays and strings go out as they are", () => {
    expect(encode([{ name: "a", value: 1 }], event("fieldValues")).reply.body).toBe(
      '[{"name":"a","value":1}]',
    );
    expect(encode("<p>", event("iframe")).reply).toMatchObject({
      body: "<p>",
      headers: { "content-type": "text/html; charset=utf-8" },
    });
  });

  test("a callback beside a reply is always posted", () => {
    const encoded = encode(reply("No", { status: 400, callback: { message: "x" } }), event("testField"));
    expect(encoded).toMatchObject({
      reply: { status: 400, body: "No" },
      post: { url, body: '{"message":"x"}' },
      droppedWhenLate: ["reply"],
    });
    expect(encoded.repeat).toBeUndefined();
  });
});

describe("upsales.11 answers are checked", () => {
  test.each([
    [{ status: "1" }],
    [{ status: Number.NaN }],
    [{ message: 1 }],
    [{ appData: [] }],
    [{ userAppData: "x" }],
    [{ notify: {} }],
    [{ notifyUserIds: 1 }],
    [{ notifyUserIds: [{}] }],
    [{ notifyAll: "yes" }],
    [{ appDta: {} }],
    [null],
    ["x"],
  ])("the callback %j does not fit, plain or beside a reply", (callback) => {
    expect(check("order.insert", { callback })).toHaveProperty("issues");
    expect(check("widget", { rows: [], callback })).toHaveProperty("issues");
    expect(check("testField", reply("No", { callback }))).toHaveProperty("issues");
  });

  test.each(["x", 1, null, [], true])("%j is no answer to a run", (answer) => {
    expect(check("external", answer)).toHaveProperty("issues");
  });

  test("the fields of a callback, other properties, nothing, and one's own reply fit", () => {
    const callback = {
      status: 1,
      message: "m",
      appData: { a: 1 },
      userAppData: {},
      notify: "n",
      notifyUserIds: [1, "2"],
      notifyAll: true,
    };
    expect(check("external", { callback, other: 1 })).toEqual({ value: { callback, other: 1 } });
    expect(check("external", undefined)).toEqual({ value: undefined });
    const own = reply([1], { callback });
    expect(check("external", own)).toEqual({ value: own });
  });

  test("upsales.14 rows of any type fit a widget, and none; what is no row does not", () => {
    const widget = {
      type: "widget",
      rows: [
        { type: "markdown", markdown: "**Hello!**" },
        { type: "new", field: 1 },
      ],
    };
    expect(check("notification", widget)).toEqual({ value: widget });
    expect(check("widget", { callback: {} })).toEqual({ value: { callback: {} } });
    for (const answer of [{ rows: 1 }, { rows: [{}] }, { type: "widgets", rows: [] }])
      expect(check("widget", answer)).toHaveProperty("issues");
  });
});

describe("upsales.19 whenDead", () => {
  const dead = { code: "failed", message: "m" } as const;

  test("posts what it returns as the one use, and sees no address", () => {
    const told = upsales({
      whenDead: (given, { code }) => ({
        message: `${code} ${given.customer.name} ${"callbackUrl" in given}`,
      }),
    });
    const given = event("external", { callbackUrl: url, customer: { id: 1, name: "Acme" } });
    expect(told.whenDead!(given, dead)).toMatchObject({ url, body: '{"message":"failed Acme false"}' });
    expect(told.whenDead!(event("external", {}), dead)).toBeUndefined();
  });

  test("posts nothing by default, and nothing that is no callback", () => {
    expect(provider.whenDead!(event("external"), dead)).toBeUndefined();
    const wrong = upsales({ whenDead: () => ({ mesage: "x" }) as object });
    expect(() => wrong.whenDead!(event("external"), dead)).toThrow(/mesage/);
  });
});
