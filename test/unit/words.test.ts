/** What an error says for the developer: its causes' words too, none twice, and no credential. */
import { wordsOf } from "@answerback/core/backend";
import { expect, it } from "vitest";

it.each<[string, unknown, string]>([
  ["its message", new Error("refused"), "refused"],
  ["those of its causes", new Error("away", { cause: new Error("refused") }), "away: refused"],
  ["none of them twice", new Error("away: refused", { cause: new Error("refused") }), "away: refused"],
  [
    "what each address of a host came to",
    new AggregateError([new Error("ECONNREFUSED ::1:1"), new Error("ECONNREFUSED 127.0.0.1:1")]),
    "ECONNREFUSED ::1:1; ECONNREFUSED 127.0.0.1:1",
  ],
  ["nothing, where there is nothing", new Error(""), "no reason given"],
  ["nothing, where it is no error", "a text", "no reason given"],
  [
    "an address without its credentials",
    new Error(
      "cannot reach redis://app:pa@ss/word@10.0.0.7:6379/3 or postgres://app@db, see https://example.com",
    ),
    "cannot reach redis://***@10.0.0.7:6379/3 or postgres://***@db, see https://example.com",
  ],
])("%s", (_, error, words) => {
  expect(wordsOf(error)).toBe(words);
});

it("ends where causes go round", () => {
  const error = new Error("round");
  error.cause = error;
  expect(wordsOf(error)).toBe("round");
});
