/** A trace context as text, which travels in a record: W3C's `traceparent`, and behind a space its `tracestate`. */
import { createTraceState, isSpanContextValid, type SpanContext } from "@opentelemetry/api";

/** What core stores: characters. */
const longest = 1_024;

/**
 * The text of a span's context; `undefined` for one that leads nowhere.
 *
 * @see {@link https://www.w3.org/TR/trace-context/#traceparent-header}
 */
export function toText(span: SpanContext): string | undefined {
  if (!isSpanContextValid(span)) return undefined;
  const { traceId, spanId, traceFlags, traceState } = span;
  const parent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
  const text = `${parent} ${traceState?.serialize() ?? ""}`.trimEnd();
  return text.length <= longest ? text : parent;
}

const written = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?: (.+))?$/;

/** The context that a text tells of; `undefined` for a text of anybody else's. */
export function fromText(text: string): SpanContext | undefined {
  const [, traceId = "", spanId = "", flags = "", state] = written.exec(text) ?? [];
  const span: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(state !== undefined && { traceState: createTraceState(state) }),
  };
  return isSpanContextValid(span) ? span : undefined;
}
