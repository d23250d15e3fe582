/** What Upsales' requests say. */
import { readdirSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { upsales } from "../../packages/core/src/providers/upsales.ts";
import { decodeSample, decodeText, readSample } from "./samples.ts";
import { plainJson } from "../support/plain-json.ts";

const url = "https://integration.upsales.com/callback/1";
const run = {
  appId: 1,
  date: "2024-04-12T07:07:19.000Z",
  authenticationKey: "s3cret",
  customer: { id: 2, name: "Acme AB" },
};
const provider = upsales({
  paths: { "/validateOrder": "order.validate", "/ask": { type: "ask", interactive: true } },
});
const decode = (body: object, path = "/orderinsert/1") =>
  decodeText(provider, { path, body: JSON.stringify(body) });

describe("upsales.1 samples", () => {
  test.each([
    ["order-insert", "order.insert", "1", "callback/3f2504e0-4f89-11d3-9a0c-0305e82c3301"],
    ["external-user-configurable", "external", 10488, "callback/3f2504e0-4f89-11d3-9a0c-0305e82c3303"],
    ["external-without-user", "external", 10488, "callback/3f2504e0-4f89-11d3-9a0c-0305e82c3302"],
    ["widget-notification", "notification", 99, undefined],
    ["order-edit", "order.edit", 1, undefined],
    ["field-values", "fieldValues", 10488, undefined],
    ["status", "status", 10488, undefined],
  ])("%s is %s", async (file, type, id, address) => {
    const {
      data,
      callbackUrl,
      authenticationKey: _,
      ...others
    } = JSON.parse(readSample(`upsales/${file}.http`).body);
    const event = await decodeSample(provider, `upsales/${file}.http`, "/upsales");
    expect(event).toEqual({ type, data, id, callbackUrl, extra: others, key: callbackUrl && [callbackUrl] });
    expect(event.callbackUrl?.endsWith(address ?? "")).toBe(address && true);
  });

  test("every sample is here", () => {
    expect(readdirSync(new URL("../fixtures/deliveries/upsales", import.meta.url))).toHaveLength(7);
  });
});

describe("upsales.1, upsales.2 requests", () => {
  test("unknown fields are kept, the credential and the address are not among them", async () => {
    const { extra } = await decode({ ...run, callbackUrl: url, later: { on: true }, data: null });
    expect(extra).toEqual({ appId: 1, date: run.date, customer: run.customer, later: { on: true } });
  });

  test("null is as good as absent where a field is optional", async () => {
    const absent = {
      config: null,
      version: null,
      appData: null,
      apiKey: null,
      apiPath: null,
      user: null,
      language: null,
      userConfig: null,
    };
    expect(await decode({ ...run, ...absent, callbackUrl: null, data: null })).toMatchObject({
      callbackUrl: undefined,
      data: null,
    });
  });

  test.each([
    ["no appId", { appId: undefined }],
    ["a blank appId", { appId: " " }],
    ["no customer", { customer: undefined }],
    ["a customer without an id", { customer: { name: "x" } }],
    ["an unsafe id", { customer: { id: 2 ** 53, name: "x" } }],
    ["a user without an id", { user: { name: "x" } }],
    ["a user whose id is an object", { user: { id: {} } }],
    ["an address that is empty", { callbackUrl: "" }],
    ["an address that is a list", { callbackUrl: [url] }],
    ["an address that is a number", { callbackUrl: 1 }],
  ])("%s is malformed", async (_name, wrong) => {
    await expect(decode({ ...run, ...wrong })).rejects.toMatchObject({ code: "malformed" });
  });

  test("any.28 fields that are neither ids nor the address are told, and kept as they came", async () => {
    const drifted = { date: undefined, customer: { id: 1 }, appData: [], user: "Anna" };
    const { extra, warnings = [] } = await decode({ ...run, ...drifted });
    expect(extra).toEqual({ appId: 1, customer: { id: 1 }, appData: [], user: "Anna" });
    const fields = ["date", "customer.name", "appData", "user"];
    expect(warnings.map(({ code, message }) => [code, message.split(" ")[1]])).toEqual(
      fields.map((field) => ["schema_drift", field]),
    );
    expect((await decode(run)).warnings).toBeUndefined();
  });

  test.each([null, 1, "x", []])("a body that is %j is malformed", async (body) => {
    await expect(
      decodeText(provider, { path: "/external", body: JSON.stringify(body) }),
    ).rejects.toMatchObject({ name: "AnswerbackError", code: "malformed" });
  });

  test.each([[["x"]], ["x"], [1], [{ object: 1 }], [{ object: { id: "" } }], [{ object: { id: true } }]])(
    "an order that is %j does not fit",
    async (data) => {
      expect((await decode({ ...run, data })).data).toBeInstanceOf(Error);
    },
  );

  test("any.6 a parameter of the path is an id like others", async () => {
    for (const id of ["%20", "x".repeat(1_001)])
      await expect(decode(run, `/orderinsert/${id}`)).rejects.toMatchObject({
        code: "malformed",
        message: expect.stringContaining("params.id: must be"),
      });
    expect(await decode(run, "/orderinsert/a%0D%0A'%3B*%1B")).toMatchObject({ type: "order.insert" });
  });

  test("whatever fields there are, the secret ones are gone and the others stay", async () => {
    const field = fc
      .string()
      .filter(
        (name) => !(name in {}) && !["data", "callbackUrl", "authenticationKey", "config"].includes(name),
      );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(field, plainJson({ maxDepth: 3 })), async (others) => {
        const body = JSON.parse(JSON.stringify({ ...others, ...run, user: null, ...cleared }));
        const { extra } = await decode({ ...body, callbackUrl: url });
        const { authenticationKey: _, ...expected } = body;
        expect(extra).toEqual(expected);
      }),
    );
  });
});

