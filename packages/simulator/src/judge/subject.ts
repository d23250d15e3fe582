/** What can be judged, and what the judge has to be told of it. */
import type { CallbackTransport } from "../callbacks/post.ts";
import type { CallbackUrls } from "../callbacks/urls.ts";
import type { Credentials } from "../deliveries/delivery.ts";
import type { ProviderName } from "../protocols/protocol.ts";
import type { Clock } from "../lib/clock.ts";
import type { PlayOptions } from "../play/scene.ts";
import type { Target } from "../play/target.ts";

/** A receiver to judge. */
export type Subject = BuiltSubject | StandingSubject;

/** Built afresh for each scenario, around the judge's handler: everything can be judged. */
export interface BuiltSubject {
  /** Makes the receiver of one scenario. */
  build(bench: Bench): Target | Promise<Target>;
  /** Called after each scenario: close what was built. */
  close?(): unknown;
}

/** What the judge brings for a receiver to be built around. */
export interface Bench {
  /**
   * The handler: call it with the event's decoded data, or with its id, by which the provider knows it from others; return
   * what it returns. It fails, takes its time or answers as the scenario has it.
   */
  readonly handle: (data: unknown) => Promise<any>;
  /** How a receiver posts its callbacks. */
  readonly transport: CallbackTransport;
  /** The provider's clock, which signatures tell; a receiver with deadlines of its own has to live on it. */
  readonly clock: Clock;
}

/** A receiver that stands already, in another process perhaps: what needs a handler of the judge's is skipped. */
export interface StandingSubject {
  /** Where the receiver is: an app, a listener, a server or a URL. */
  readonly target: Target;
  /** The ids handled so far, one for each run of the handler. Default: unknown, and nothing is demanded of them. */
  handled?(): readonly string[] | Promise<readonly string[]>;
  /** The callbackUrls whose transport the receiver has. Default: scenarios about callbacks are skipped. */
  readonly callbacks?: CallbackUrls;
}

/** How a receiver is judged. What the receiver asks of a delivery has to be told here. */
export interface JudgeOptions extends Pick<PlayOptions, ProviderName | "quietMs"> {
  /** Where the receiver is mounted. For Uphance with a secret in the URL: with the secret. Default: at the root. */
  readonly mount?: string;
  /** The basic credentials that the receiver takes. Default: it takes all; scenarios about credentials are skipped. */
  readonly credentials?: Credentials;
  /** Uphance: the part of `mount` that is secret. Default: none; scenarios about it are skipped. */
  readonly secret?: string;
  /** Upsales: the key that the receiver takes. Default: it takes all; scenarios about it are skipped. */
  readonly authenticationKey?: string;
  /** Only the scenarios of these names. Default: all. */
  readonly only?: readonly string[];
  /** Another seed makes other events, for a standing receiver that has seen those of the last. Default 1. */
  readonly seed?: number;
}
