/** Where an id is found. */
import { idIn } from "@answerback/core/provider";
import { expect, test } from "vitest";

test.each([
  ["the value itself", "a", [], "a"],
  ["a field", { id: 5 }, ["id"], 5],
  ["a field of a field", { order: { id: "a" } }, ["order", "id"], "a"],
  ["no field", { order: {} }, ["order", "id"], undefined],
  ["no object", { order: null }, ["order", "id"], undefined],
  ["a list", { order: ["a"] }, ["order", "0"], undefined],
  ["what every object has", {}, ["constructor", "name"], undefined],
  ["a field that is no id", { id: { id: 5 } }, ["id"], undefined],
  ["a blank", { id: " " }, ["id"], undefined],
])("any.50 any.6 idIn finds an id, or none, in %s", (_, value, path, id) => {
  expect(idIn(value, ...path)).toBe(id);
});
