/** A scenario: a named thing that a provider does to its receiver, and what the contract demands then. */
import type { ProviderName } from "../deliveries/delivery.ts";
import type { CallbackFaultPlan } from "../faults.ts";
import type { Stage } from "./stage.ts";

/** What a scenario needs of the subject or the options, or else is skipped. */
export type Need = "handler" | "callbacks" | "credentials" | "secret" | "authenticationKey";

/** One run of the judge's handler. */
export interface Run {
  readonly id: string;
  /** The how-manieth run for this id, from 1. */
  readonly ordinal: number;
  /** Waits on the provider's clock. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** A named scenario. */
export interface Scenario {
  readonly provider: ProviderName;
  /** What a right receiver does, as a sentence without its subject. */
  readonly name: string;
  /** The clause that a receiver breaks when it fails, unless the scenario names another. */
  readonly clause: string;
  readonly needs?: readonly Need[];
  /** What the handler does. Default: it succeeds and answers nothing. */
  readonly handle?: (run: Run) => unknown;
  /** What goes wrong with the posts to a callbackUrl. */
  readonly callbackFaults?: CallbackFaultPlan;
  play(stage: Stage): Promise<void>;
}
