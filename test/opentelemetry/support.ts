/** OpenTelemetry in memory: what `opentelemetry()` exports, and receivers whose work it follows. */
import { opentelemetry } from "@answerback/opentelemetry";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { MeterProvider, MetricReader, type DataPoint, type Histogram } from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace";

/** What is in a figure: a number, or what was timed. */
type Point = DataPoint<number> | DataPoint<Histogram>;

class Reader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** Everything that is exported. */
export interface Exported {
  readonly instrument: ReturnType<typeof opentelemetry>;
  readonly tracerProvider: TracerProvider;
  /** The spans that have ended, in the order of their ends. */
  readonly spans: () => ReadableSpan[];
  /** The figures as they are now, by the name of the instrument. */
  readonly figures: () => Promise<Readonly<Record<string, readonly Point[]>>>;
}

/** An instrument with providers of its own; the context manager is the process's. */
export function exporting(): Exported {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const reader = new Reader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  return {
    instrument: opentelemetry({ tracerProvider, meterProvider }),
    tracerProvider,
    spans: () => exporter.getFinishedSpans(),
    async figures() {
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw errors[0];
      const all = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
      return Object.fromEntries(
        all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints as Point[]]),
      );
    },
  };
}

/** A span in short: its name, its trace, and its place in it. */
export function placeOf(span: ReadableSpan) {
  const { traceId, spanId } = span.spanContext();
  return { name: span.name, traceId, spanId, parent: span.parentSpanContext?.spanId };
}
