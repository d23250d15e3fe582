/** A scenario: a named thing that a provider does to its receiver, what the contract demands then, and on which stage. */
import type { CallbackFaultPlan, CallbackUse } from "../callbacks/post.ts";
import type { BuildOptions } from "../deliveries/delivery.ts";
import type { AnyDelivery, Protocol } from "../protocols/protocol.ts";
import type { Clock } from "../lib/clock.ts";
import type { AttemptEntry } from "../play/journal.ts";
import type { Step } from "../play/play.ts";
import type { PlayOptions } from "../play/scene.ts";
import type { JudgeOptions } from "./subject.ts";

/** A named scenario. */
export interface Scenario {
  /** Who does it: one of the four, or the name of a sender. */
  readonly provider: AnyDelivery["provider"];
  /** How it sends. Default: as its provider, one of the four, does. */
  readonly protocol?: Protocol;
  /** What a right receiver does, as a sentence without its subject. */
  readonly name: string;
  /** The id of the clause that a receiver breaks when it fails, unless the scenario names another: `"any.7"`. */
  readonly clause: string;
  /** What must be there for this scenario. Default: nothing, but a handler of the judge's where `handle` is given. */
  readonly needs?: readonly Need[];
  /** What the handler does. Default: it succeeds and answers nothing. */
  readonly handle?: (run: Run) => unknown;
  /** What goes wrong with the posts to the address of a delivery. Default: nothing. */
  readonly callbackFaults?: CallbackFaultPlan;
  /** Plays the scenario, and makes its demands. */
  play(stage: Stage): Promise<void>;
}

/** What a scenario needs of the subject or of the options, or else is skipped. */
export type Need = "handler" | "callbacks" | "credentials" | "secret" | "authenticationKey";

/** One run of the judge's handler. */
export interface Run {
  /** The id of the entity that the event is about. */
  readonly id: string;
  /** The ordinal of the run among those for this id, from 1. */
  readonly ordinal: number;
  /** Waits so many ms on the provider's clock. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** What a scenario is played on: the receiver, what its handler did, and where demands are made. */
export interface Stage {
  /** The provider's clock. */
  readonly clock: Clock;
  /** How the receiver is judged. */
  readonly options: JudgeOptions;
  /** How long the provider waits for an answer: ms. */
  readonly patienceMs: number;
  /** Everything that reached the address of a delivery, or was meant to. */
  readonly uses: readonly CallbackUse[];
  /** The options of the `n`th delivery of this scenario, from 1: a seed of its own, the mount. */
  nth(n: number): BuildOptions & { readonly seed: number };
  /** Plays events at the receiver. Resolves to their attempts, in the order in which they were concluded. */
  play(steps: Step | readonly Step[], options?: PlayOptions): Promise<AttemptEntry[]>;
  /** Lets so many ms go by; on a clock that nobody turns, at most a second. */
  wait(ms: number): Promise<void>;
  /** Sends a request that is no delivery. Resolves to its status. */
  request(method: string, path: string): Promise<number>;
  /** How often the handler began for this id; `undefined`: the subject does not say. */
  runs(id: string): Promise<number | undefined>;
  /** How often the handler succeeded for this id; `undefined`: the subject does not say. */
  successes(id: string): number | undefined;
  /**
   * Unless `ok`, the receiver breaks a clause.
   *
   * @param says - What the receiver did, as a sentence without its subject.
   * @param clause - Default: the clause of the scenario.
   */
  demand(ok: boolean, says: string, clause?: string): void;
}
