/** What spans and figures say, under the names of the semantic conventions, and under `answerback.` what has none there. */
import type { Begun, Instrumented, Observation } from "@answerback/core";
import type { Attributes } from "@opentelemetry/api";

/**
 * What is done with a message. A delivery is pushed to us, for which the conventions have no type; a run processes what it
 * brought; a post sends.
 */
const operations = {
  delivery: { "messaging.operation.name": "deliver" },
  run: { "messaging.operation.name": "process", "messaging.operation.type": "process" },
  post: { "messaging.operation.name": "send", "messaging.operation.type": "send" },
} as const;

/** Whose it is: the provider is the system, the receiver the destination. */
export function ownerOf({ name, provider }: Pick<Instrumented, "name" | "provider">): Attributes {
  return {
    "messaging.system.name": provider === "sns" ? "aws.sns" : provider,
    "messaging.destination.name": name,
  };
}

/** What is done, and whose it is. */
export function operationOf(kind: Begun["kind"], owner: Pick<Instrumented, "name" | "provider">): Attributes {
  return { ...operations[kind], ...ownerOf(owner) };
}

/** The name of its span: `"process upsales"`. */
export function spanNameOf({ kind, receiver }: Pick<Begun, "kind" | "receiver">): string {
  return `${operations[kind]["messaging.operation.name"]} ${receiver}`;
}

/** What of an observation takes few values: for figures, and for spans as well. */
export function endOf(observation: Observation): Attributes {
  const { kind, outcome, code, type } = observation;
  return given({
    "answerback.outcome": outcome,
    "answerback.event.type": type,
    "error.type": code,
    ...((kind === "delivery" || kind === "post") && { "http.response.status_code": observation.status }),
  });
}

/** What else a span says of an observation: which event it is, and the how-manieth time. */
export function detailsOf(observation: Observation): Attributes {
  const { key, name, id } = observation;
  return given({
    "messaging.message.id": key,
    "answerback.event.name": name,
    "answerback.event.id": id,
    ...timesOf(observation),
  });
}

function timesOf(observation: Observation): Attributes {
  if (observation.kind === "run") return { "answerback.attempt": observation.attempt };
  if (observation.kind === "post")
    return { "answerback.attempt": observation.attempt, "answerback.final": observation.final };
  if (observation.kind === "dead") return {};
  const { events, malformed, deliveryAttempt } = observation;
  return {
    "messaging.batch.message_count": events > 1 ? events : undefined,
    "answerback.malformed": malformed || undefined,
    "answerback.attempt": deliveryAttempt,
  };
}

/** Without what nobody knows: a figure would be counted apart by it. */
export function given(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
