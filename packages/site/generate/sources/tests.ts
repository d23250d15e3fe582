/** The tests by the clauses that their titles name. */
import { filesOf, textOf } from "./repository.ts";

/** A test, or a group of tests. */
export interface Test {
  /** Its title. */
  readonly title: string;
  /** The file, from the top. */
  readonly file: string;
  /** The line of its title, from 1. */
  readonly line: number;
}

/** What stands first in `it(`, `test(`, `describe(`, or in the call that `.each(…)` gives. */
const calls = /(?:\b(?:it|test|describe)(?:\.\w+)*|\))\(\s*(["'`])((?:(?!\1)[^\\]|\\.)*)\1\s*,/g;

/** The tests in a file, by their titles. */
export function testsIn(file: string): Test[] {
  const text = textOf(file);
  return Array.from(text.matchAll(calls), ({ 2: title, index }) => ({
    title: title!.replaceAll(/\\(.)/g, "$1"),
    file,
    line: text.slice(0, index).split("\n").length,
  }));
}

/** The tests of the repository whose titles name a clause, by its id. */
export function testsByClause(ids: readonly string[]): ReadonlyMap<string, readonly Test[]> {
  const all = filesOf("{test,examples}/**/*.test.ts").flatMap(testsIn);
  const named = all.map((test) => ({ test, names: new Set(test.title.match(/\b[a-z]+\.\d+\b/g)) }));
  return new Map(ids.map((id) => [id, named.filter(({ names }) => names.has(id)).map(({ test }) => test)]));
}
