/** A provider's own behaviour as a sender: how long it waits, what it concludes, how it sends again. Pure. */
import type { RawDelivery } from "../deliveries/delivery.ts";
import type { Conclusion, Progress, Seen } from "./conclusion.ts";

/** The sending side of one provider. */
export interface Protocol {
  /** How long the provider waits for the whole answer: ms. */
  readonly patienceMs: number;
  /** What the provider concludes from an answer, or from none. */
  readonly conclude: (seen: Seen, progress: Progress) => Conclusion;
  /** The delivery of the same event, sent again as the `attempt`th attempt. */
  readonly again: (delivery: RawDelivery, attempt: number) => RawDelivery;
}

/** Most providers send the same bytes again. */
export const sameBytes = (delivery: RawDelivery): RawDelivery => delivery;
