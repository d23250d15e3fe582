/** The mistakes of receivers for Postback. */
import { digest } from "../right-receiver.ts";
import { common, retried, waitsForEver } from "./common.ts";
import type { Wrong } from "./mistakes.ts";
import { decodeOr, forgetsAfterADay, idOf, refuses, statusWhen, wrongly } from "./mistakes.ts";

/** Each with its clause and its scenario. */
export const postback: readonly Wrong[] = wrongly("postback", [
  ...common,
  ...retried,
  waitsForEver("any.11"),
  [
    "forgets the attempt number",
    { keyOf: (_, text) => digest(text) },
    "postback.4",
    "does not take the attempt number for a part of the event",
  ],
  [
    "forgets the attempt number of a retry",
    { keyOf: (_, text) => digest(text) },
    "postback.4",
    "handles once what is sent again because its answer was lost",
  ],
  [
    "deduplicates by the record alone",
    { keyOf: ({ data }) => digest(idOf(data)) },
    "postback.4",
    "takes a changed record for another event",
  ],
  [
    "takes a delete for its create",
    { keyOf: ({ data }) => digest(idOf(data)) },
    "postback.4",
    "takes a create and a delete of one record for two events",
  ],
  [
    "remembers for a day",
    forgetsAfterADay,
    "any.10",
    "remembers an event for as long as the provider may send it again",
  ],
  [
    "answers 403 for 401",
    statusWhen(401, 403),
    "any.13",
    "refuses credentials that are missing or wrong with 401",
  ],
  [
    "lets everybody in",
    { admit: () => undefined },
    "any.13",
    "refuses credentials that are missing or wrong with 401",
  ],
  [
    "refuses JSON",
    { types: ["application/x-www-form-urlencoded"] },
    "postback.1",
    "takes a JSON body with the same fields",
  ],
  [
    "fails for a resource that it does not know",
    refuses("recurring"),
    "postback.2",
    "acknowledges a resource that it does not know",
  ],
  [
    "acknowledges a malformed form",
    decodeOr(400, []),
    "postback.1",
    "refuses a form that is not what the page describes",
  ],
  [
    "acknowledges a repeated field",
    decodeOr(400, []),
    "any.5",
    "refuses a form with a repeated field or bad percent bytes",
  ],
  ["redirects", statusWhen(200, 302), "postback.3", "handles and acknowledges a delivery"],
]);
