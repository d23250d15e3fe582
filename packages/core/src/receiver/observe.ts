/** What a receiver tells its observer: a plain record of each delivery, run, post and dead letter, with no secret in it. */
import type { ErrorCode } from "../contract/errors.ts";

/** A record for logs, metrics and traces. `kind` tells the four apart. */
export type Observation = DeliveryObservation | RunObservation | PostObservation | DeadObservation;

/**
 * What became of a delivery. `"handled"`: its handler ran, or it needed none. `"duplicate"`: its event has an answer
 * already. `"accepted"`: acknowledged, while the handler goes on or is still to run. `"ignored"`: its event has no handler,
 * or is older than one of its entity that was handled. `"running"`: its event is still being handled, so it was refused
 * for now. `"refused"`: it is not the provider's, or cannot be taken now. `"failed"`: the handler failed, or the receiver.
 */
export type Outcome = "handled" | "duplicate" | "accepted" | "ignored" | "running" | "refused" | "failed";

interface Observed {
  /** The receiver's name. */
  readonly receiver: string;
  /** What went wrong; `undefined`: nothing. */
  readonly code?: ErrorCode | undefined;
  /** The same as a sentence, with no value out of a body and no secret in it. */
  readonly reason?: string | undefined;
}

interface ObservedEvent extends Observed {
  /** The event's key. */
  readonly key: string;
  /** A type that the provider lists, or `"*"`. */
  readonly type: string;
  /** The same as `type`; the provider's own name where that is `"*"`. */
  readonly name: string;
  /** The provider's own id of what the event is about: a contact, an order; `undefined`: it has none. */
  readonly id?: string | undefined;
}

interface Timed {
  /** How long it took: ms. */
  readonly tookMs: number;
}

/** A delivery was answered. */
export interface DeliveryObservation
  extends Observed, Timed, Partial<Pick<ObservedEvent, "key" | "type" | "name" | "id">> {
  readonly kind: "delivery";
  /** What became of it. */
  readonly outcome: Outcome;
  /** The HTTP status of the reply. */
  readonly status: number;
  /** How many events it carried; 0 where it carried none, or was refused before it was decoded. */
  readonly events: number;
  /** How many of them are items of a list that are malformed, each now a dead letter; 0 where it carried no list. */
  readonly malformed: number;
  /** The ordinal of the delivery, where the provider tells it. Like `key`, `type`, `name` and `id`, only for a single event. */
  readonly deliveryAttempt?: number | undefined;
}

/** A run of a handler ended. */
export interface RunObservation extends ObservedEvent, Timed {
  readonly kind: "run";
  /** `"handled"`: the handler returned a good answer. `"failed"`: any other end. */
  readonly outcome: "handled" | "failed";
  /** The ordinal of this run of the event, from 1. */
  readonly attempt: number;
}

/** A post of a callback ended. */
export interface PostObservation extends ObservedEvent, Timed {
  readonly kind: "post";
  /**
   * `"accepted"`: the provider took the callback. `"presumed_delivered"`: the provider refused it, but an earlier use of
   * the address may have arrived. `"rejected"`: the provider refused it, and no earlier use can have arrived. `"failed"`:
   * the post failed, for now or for good.
   */
  readonly outcome: "accepted" | "presumed_delivered" | "rejected" | "failed";
  /** The ordinal of this use of the callback address, from 1; an inline answer that spends one counts as a use. */
  readonly attempt: number;
  /** Does it carry the answer? `false`: it is a partial one, of `context.post` or of `receiver.answer`. */
  readonly final: boolean;
  /** The HTTP status of the provider's answer, if there was an answer. */
  readonly status?: number | undefined;
}

/** The receiver gave an event or a callback up: it is a dead letter now. `code` and `reason` say why. */
export interface DeadObservation extends Observed, Partial<Pick<ObservedEvent, "type" | "name" | "id">> {
  readonly kind: "dead";
  /** Always the same, so that every record has one. */
  readonly outcome: "dead";
  /** The dead letter's key. */
  readonly key: string;
  /** What is kept: the event, its callback, or a body that is not the provider's, which has no type. */
  readonly work: "event" | "callback" | "malformed body";
}
