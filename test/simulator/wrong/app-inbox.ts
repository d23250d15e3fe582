/** The mistakes of receivers for App Inbox. */
import type { Bench } from "@answerback/simulator";
import type { Rules } from "../right-receiver.ts";
import { digest } from "../right-receiver.ts";
import { common, retried, waitsForEver } from "./common.ts";
import type { Wrong } from "./mistakes.ts";
import { refuses, right, statusWhen, wrongly } from "./mistakes.ts";

/** Each with its clause and its scenario. */
export const appInbox: readonly Wrong[] = wrongly("appInbox", [
  ...common,
  ...retried,
  waitsForEver("any.11"),
  ["answers 202 for success", statusWhen(200, 202), "inbox.4", "handles and acknowledges a delivery"],
  [
    "answers 413",
    { statuses: { ...right.appInbox.statuses, tooLarge: 413 } },
    "inbox.4",
    "answers nothing that the table lacks, not even to far too much",
  ],
  [
    "answers 415",
    { statuses: { ...right.appInbox.statuses, mediaType: 415 } },
    "inbox.4",
    "refuses a content type that is not the provider's",
  ],
  [
    "answers 400 when its handler fails",
    statusWhen(500, 400),
    "any.9",
    "handles a retry after its handler failed",
  ],
  [
    "answers 403 for 401",
    statusWhen(401, 403),
    "inbox.4",
    "refuses credentials that are missing or wrong with 401",
  ],
  [
    "reads 100 kB only",
    { bodyLimit: 100 * 1024 },
    "any.3",
    "takes the thousand messages that a list may hold",
  ],
  [
    "refuses a list for one bad message",
    refuses("No id"),
    "inbox.2",
    "handles the good messages of a list with a bad one",
  ],
  ["handles the first of a list", firstOnly, "inbox.2", "handles every message of a list"],
  [
    "handles a failed list from its start",
    { keyOf: ({ key }) => key, run: (_, __, handle) => ({ first: true, answer: handle() }) },
    "inbox.2",
    "repeats of a list only what failed",
  ],
  [
    "deduplicates by the whole body",
    { keyOf: ({ key }, text) => digest(key, text) },
    "inbox.5",
    "handles a message once, alone and in a list",
  ],
  [
    "has nothing to say to a probe",
    { admit: ({ method }) => (method === "POST" ? undefined : 405) },
    "inbox.6",
    "answers a probe with 200",
  ],
  [
    "refuses an empty list",
    (_, { decode }) => ({ decode: (text, request) => (text === "[]" ? 400 : decode(text, request)) }),
    "inbox.2",
    "acknowledges an empty list",
  ],
]);

function firstOnly(_: Bench, { decode }: Rules): Partial<Rules> {
  return {
    decode(text, request) {
      const events = decode(text, request);
      return typeof events === "number" ? events : events.slice(0, 1);
    },
  };
}
