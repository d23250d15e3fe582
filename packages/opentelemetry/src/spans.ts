/** A span for a delivery, a run, a post: those of an event are children of its delivery's, and linked to it, in every process. */
import type { Begun, Following, Observation } from "@answerback/core";
import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type SpanContext,
  type Tracer,
} from "@opentelemetry/api";
import { detailsOf, endOf, given, operationOf, spanNameOf } from "./attributes.ts";
import { fromText, toText } from "./trace-text.ts";

/** Begins the span of a delivery, a run or a post. */
export function startSpan(tracer: Tracer, begun: Begun): Following {
  const { kind, receiver, provider, host } = begun;
  const delivery = begun.trace === undefined ? undefined : fromText(begun.trace);
  const parent = kind === "delivery" ? context.active() : contextUnder(delivery);
  const span = tracer.startSpan(
    spanNameOf(begun),
    {
      kind: kindOf(kind, parent),
      attributes: given({ ...operationOf(kind, { name: receiver, provider }), "server.address": host }),
      links: delivery ? [{ context: delivery }] : [],
    },
    parent,
  );
  const inside = trace.setSpan(parent, span);
  return {
    trace: kind === "delivery" ? toText(span.spanContext()) : undefined,
    within: (work) => context.with(inside, work),
    end: (observation) => endSpan(span, observation),
  };
}

/**
 * The context under the span of the delivery. Where we are in its trace already, such as in the delivery itself or in a handler
 * that posts, the span that is active stays. What else is active is somebody else's: a worker begins wherever it was woken.
 */
function contextUnder(delivery: SpanContext | undefined): Context {
  if (!delivery) return ROOT_CONTEXT;
  const active = context.active();
  const isHere = trace.getSpanContext(active)?.traceId === delivery.traceId;
  return isHere ? active : trace.setSpanContext(ROOT_CONTEXT, delivery);
}

/** A delivery is the server's side of a request, unless somebody has a span for just that around it. */
function kindOf(kind: Begun["kind"], parent: Context): SpanKind {
  if (kind === "run") return SpanKind.CONSUMER;
  if (kind === "post") return SpanKind.CLIENT;
  return trace.getSpan(parent) ? SpanKind.INTERNAL : SpanKind.SERVER;
}

function endSpan(span: Span, observation: Observation | undefined): void {
  if (observation) {
    span.setAttributes({ ...endOf(observation), ...detailsOf(observation) });
    if (isError(observation))
      span.setStatus({ code: SpanStatusCode.ERROR, message: observation.reason ?? "" });
  }
  span.end();
}

/** A delivery that the provider got wrong is no error of ours. A callback that may have arrived is none either. */
function isError(observation: Observation): boolean {
  if (observation.kind === "delivery") return observation.outcome === "failed" || observation.status >= 500;
  return observation.outcome === "failed" || observation.outcome === "rejected";
}
