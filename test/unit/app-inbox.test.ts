/** What App Inbox's messages say. */
import { describe, expect, test } from "vitest";
import { appInbox } from "../../packages/core/src/providers/app-inbox.ts";
import { defaultStatuses } from "../../packages/core/src/contract/statuses.ts";
import { decodeAll, decodeSample, readSample } from "./samples.ts";

const provider = appInbox();
const decode = (body: unknown) => decodeAll(provider, { body: JSON.stringify(body) });

describe("inbox.1, inbox.5 a message", () => {
  test.each(["message", "message-custom-data"])(
    "the sample %s is one event, and its id the key",
    async (file) => {
      const data = JSON.parse(readSample(`app-inbox/${file}.http`).body);
      expect(await decodeSample(provider, `app-inbox/${file}.http`, "/hooks/inbox")).toEqual({
        type: "message",
        data,
        key: [data.id],
        id: data.id,
      });
    },
  );

  test("its id alone is required, and its form is not checked", async () => {
    const id = "../'*:\u001b";
    expect(await decode({ id, new: 1, title: null })).toEqual([
      { type: "message", data: { id, new: 1, title: null }, key: [id], id },
    ]);
  });

  test.each([
    {},
    { id: "" },
    { id: " " },
    { id: 1 },
    { id: ["a"] },
    { id: "x".repeat(1_001) },
    { id: "a", title: 1 },
    null,
    1,
    "x",
  ])("%j does not fit", async (body) => {
    expect(await decode(body)).toMatchObject([{ type: "message", data: expect.any(Error) }]);
  });
});

describe("inbox.2 a list", () => {
  test("every item is an event of its own", async () => {
    const { body } = readSample("app-inbox/list.http");
    expect((await decodeAll(provider, { body })).map(({ key }) => key)).toEqual(
      JSON.parse(body).map(({ id }: { id: string }) => [id]),
    );
  });

  test("a bad item fails alone, by its schema", async () => {
    const { body } = readSample("app-inbox/list-with-a-bad-item.http");
    expect(await decodeAll(provider, { body })).toMatchObject([
      { data: { title: "Fine" } },
      { data: expect.any(Error), key: undefined },
      { data: { title: "Fine too" } },
    ]);
    expect(await decode([null, 1, [], "x"])).toMatchObject(
      [1, 2, 3, 4].map(() => ({ data: expect.any(Error), key: undefined })),
    );
  });

  test("an empty one has no events", async () => {
    expect(await decode([])).toEqual([]);
  });
});

test.each([
  [0, "out_of_range"],
  [1.5, "invalid"],
  ["1000", "invalid"],
])("inbox.7 maxMessages %j: an OptionError, %s", (maxMessages, code) => {
  expect(() => appInbox({ maxMessages: maxMessages as number })).toThrow(
    expect.objectContaining({ name: "OptionError", option: "appInbox: maxMessages", code }),
  );
});

test("inbox.4 no status outside its table, whatever the outcome", () => {
  const statuses = Object.values({ ...defaultStatuses, ...provider.statuses });
  expect(statuses.filter((status) => ![200, 400, 401, 429, 500, 502, 503].includes(status))).toEqual([]);
  expect({ ...defaultStatuses, ...provider.statuses }).toMatchObject({
    handled: 200,
    unauthorized: 401,
    hidden: 401,
    https_required: 503,
    malformed: 400,
    too_large: 429,
    timeout: 503,
    unsupported_media_type: 400,
    permanent: 400,
    retry_later: 429,
    failed: 500,
    overloaded: 429,
    unavailable: 503,
  });
});

test("inbox.5, inbox.6, any.3 the terms", () => {
  expect(provider).toMatchObject({
    name: "app-inbox",
    accepts: ["json"],
    retention: "7d",
    bodyLimit: 8_388_608,
    probe: true,
  });
  expect(appInbox({ probe: false }).probe).toBe(false);
});
