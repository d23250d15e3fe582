/** Keys of records. */
import { expect, test } from "vitest";
import { bodyKey, callbackKey, entityKey, eventKey } from "../../packages/core/src/receiver/record/keys.ts";

/** Texts that look like lengths, like separators and like JSON; lone surrogates; and what is no text. */
const texts = [
  "",
  "a",
  ",",
  ",1",
  "1",
  ",1a",
  ":",
  ":a",
  "[1]",
  '"a"',
  '["a"]',
  "\ud800",
  "\udfff",
  "\ufffd",
  "\ud800\udc00",
];
const parts = [...texts, 1, 11, null, true, ["a"], { a: 1 }];

/** All lists of up to three parts. */
const lists = [0, 1, 2].reduce<unknown[][]>(
  (shorter) => [[], ...shorter.flatMap((list) => parts.map((part) => [...list, part]))],
  [[]],
);

test("any.10 no two lists of parts have one key, and a list has always the same", () => {
  const keys = lists.map((list) => eventKey(list, undefined));
  expect(lists.length).toBeGreaterThan(9_000);
  expect(new Set(keys).size).toBe(lists.length);
  expect(lists.map((list) => eventKey(list, undefined))).toEqual(keys);
});

test("any.10 a key tells who sent the event, where somebody is named", () => {
  const names = [undefined, ...texts.filter((text) => text !== "")];
  const pairs = names.flatMap((name) => lists.slice(0, 500).map((list) => eventKey(list, name)));
  expect(new Set(pairs).size).toBe(pairs.length);
});

test("any.10 events, entities, bodies and addresses have keys of their own", () => {
  const keys = [
    eventKey(["a"], undefined),
    entityKey("a", undefined),
    bodyKey("a", undefined),
    callbackKey("a"),
  ];
  expect(new Set([...keys, entityKey("1", "a"), entityKey(1, "a"), bodyKey("1", "a")]).size).toBe(7);
});

test("without parts every key is another one", () => {
  expect(eventKey(undefined, undefined)).not.toBe(eventKey(undefined, undefined));
});

test("any.10 a key is the same in every version, since records outlive it", () => {
  expect(eventKey(["contact", "CREATE", 1, "åäö \ud800"], "acme")).toBe(
    "7xh4uVeg4eJ9ZiAC7RfN2rT9aMkRCSwnZV78Kon68c0",
  );
});
