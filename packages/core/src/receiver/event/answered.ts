/** What an event of a delivery came to, and who waits to be told. */
import { isRecord } from "../../decoding/json.ts";
import type { Reply } from "../../delivery.ts";
import { AnswerbackError, type ErrorCode } from "../../errors.ts";
import type { Soon } from "../../soon.ts";
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
export class Telling {
  readonly #isWaiting: () => boolean;
  #failed = false;
  #answered: Answered | undefined;
  #waiting: PromiseWithResolvers<Answered> | undefined;

  /** @param isWaiting Is the delivery that began the event still there? */
  constructor(isWaiting: () => boolean) {
    this.#isWaiting = isWaiting;
  }

  /** What they are told. */
  get answered(): Soon<Answered> {
    return this.#answered ?? (this.#waiting ??= Promise.withResolvers()).promise;
  }

  resolve(answered: Answered): void {
    if (this.#failed) return;
    this.#answered ??= answered;
    this.#waiting?.resolve(answered);
  }

  reject(error: unknown): void {
    if (this.#answered) return;
    this.#failed = true;
    (this.#waiting ??= Promise.withResolvers()).reject(error);
  }

  /** Does the delivery that began it still wait? Only then can a callback go inline; who was told of a failure does not. */
  listening(): boolean {
    return !this.#failed && this.#isWaiting();
  }
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
