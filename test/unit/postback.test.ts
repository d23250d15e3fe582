/** What postbacks say. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { postback } from "../../packages/core/src/providers/postback.ts";
import { decodeSample, decodeText, readSample } from "./samples.ts";
import { plainJson } from "../support/plain-json.ts";

const provider = postback();
const sample = (file: string) => decodeSample(provider, `postback/${file}.http`, "/hooks/postback");
const form = (fields: Record<string, string>) =>
  decodeText(provider, {
    contentType: "application/x-www-form-urlencoded",
    body: new URLSearchParams({ ...create, ...fields }).toString(),
  });
const json = (fields: object) => decodeText(provider, { body: JSON.stringify({ ...create, ...fields }) });
const create = { type: "CREATE", resource: "contact", data: '{"id":"1"}' };

const keyOf = async (data: object) => (await json({ data })).key;

describe("postback.1, postback.2 samples", () => {
  test("the documented contact", async () => {
    const data = new URLSearchParams(readSample("postback/contact-create-attempt-1.http").body).get("data")!;
    expect(await sample("contact-create-attempt-1")).toEqual({
      type: "contact.create",
      deliveryAttempt: 1,
      data: JSON.parse(data),
      key: ["contact", "CREATE", "11e66c8a943ff4b2bf1b2102", "data", data],
      id: "11e66c8a943ff4b2bf1b2102",
    });
  });

  test("postback.4 its retries differ in the attempt and in nothing else", async () => {
    const [first, second, third] = await Promise.all(
      [1, 2, 3].map((attempt) => sample(`contact-create-attempt-${attempt}`)),
    );
    expect([second, third]).toEqual([
      { ...first, deliveryAttempt: 2 },
      { ...first, deliveryAttempt: 3 },
    ]);
  });

  test("a charset in the header, and a name in UTF-8", async () => {
    expect(await sample("contact-update-charset")).toMatchObject({
      type: "contact.update",
      data: { last_name: "Lue-Jönsson" },
    });
  });

  test("a deleted contact has nothing but its id", async () => {
    expect(await sample("contact-delete")).toMatchObject({
      type: "contact.delete",
      data: { id: "11e66c8a943ff4b2bf1b2102" },
    });
  });

  test("a transaction, as a form and as JSON; its newest change is in the key", async () => {
    const key = [
      "transaction",
      expect.any(String),
      "11e95f8ec39de8fbdb0a4f1b",
      "change",
      "11e95f8ec39de8fbdb0a4f1c",
    ];
    expect(await sample("transaction-create-changelogs")).toMatchObject({
      type: "transaction.create",
      deliveryAttempt: 1,
      key,
    });
    expect(await sample("transaction-json-body")).toMatchObject({
      type: "transaction.update",
      deliveryAttempt: 2,
      key,
    });
  });
});

describe("postback.1 fields", () => {
  test.each(["", "create", "CREATED", "toString", "__proto__"])("type %j is malformed", async (type) => {
    await expect(form({ type })).rejects.toMatchObject({ name: "AnswerbackError", code: "malformed" });
  });

  test.each(["", " ", "x".repeat(1_001)])("resource %j is malformed", async (resource) => {
    await expect(form({ resource })).rejects.toMatchObject({ name: "AnswerbackError", code: "malformed" });
  });

  test.each(["", "x", "-1", "1.5", "12345", " 1", "1e3"])(
    "number_of_attempts %j is malformed",
    async (attempts) => {
      await expect(form({ number_of_attempts: attempts })).rejects.toMatchObject({
        name: "AnswerbackError",
        code: "malformed",
      });
    },
  );

  test("number_of_attempts may be absent, and a number in JSON", async () => {
    expect(await form({})).toMatchObject({ deliveryAttempt: undefined });
    expect(await form({ number_of_attempts: "0012" })).toMatchObject({ deliveryAttempt: 12 });
    expect(await json({ number_of_attempts: 3 })).toMatchObject({ deliveryAttempt: 3 });
    for (const wrong of [-1, 1.5, 10_000, true, [1], {}])
      await expect(json({ number_of_attempts: wrong })).rejects.toMatchObject({
        name: "AnswerbackError",
        code: "malformed",
      });
  });

  test.each([
    "",
    "null",
    "[]",
    '"str"',
    "1",
    "{",
    '"{\\"id\\":\\"1\\"}"',
    "{}",
    '{"id":1}',
    '{"id":" "}',
    '{"id":"1","__proto__":{}}',
    '{"id":"1","a":{"const\\u0072uctor":{"prototype":{}}}}',
    '{"id":"1","a":'.repeat(100_000),
  ])("data %.40s is malformed, of an unknown resource too", async (data) => {
    for (const resource of ["contact", "phone"])
      await expect(form({ resource, data })).rejects.toMatchObject({
        name: "AnswerbackError",
        code: "malformed",
      });
  });

  test("missing data is malformed", async () => {
    for (const data of [undefined, null, [], 1, true])
      await expect(json({ data })).rejects.toMatchObject({ name: "AnswerbackError", code: "malformed" });
  });
});

describe("postback.2 resources", () => {
  test("an unknown one is its own event, whatever its name", async () => {
    expect(await form({ resource: "toString" })).toMatchObject({
      type: "toString.create",
      data: { id: "1" },
    });
  });

  test("a contact's listed fields are checked, others never", async () => {
    expect((await json({ data: { id: "1", last_name: 5 } })).data).toBeInstanceOf(Error);
    expect((await json({ data: { id: "1", new: [5] } })).data).toEqual({ id: "1", new: [5] });
    expect(
      (await json({ resource: "transaction", data: { id: "1", last_name: 5, changelogs: "x" } })).data,
    ).toMatchObject({ id: "1" });
  });
});

describe("postback.4 keys", () => {
  test("tell resources, types, ids and contents apart", async () => {
    const given = [
      {},
      { resource: "transaction" },
      { type: "UPDATE" },
      { data: '{"id":"2"}' },
      { data: '{"id":"1" }' },
    ];
    const keys = await Promise.all(given.map(async (fields) => JSON.stringify((await form(fields)).key)));
    expect(new Set(keys).size).toBe(given.length);
  });

  test("are the same for an object in any order", async () => {
    expect(await keyOf({ id: "1", a: { b: 1, c: 2 } })).toEqual(await keyOf({ a: { c: 2, b: 1 }, id: "1" }));
  });

  test("have the newest change, the last of equals", async () => {
    const changelogs = [
      { id: "a", created_ts: 1 },
      { id: "b", created_ts: 5 },
      { id: "c", created_ts: 5 },
      { id: "d", created_ts: 2 },
      { id: "e" },
    ];
    expect(await keyOf({ id: "1", changelogs })).toEqual(["contact", "CREATE", "1", "change", "c"]);
  });

  test.each([[[]], ["x"], [{}], [[null]], [[{ created_ts: 1 }]], [[{ id: {}, created_ts: 1 }]]])(
    "fall back to the content for changelogs %j",
    async (changelogs) => {
      expect(await keyOf({ id: "1", changelogs })).toMatchObject([
        "contact",
        "CREATE",
        "1",
        "data",
        expect.any(String),
      ]);
    },
  );

  test("never hold the attempt", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(9_999), fc.nat(9_999), plainJson(), async (one, other, value) => {
        const data = JSON.stringify({ id: "1", value });
        const [first, second] = await Promise.all(
          [one, other].map((attempt) =>
            form({ number_of_attempts: String(attempt), resource: "x", data }).catch(() => undefined),
          ),
        );
        expect(first?.key).toEqual(second?.key);
      }),
    );
  });
});

test("postback.3, postback.4 the terms", () => {
  expect(provider).toMatchObject({
    name: "postback",
    accepts: ["form", "json"],
    retention: "7d",
    retryWindow: "5d",
  });
  expect(Object.keys(provider.events)).toHaveLength(12);
});
