/** Counters and histograms of what a receiver's observer gets. */
import type { Instrumented, Observation } from "@answerback/core";
import type { Meter } from "@opentelemetry/api";
import { endOf, operationOf, ownerOf } from "./attributes.ts";

/** Of durations: seconds, as the conventions have them. */
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Takes each observation of a receiver into account. */
export function countAndTime(
  meter: Meter,
  receiver: Pick<Instrumented, "name" | "provider">,
): (observation: Observation) => void {
  const instruments = instrumentsOf(meter);
  const owner = ownerOf(receiver);
  const delivery = operationOf("delivery", receiver);
  const run = operationOf("run", receiver);
  const post = operationOf("post", receiver);
  return (observation) => {
    const end = endOf(observation);
    switch (observation.kind) {
      case "delivery":
        instruments.deliveryDuration.record(observation.tookMs / 1_000, { ...delivery, ...end });
        instruments.delivered.add(observation.events, { ...delivery, ...end });
        instruments.malformed.add(observation.malformed, owner);
        return;
      case "run":
        instruments.processDuration.record(observation.tookMs / 1_000, { ...run, ...end });
        return;
      case "post":
        instruments.sendDuration.record(observation.tookMs / 1_000, { ...post, ...end });
        instruments.sent.add(1, { ...post, ...end });
        return;
      case "dead":
        instruments.dead.add(1, { ...owner, ...end, "answerback.work": observation.work });
    }
  };
}

function instrumentsOf(meter: Meter) {
  const duration = (name: string, description: string) =>
    meter.createHistogram(name, { unit: "s", description, advice: { explicitBucketBoundaries: boundaries } });
  const counter = (name: string, unit: string, description: string) =>
    meter.createCounter(name, { unit, description });
  return {
    deliveryDuration: duration("answerback.delivery.duration", "How long a delivery waited for its reply."),
    processDuration: duration("messaging.process.duration", "How long a run of a handler took."),
    sendDuration: duration("messaging.client.operation.duration", "How long the post of a callback took."),
    delivered: counter("messaging.client.consumed.messages", "{message}", "Events that deliveries carried."),
    sent: counter("messaging.client.sent.messages", "{message}", "Posts of callbacks."),
    malformed: counter("answerback.malformed", "{message}", "Items of lists that were not the provider's."),
    dead: counter("answerback.dead_letters", "{record}", "Events, callbacks and bodies that were given up."),
  };
}
