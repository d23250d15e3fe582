/** The suite that every backend passes, published so that yours can pass it too. */
import { claiming } from "./claiming.ts";
import { deadLetters } from "./dead-letters.ts";
import { fencing } from "./fencing.ts";
import { forgetting } from "./forgetting.ts";
import { histories } from "./histories.ts";
import { listing } from "./listing.ts";
import { opening } from "./opening.ts";
import type { ConformanceOptions, Subject, TestApi } from "./options.ts";
import { outages } from "./outages.ts";
import { reopening } from "./reopening.ts";
import { saving } from "./saving.ts";
import { suiteOf } from "./suite.ts";
import { table } from "./table.ts";
import { taking } from "./taking.ts";
import { values } from "./values.ts";
import { working } from "./working.ts";

export { changes } from "./histories.ts";
export { play, type Command, type Difference, type Stage } from "./play.ts";
export type { ConformanceOptions, Expectation, Subject, TestApi } from "./options.ts";

/**
 * Defines the laws of the backend contract as tests. A law that needs an option that is not given is skipped, and its
 * title says which.
 *
 * @param options How to make the backend, and what else the suite may do with it.
 * @param api The `describe`, `test` and `expect` of your test runner.
 * @example
 * import { describe, expect, test } from "vitest";
 *
 * const create = async () => {
 *   const clock = manualClock();
 *   return { backend: memory({ clock }), advance: clock.advance };
 * };
 * backendConformance({ name: "memory", create }, { describe, test, expect });
 */
export function backendConformance<S extends Subject>(options: ConformanceOptions<S>, api: TestApi): void {
  const suite = suiteOf(options, api);
  api.describe(`${options.name} keeps the backend contract`, () => {
    opening(suite);
    claiming(suite);
    saving(suite);
    fencing(suite);
    taking(suite);
    listing(suite);
    table(suite);
    forgetting(suite);
    values(suite);
    deadLetters(suite);
    working(suite);
    histories(suite);
    reopening(suite);
    outages(suite);
  });
}
