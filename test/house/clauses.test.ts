/** The protocols and the tests agree: each clause has a test that names it, and no test names a clause that is none. */
import { expect, it } from "vitest";
import { testsIn } from "../../packages/site/generate/sources/tests.ts";
import { filesOf } from "./imports.ts";
import { clauses, rows } from "./protocols.ts";

const id =
  /\b(?:any|upsales|uphance|inbox|postback|register|slack|discord|github|stripe|shopify|standard|twilio|meta|telegram|sns)\.\d+\b/g;
const named = new Set(
  filesOf("{test,examples}/**/*.test.ts")
    .flatMap(testsIn)
    .flatMap(({ title }) => title.match(id) ?? []),
);

it("every clause has a test whose title names it", () => {
  expect(clauses.length).toBeGreaterThan(60);
  expect(clauses.filter((clause) => !named.has(clause))).toEqual([]);
});

it("every clause that a test names exists, once", () => {
  expect([...named].filter((clause) => !clauses.includes(clause))).toEqual([]);
  expect(new Set(clauses).size).toBe(clauses.length);
});

it("every clause has an anchor of its own id, for links", () => {
  expect(clauses.length).toBe(rows);
});
