/** What follows the work of a receiver, such as tracing: the option `instrument`. Core knows of no tracer more than this. */
import type { ListedState } from "../contract/backend.ts";
import type { Observation } from "./observe.ts";

/**
 * Follows the work of a receiver: each delivery, each run of a handler, each post. What it throws fails nothing, and is told
 * like an error of `observe`. `opentelemetry()` of `@answerback/opentelemetry` makes one.
 */
export interface Instrument {
  /**
   * Is called with the receiver, once it is made.
   *
   * @returns What is called when the receiver has closed; nothing: nobody is called.
   */
  attach?(receiver: Instrumented): (() => void) | void;
  /**
   * Something begins.
   *
   * @returns What follows it; `undefined`: nobody does.
   */
  start(begun: Begun): Following | undefined;
}

/** What an instrument sees of its receiver. */
export interface Instrumented {
  /** The receiver's name. */
  readonly name: string;
  /** The provider's name. */
  readonly provider: string;
  /** Hears of every observation from now on; the function that it returns stops that. */
  watch(listener: (record: Observation) => void): () => void;
  /** The receiver's records. */
  readonly records: {
    /** Counts them. Rejects with `backend_away`. */
    stats(): Promise<{
      /** How many in each state. */
      readonly counts: Readonly<Record<ListedState, number>>;
      /** How long what has been due longest has been due: ms. */
      readonly dueForMs: number;
      /** How many handlers run in this process. */
      readonly runs: number;
      /** How many callbacks are being posted by this process. */
      readonly posts: number;
      /** What is paused: all, or some event types. */
      readonly paused: { readonly all: boolean; readonly names: readonly string[] };
    }>;
  };
}

/** What begins. All else is in the observation with which it ends. */
export interface Begun {
  /** A delivery, a run of a handler, or a post of a callback. */
  readonly kind: "delivery" | "run" | "post";
  /** The receiver's name. */
  readonly receiver: string;
  /** The provider's name. */
  readonly provider: string;
  /**
   * The {@link Following.trace} of the delivery that brought the event, in this process or in another; `undefined`: nobody
   * followed that, or it is a delivery that begins.
   */
  readonly trace?: string | undefined;
  /** The host that is posted to; `undefined`: it is no post. */
  readonly host?: string | undefined;
}

/** What follows one delivery, run or post. */
export interface Following {
  /**
   * Of a delivery: what its runs and posts are to find it by. It is stored with each of its events, as it is, where it has at
   * most 1,024 characters.
   */
  readonly trace?: string | undefined;
  /** Calls `work` at once, in a context of its own; what `work` goes on with later belongs to that as well. */
  within(work: () => void): void;
  /** It has ended, with what `observe` gets; `undefined`: the delivery was none of ours, and is observed by nobody. */
  end(observation: Observation | undefined): void;
}
