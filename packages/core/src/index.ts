/** The public face of `@answerback/core`, every name by hand. */

export type { Body, Delivery, DeliveryReceiver, Reply, Sent } from "./delivery.ts";
