/** App Inbox as a sender: its page lists the statuses one by one, and says of each whether it is sent again. */
import { oneOf, readOptions, wholeNumber, withDefault } from "@answerback/core/provider";
import { ms } from "../lib/numbers.ts";
import { acknowledged, gaveUpAfter, inShort, never, retry } from "./conclusion.ts";
import type { Protocol } from "./protocol.ts";
import { sameBytes } from "./protocol.ts";

/**
 * How App Inbox sends, where its page leaves it open.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.4 inbox.4}
 */
export interface AppInboxBehaviour {
  /** How long App Inbox waits for the whole answer: ms. The page says nothing; default 60,000. */
  readonly patienceMs?: number;
  /** ms between attempts. The page says nothing; default 60,000. */
  readonly intervalMs?: number;
  /** How often it tries, the first attempt included. The page says nothing; default 10. */
  readonly attempts?: number;
  /** What follows a status that the table of the page lacks. The page says nothing; default `"never retry"`, the harsher. */
  readonly unlisted?: "retry" | "never retry";
}

/**
 * The statuses of the page that are sent again.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.4 inbox.4}
 */
export const retriedStatuses: readonly number[] = [401, 429, 500, 502, 503];

/**
 * The sending side of App Inbox.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.4 inbox.4}
 */
export function appInboxProtocol(behaviour: AppInboxBehaviour = {}): Protocol {
  const { patienceMs, intervalMs, attempts, unlisted } = readOptions("appInbox", behaviour, {
    patienceMs: withDefault(ms, 60_000),
    intervalMs: withDefault(ms, 60_000),
    attempts: withDefault(wholeNumber, 10),
    unlisted: withDefault(oneOf("retry", "never retry"), "never retry"),
  });
  return {
    patienceMs,
    again: sameBytes,
    conclude(seen, { attempt }) {
      if (seen.kind === "answered" && seen.status === 200) return acknowledged;
      if (seen.kind === "answered" && seen.status === 400) return never("400");
      const listed = seen.kind !== "answered" || retriedStatuses.includes(seen.status);
      if (!listed && unlisted === "never retry") return never(`${inShort(seen)} is not in its table`);
      return attempt < attempts ? retry(intervalMs, attempt + 1, attempts) : gaveUpAfter(attempts);
    },
  };
}
