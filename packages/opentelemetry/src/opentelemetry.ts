/** `opentelemetry()`: follows the work of receivers with spans, counts and times it, and measures what they keep. */
import type { Instrument } from "@answerback/core";
import { objectWith, optional, readOptions, takesAtMost } from "@answerback/core/provider";
import { metrics, trace, type MeterProvider, type TracerProvider } from "@opentelemetry/api";
import { countAndTime } from "./counts.ts";
import { measureRecords } from "./gauges.ts";
import { startSpan } from "./spans.ts";

/** What {@link opentelemetry} takes. */
export interface OpenTelemetryOptions {
  /** Makes the spans. Default: the tracer provider that the app has registered. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Makes counters, histograms and gauges. Default: the meter provider that the app has registered before the receiver is made. */
  readonly meterProvider?: MeterProvider | undefined;
}

/** What spans and figures say where they come from. */
const scope = "@answerback/opentelemetry";

/**
 * The option `instrument` of a receiver, or of several: a span for each delivery, each run of a handler and each post, all of
 * an event in one trace, in whatever process; counters and histograms of what `observe` tells; and gauges of the records. No
 * secret, no address and no payload is in any of them.
 *
 * @throws OptionError `unknown` for an option that there is not; `invalid` for what makes no spans, or no figures.
 * @example
 * const receiver = createReceiver(upsales(), { instrument: opentelemetry(), authenticate, handle });
 * @see {@link https://opentelemetry.io/docs/specs/semconv/messaging/}
 */
export function opentelemetry(options: OpenTelemetryOptions = {}): Instrument {
  takesAtMost(1, "opentelemetry", arguments);
  const { tracerProvider, meterProvider } = readOptions("opentelemetry", options, known);
  const tracer = (tracerProvider ?? trace).getTracer(scope);
  return {
    start: (begun) => startSpan(tracer, begun),
    attach(receiver) {
      const meter = (meterProvider ?? metrics).getMeter(scope);
      const stopWatching = receiver.watch(countAndTime(meter, receiver));
      const stopMeasuring = measureRecords(meter, receiver);
      return () => {
        stopWatching();
        stopMeasuring();
      };
    },
  };
}

const known = {
  tracerProvider: optional(objectWith<TracerProvider>("a tracer provider of OpenTelemetry's", "getTracer")),
  meterProvider: optional(objectWith<MeterProvider>("a meter provider of OpenTelemetry's", "getMeter")),
};
