/** A scene: what a provider does to one of the apps, and all that has to come of it. */
import type { CallbackFaultPlan, PlayOptions, Step } from "@answerback/simulator";
import type { Apps } from "./apps.ts";

export interface Scene {
  readonly title: string;
  readonly app: keyof Apps;
  readonly steps: Step | readonly Step[];
  /** What goes wrong on the way, and what the provider's page leaves open. */
  readonly options?: PlayOptions;
  /** What goes wrong at the callbackUrl. */
  readonly callbackFaults?: CallbackFaultPlan;
  readonly expected: readonly Came[];
  /** The codes of the warnings that it may well cause. */
  readonly warns?: readonly string[];
}

/** What came of an attempt, or of a callback. */
export type Came = readonly [
  /** What the provider got: a reply, or a callback. */
  got: string,
  /** What the handler saw since the line before. */
  saw: string,
  concluded: string,
];

/** A line of a scene that was played. */
export interface Line {
  readonly atMs: number;
  /** `"contact.create #2"` */
  readonly what: string;
  readonly came: Came;
}

/** What a scene came to. */
export interface Played {
  readonly lines: readonly Line[];
  readonly warnings: readonly string[];
  /** Over all receivers: what had to be given up. */
  readonly deadLetters: number;
}
