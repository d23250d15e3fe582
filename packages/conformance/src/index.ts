/** The suite that every backend passes, published so that yours can pass it too. */
import {
  aFunction,
  objectWith,
  OptionError,
  optional,
  readOptions,
  text,
  wholeNumberIn,
  type Kind,
} from "@answerback/core/backend";
import { claiming } from "./claiming.ts";
import { counting } from "./counting.ts";
import { deadLetters } from "./dead-letters.ts";
import { dueWork } from "./due.ts";
import { erasing } from "./erasing.ts";
import { fencing } from "./fencing.ts";
import { forgetting } from "./forgetting.ts";
import { histories } from "./histories.ts";
import { keeping } from "./keeping.ts";
import { listing } from "./listing.ts";
import { opening } from "./opening.ts";
import type { ConformanceOptions, Subject, TestApi } from "./options.ts";
import { outages } from "./outages.ts";
import { pausing } from "./pausing.ts";
import { reopening } from "./reopening.ts";
import { saving } from "./saving.ts";
import { suiteOf } from "./suite.ts";
import { table } from "./table.ts";
import { taking } from "./taking.ts";
import { values } from "./values.ts";
import { working } from "./working.ts";

export { abouts, changes } from "./histories.ts";
export { play, type Command, type Difference, type Stage } from "./play.ts";
export type { ConformanceOptions, Expectation, Subject, TestApi } from "./options.ts";

/**
 * Defines the laws of the backend contract as tests. A law that needs an option that is not given is skipped, and its
 * title says which.
 *
 * @param options How to make the backend, and what else the suite may do with it.
 * @param api The `describe`, `test` and `expect` of your test runner.
 * @throws OptionError for a mistake in the options.
 * @example
 * import { describe, expect, test } from "vitest";
 *
 * const create = async () => {
 *   const clock = manualClock();
 *   return { backend: memory({ clock }), advance: clock.advance };
 * };
 * backendConformance({ name: "memory", create, receivers: true }, { describe, test, expect });
 */
export function backendConformance<S extends Subject>(options: ConformanceOptions<S>, api: TestApi): void {
  readOptions("backendConformance", options, known);
  aRunner("backendConformance: api", api);
  const suite = suiteOf(options, api);
  api.describe(`${options.name} keeps the backend contract`, () => {
    opening(suite);
    claiming(suite);
    saving(suite);
    fencing(suite);
    taking(suite);
    dueWork(suite);
    table(suite);
    forgetting(suite);
    values(suite);
    listing(suite);
    counting(suite);
    deadLetters(suite);
    pausing(suite);
    keeping(suite);
    erasing(suite);
    working(suite);
    histories(suite);
    reopening(suite);
    outages(suite);
  });
}

/** Absent or `true`, as a backend has `due` and `receivers` or not. */
const onlyTrue: Kind<true> = (option, value) => {
  if (value === true) return value;
  throw new OptionError(option, "invalid", "write true, or leave it out");
};

const known = {
  name: text,
  create: aFunction,
  second: optional(aFunction),
  reopen: optional(aFunction),
  outage: optional(aFunction),
  due: optional(onlyTrue),
  receivers: optional(onlyTrue),
  driftMs: optional(wholeNumberIn(0, 5_000)),
};

const aRunner = objectWith<TestApi>("{ describe, test, expect }", "describe", "test", "expect");
