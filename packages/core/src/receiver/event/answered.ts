/** What an event of a delivery came to, and who waits to be told. */
import { isRecord } from "../../decoding/json.ts";
import type { Reply } from "../../delivery.ts";
import { AnswerbackError, type ErrorCode } from "../../errors.ts";
import type { Outcome } from "../observe.ts";

/** An event that has an answer. */
export interface Answered {
  readonly outcome: Outcome;
  readonly code?: ErrorCode;
  /** For the delivery that began it. */
  readonly reply: Reply;
  /** For every other delivery: the same without a callback (any.7). */
  readonly repeat: Reply;
}

/** The deliveries that wait for what becomes of an event. They are told once, though the event may go on. */
export interface Telling {
  resolve(answered: Answered): void;
  reject(error: unknown): void;
  /** Does the delivery that began it still wait? Only then can a callback go inline. */
  listening(): boolean;
}

/** A telling, and what it tells. Who was told of a failure does not listen any more. */
export function createTelling(listening: () => boolean): { promise: Promise<Answered>; telling: Telling } {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  let failed = false;
  const telling: Telling = {
    resolve,
    reject(error) {
      failed = true;
      reject(error);
    },
    listening: () => !failed && listening(),
  };
  return { promise, telling };
}

/** The same reply for every delivery. */
export function alike(outcome: Outcome, reply: Reply): Answered {
  return { outcome, reply, repeat: reply };
}

/** The stored answer, for a duplicate (any.7). Throws `backend_away` for what we never store. */
export function repeated(answer: string): Answered {
  const { status, headers, body } = parse(answer);
  if (typeof status !== "number" || !isRecord(headers) || typeof body !== "string")
    throw new AnswerbackError("backend_away", "the backend answered what is not in its contract");
  return alike("duplicate", { status, headers: headers as Reply["headers"], body });
}

function parse(answer: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(answer));
  } catch {
    return {};
  }
}
