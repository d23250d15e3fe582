/** What a run of the handler, and an event of a delivery, came to. */
import { AnswerbackError } from "../contract/errors.ts";
import type { Reply } from "../contract/delivery.ts";
import type { Encoded } from "../contract/callback-terms.ts";
import { isRecord } from "../decoding/json.ts";
import type { Outcome } from "./observe.ts";

/** How a run ended. */
export type RunResult =
  /** With an answer. `isStale`: the event is older than one that was handled, so the handler was not called. */
  | { readonly encoded: Encoded; readonly isStale?: true; readonly isLater?: never }
  /** With `later()`: `receiver.answer` brings the callback; `encoded` is what the provider gets now. */
  | { readonly encoded: Encoded; readonly isLater: true }
  /** Not well. */
  | { readonly error: AnswerbackError };

/** A run that ended well. */
export type RunSuccess = Exclude<RunResult, { readonly error: AnswerbackError }>;

/** An event that has an answer. */
export interface EventResult {
  readonly outcome: Outcome;
  /** Why it is no better. */
  readonly error?: AnswerbackError;
  /** For the delivery that began the event. */
  readonly reply: Reply;
  /**
   * For every other delivery: the same without a callback.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.7 any.7}
   */
  readonly repeat: Reply;
}

/** One reply for every delivery of the event. */
export function sameForAll(outcome: Outcome, reply: Reply): EventResult {
  return { outcome, reply, repeat: reply };
}

/** A reply as it is stored. Bytes travel as base64. */
export function toStored({ status, headers, body }: Reply): string {
  if (typeof body === "string") return JSON.stringify({ status, headers, body });
  return JSON.stringify({ status, headers, base64: Buffer.from(body).toString("base64") });
}

/**
 * What a duplicate gets: the stored answer.
 *
 * @throws AnswerbackError `backend_away` for a text that the receiver never stores.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.7 any.7}
 */
export function fromStored(answer: string): EventResult {
  const { status, headers, base64, body = bytesOf(base64) } = parse(answer);
  if (typeof status !== "number" || !isRecord(headers) || !isBody(body))
    throw new AnswerbackError("backend_away", "the backend answered what is not in its contract");
  return sameForAll("duplicate", { status, headers: headers as Reply["headers"], body });
}

function isBody(body: unknown): body is Reply["body"] {
  return typeof body === "string" || body instanceof Uint8Array;
}

function bytesOf(base64: unknown): Uint8Array | undefined {
  return typeof base64 === "string" ? Buffer.from(base64, "base64") : undefined;
}

function parse(answer: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(answer));
  } catch {
    return {};
  }
}
