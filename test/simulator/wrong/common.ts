/** The mistakes that anybody can make, and those that matter where the provider sends again. */
import type { Run } from "../right-receiver.ts";
import type { Row } from "./mistakes.ts";
import { decodeOr, statusWhen } from "./mistakes.ts";

/** What is wrong with anybody. */
export const common: readonly Row[] = [
  [
    "acknowledges first and loses",
    { acknowledgeFirst: true },
    "any.9",
    "does not acknowledge what its handler could not do",
  ],
  [
    "claims when the work is done",
    { run: claimsTooLate },
    "any.8",
    "handles once what is sent twice at once",
  ],
  [
    "forgets at once",
    { keyOf: () => undefined },
    "any.7",
    "repeats its answer when a handled event comes again",
  ],
  [
    "answers a duplicate with 409",
    { run: onlyOnce },
    "any.7",
    "repeats its answer when a handled event comes again",
  ],
  [
    "chokes on a charset",
    { admit: ({ headers }) => (headers["content-type"]?.includes(";") ? 400 : undefined) },
    "any.2",
    "does not care for parameters of the content type",
  ],
  [
    "takes whatever type",
    { types: ["application/json", "application/x-www-form-urlencoded", "text/plain"] },
    "any.2",
    "refuses a content type that is not the provider's",
  ],
  [
    "answers 404 to what it cannot read",
    statusWhen(400, 404),
    "any.2",
    "refuses an empty body and one that is cut off",
  ],
  [
    "acknowledges what it cannot read",
    decodeOr(400, []),
    "any.2",
    "refuses an empty body and one that is cut off",
  ],
];

/** What is wrong where the provider retries. */
export const retried: readonly Row[] = [
  [
    "takes a failure for a success",
    { run: keepsFailures },
    "any.9",
    "handles a retry after its handler failed",
  ],
  [
    "acknowledges what runs",
    { run: keepsFailures },
    "any.8",
    "does not acknowledge a duplicate while the first still runs and may fail",
  ],
];

/** Finds first and creates when the work is done: two may find nothing. */
function claimsTooLate(memory: Map<string, Promise<unknown>>, key = "", handle: () => Promise<unknown>): Run {
  const known = memory.get(key);
  if (known) return { first: false, answer: known };
  const answer = handle();
  answer.then(
    () => memory.set(key, answer),
    () => {},
  );
  return { first: true, answer };
}

/** Remembers a failure for a success. */
function keepsFailures(memory: Map<string, Promise<unknown>>, key = "", handle: () => Promise<unknown>): Run {
  const known = memory.get(key);
  if (known) return { first: false, answer: Promise.resolve({}) };
  const answer = handle();
  memory.set(key, answer);
  answer.catch(() => {});
  return { first: true, answer };
}

/** A duplicate is an error to it. */
function onlyOnce(memory: Map<string, Promise<unknown>>, key = "", handle: () => Promise<unknown>): Run {
  if (memory.has(key)) return { first: false, answer: Promise.reject(new Error("seen that")) };
  memory.set(key, Promise.resolve());
  return { first: true, answer: handle() };
}

/** Lets the provider hang up; the clause is the provider's own. */
export const waitsForEver = (clause: string): Row => [
  "waits for a slow handler until the provider hangs up",
  { answerWithinMs: 1e9 },
  clause,
  "answers before the provider hangs up, however long the handler takes",
];
