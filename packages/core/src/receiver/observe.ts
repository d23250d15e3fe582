/** What a receiver tells its observer: one plain record a delivery, a run and a post, with no secret in it. */
import type { ErrorCode } from "../errors.ts";

/** For logs, metrics and traces. `kind` tells the three apart. */
export type Observation = DeliveryObservation | RunObservation | PostObservation;

/** What became of an event, or of a delivery as a whole. */
export type Outcome = "handled" | "duplicate" | "accepted" | "ignored" | "running" | "refused" | "failed";

interface Observed {
  /** The receiver's name. */
  readonly receiver: string;
  /** Why not, where it did not go well. */
  readonly code?: ErrorCode | undefined;
  /** ms. */
  readonly tookMs: number;
}

interface ObservedEvent extends Observed {
  readonly key: string;
  /** A listed type, or `"*"`. */
  readonly type: string;
  readonly name: string;
}

/** One delivery was answered. */
export interface DeliveryObservation extends Observed, Partial<Pick<ObservedEvent, "key" | "type" | "name">> {
  readonly kind: "delivery";
  readonly outcome: Outcome;
  /** The HTTP status of the reply. */
  readonly status: number;
  /** How many events it carried; `key`, `type` and `name` are there when it was one. */
  readonly events: number;
  /** Its ordinal, where the provider tells it. */
  readonly attempt?: number | undefined;
}

/** One run of the handler ended. */
export interface RunObservation extends ObservedEvent {
  readonly kind: "run";
  readonly outcome: "handled" | "failed";
  readonly attempt: number;
}

/** One post of a callback ended. */
export interface PostObservation extends ObservedEvent {
  readonly kind: "post";
  /**
   * `"accepted"`: the provider has it. `"presumed_delivered"`: it refused, but an earlier use may have arrived.
   * `"rejected"`: it refused, and none can have arrived. `"failed"`: it did not come through, this time or for good.
   */
  readonly outcome: "accepted" | "presumed_delivered" | "rejected" | "failed";
  readonly attempt: number;
  /** The HTTP status of the provider's answer. */
  readonly status?: number | undefined;
}
