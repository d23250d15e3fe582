/** What an event of a delivery came to, and who waits to be told. */
import type { Reply } from "../delivery.ts";
import type { ErrorCode } from "../errors.ts";
import type { Outcome } from "./observe.ts";

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

/** The same reply for every delivery. */
export function alike(outcome: Outcome, reply: Reply): Answered {
  return { outcome, reply, repeat: reply };
}
