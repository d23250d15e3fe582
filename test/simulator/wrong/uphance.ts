/** The mistakes of receivers for Uphance. */
import { digest } from "../right-receiver.ts";
import { common, retried, waitsForEver } from "./common.ts";
import type { Wrong } from "./mistakes.ts";
import { forgetsAfterADay, idOf, refuses, statusWhen, wrongly } from "./mistakes.ts";

/** Each with its clause and its scenario. */
export const uphance: readonly Wrong[] = wrongly("uphance", [
  ...common,
  ...retried,
  waitsForEver("uphance.6"),
  [
    "deduplicates by body hash",
    { keyOf: (_, text) => digest(text) },
    "uphance.4",
    "takes the same event for the same, however its bytes are written",
  ],
  [
    "takes two bare updates for one",
    { keyOf: (_, text) => digest(text) },
    "uphance.4",
    "handles every update that does not say when it was made",
  ],
  [
    "deduplicates by the id",
    { keyOf: ({ data }) => digest(idOf(data)) },
    "uphance.4",
    "takes what happened to one object for as many events",
  ],
  [
    "handles the first update only",
    { keyOf: ({ data }) => digest(idOf(data)) },
    "uphance.4",
    "takes a later update for another event",
  ],
  [
    "never deduplicates what is only an id",
    { keyOf: ({ key, data }) => (Object.keys(Object(data)).length > 1 ? key : undefined) },
    "uphance.4",
    "handles once a creation that is only an id",
  ],
  [
    "remembers for a day",
    forgetsAfterADay,
    "any.10",
    "remembers an event for as long as the provider may send it again",
  ],
  [
    "takes any secret",
    { admit: () => undefined },
    "any.14",
    "answers a wrong secret in the URL with an empty 404",
  ],
  [
    "answers 401 to a wrong secret",
    statusWhen(404, 401),
    "any.14",
    "answers a wrong secret in the URL with an empty 404",
  ],
  [
    "fails for an event that it does not know",
    refuses("transfer"),
    "uphance.2",
    "acknowledges an event that it does not know",
  ],
]);