describe("upsales.16 keys", () => {
  test("the address is the key; without one there is none", async () => {
    expect((await decode({ ...run, callbackUrl: url })).key).toEqual([url]);
    expect((await decode(run)).key).toBeUndefined();
  });

  test.each([
    "/widget/a",
    "/widget/notification",
    "/widgetRow/a/b",
    "/fieldValues/a",
    "/testField/a",
    "/orderedit",
    "/agreementedit",
    "/iframe",
    "/ask",
  ])("a person waits at %s: no key, though an address", async (path) => {
    expect(await decode({ ...run, callbackUrl: url }, path)).toMatchObject({
      key: undefined,
      callbackUrl: url,
    });
  });

  test("upsales.4 a status request has no address", async () => {
    expect(await decode({ ...run, callbackUrl: url }, "/status")).toMatchObject({
      key: undefined,
      callbackUrl: undefined,
    });
  });

  test("upsales.3 a path of one's own is not a person's unless it says so", async () => {
    expect(await decode({ ...run, callbackUrl: url }, "/validateOrder")).toMatchObject({
      type: "order.validate",
      key: [url],
    });
  });
});

describe("options", () => {
  test("the terms", () => {
    expect(upsales()).toMatchObject({
      name: "upsales",
      accepts: ["json"],
      patience: "30s",
      answerWithin: "25s",
      retention: "24h",
      retries: false,
      callback: { retryFor: "24h", maxBytes: 102_400, hosts: ["upsales.com"] },
      statuses: { permanent: 400, hidden: 401 },
    });
    expect(
      upsales({ callbackHosts: ["Upsales.COM", "staging.example.org"], maxCallbackBytes: 5 }).callback,
    ).toMatchObject({
      maxBytes: 5,
      hosts: ["upsales.com", "staging.example.org"],
    });
  });

  test.each([
    [[]],
    [["*"]],
    [["*.upsales.com"]],
    [["com"]],
    [["localhost"]],
    [["127.0.0.1"]],
    [["0x7f.1"]],
    [["[::1]"]],
    [["2130706433"]],
    [["https://upsales.com"]],
    [["upsales.com:8443"]],
    [["upsales.com."]],
    [["upsales.com", ""]],
  ])("upsales.17 hosts %j: a TypeError", (callbackHosts) => {
    expect(() => upsales({ callbackHosts })).toThrow(TypeError);
  });

  test.each([
    [{ paths: { "/neworder": "order.insert" } }, "taken"],
    [{ paths: { "/x": "" } }, "empty"],
    [{ callbackHosts: [] }, "empty"],
    [{ callbackHosts: ["127.0.0.1"] }, "invalid"],
    [{ maxCallbackBytes: 0 }, "out_of_range"],
    [{ maxCallbackBytes: 1.5 }, "invalid"],
  ])("%j: an OptionError, %s", (options, code) => {
    expect(() => upsales(options as {})).toThrow(expect.objectContaining({ name: "OptionError", code }));
  });

  test("two paths may have one event type", () => {
    const { events } = upsales({ paths: { "/a": "both", "/b": "both" } });
    expect(events.both.path).toEqual(["/a", "/b"]);
  });
});

/** Optional fields whose type Upsales gives, so that a property test does not fill them with anything. */
const cleared = {
  version: null,
  appData: null,
  apiKey: null,
  apiPath: null,
  language: null,
  userConfig: null,
  userAppData: null,
};
