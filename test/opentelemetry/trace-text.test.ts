/** A trace context as a text in a record. */
import { createTraceState, type SpanContext } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { fromText, toText } from "../../packages/opentelemetry/src/trace-text.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const parent = `00-${traceId}-${spanId}-01`;
const span: SpanContext = { traceId, spanId, traceFlags: 1 };

test.each([
  ["a span", span, parent],
  ["a span that is not sampled", { ...span, traceFlags: 0 }, `00-${traceId}-${spanId}-00`],
  [
    "a span with a vendor's state",
    { ...span, traceState: createTraceState("congo=t61,rojo=00f067") },
    `${parent} congo=t61,rojo=00f067`,
  ],
])("%s goes into a text, and comes out of it in another process", (_, context, text) => {
  expect(toText(context)).toBe(text);
  const { traceState, ...found } = fromText(text)!;
  expect(found).toEqual({ traceId, spanId, traceFlags: context.traceFlags, isRemote: true });
  expect(traceState?.serialize()).toBe(context.traceState?.serialize());
});

test("a state for which a record has no room is left out", () => {
  const traceState = createTraceState("a=b");
  expect(toText({ ...span, traceState: { ...traceState, serialize: () => "x".repeat(1_000) } })).toBe(parent);
});

test("a span that leads nowhere has no text", () => {
  expect(toText({ ...span, traceId: "0".repeat(32) })).toBeUndefined();
});

test.each([
  "",
  "7",
  parent.slice(1),
  `01${parent.slice(2)}`,
  `00-${"0".repeat(32)}-${spanId}-01`,
  `${parent}-x`,
])("%j is nobody's text", (text) => {
  expect(fromText(text)).toBeUndefined();
});
