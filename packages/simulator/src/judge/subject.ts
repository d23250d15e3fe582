/** What can be judged: a receiver built around the judge's own handler, or one that stands already. */
import type { CallbackTransport, CallbackUrls } from "../callback-urls.ts";
import type { Clock } from "../clock.ts";
import type { Target } from "../target.ts";

/** What the judge brings for a receiver to be built around. */
export interface Bench {
  /**
   * The handler: call it with the event's decoded data, return what it returns. It fails, takes its time or answers as
   * the scenario has it.
   */
  readonly handle: (data: unknown) => Promise<any>;
  /** How an Upsales receiver posts its callbacks. */
  readonly transport: CallbackTransport;
  /** The provider's clock; a receiver with deadlines of its own has to live on it. */
  readonly clock: Clock;
}

/** A receiver to judge. */
export type Subject = BuiltSubject | StandingSubject;

/** Built afresh for each scenario, around the judge's handler: everything can be judged. */
export interface BuiltSubject {
  build(bench: Bench): Target | Promise<Target>;
  /** Called after each scenario: close what was built. */
  close?(): unknown;
}

/** A receiver that stands already, in another process perhaps: what needs a handler of the judge's is skipped. */
export interface StandingSubject {
  readonly target: Target;
  /** The ids handled so far, one for each run of the handler. Default: unknown, and what needs it isn't demanded. */
  handled?(): readonly string[] | Promise<readonly string[]>;
  /** The callbackUrls whose transport the receiver has. */
  readonly callbacks?: CallbackUrls;
}
