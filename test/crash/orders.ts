/** What the tests and the processes that are killed say to each other. */
import type { DeadLetter } from "@answerback/core";
import type { Place } from "./places.ts";

/** What a process is, said at its start. */
export interface Orders {
  readonly place: Place;
  /** Which of the processes it is, in the ledger. */
  readonly name: string;
  /** Where callbacks are posted, whatever host their address names. */
  readonly callbacks: string;
  /** Discord's key. */
  readonly publicKey: string;
  /** Does it work what is due? Not where that is somebody else's. */
  readonly background: boolean;
}

/** What it is told: where to end, after how many steps to end, to end no handler, or not the slow ones, or to say something. */
export type Order =
  | { readonly doomed: string }
  | { readonly stepsLeft: number }
  | { readonly stuck: true }
  | { readonly slow: boolean }
  | { readonly whenIdle: true }
  | { readonly look: readonly EventAt[] };

/** An event by the name of its receiver and its key. */
export type EventAt = readonly [receiver: string, key: string];

/** What it says: where it listens, what it gave up, how records stand, or that a handler will never end. */
export interface Answer {
  readonly url?: string;
  readonly deadLetters?: readonly DeadLetter[];
  readonly records?: readonly Standing[];
  readonly stuck?: string;
}

/** How a record stands; `undefined` where there is none. */
export type Standing = { readonly work: string | null; readonly answered: boolean } | undefined;

export const authenticationKey = "a-key-of-the-app";

/** Slack's. */
export const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";

export const credentials = { username: "hook", password: "correct-horse-battery" };
