/**
 * A process of an app whose work is followed: says where it listens, then each span that begins in a handler or has ended, and
 * what it posts. With `hangs` its handler never ends; its clock is some ms ahead.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createReceiver, upsales } from "@answerback/core";
import { createNodeHandler } from "@answerback/node";
import { opentelemetry } from "@answerback/opentelemetry";
import { sqlite } from "@answerback/sqlite";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { SimpleSpanProcessor, TracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace";
import { placeOf } from "./support.ts";

const [file = "", aheadMs = "0", does = ""] = process.argv.slice(2);
const say = (message: object) => process.send?.(message);

const exporter: SpanExporter = {
  export(spans, done) {
    for (const span of spans)
      say({ span: { ...placeOf(span), links: span.links.map(({ context: { spanId } }) => spanId) } });
    done({ code: 0 });
  },
  shutdown: async () => {},
};
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);

const clock = {
  now: () => Date.now() + Number(aheadMs),
  after(ms: number, then: () => void) {
    const timer = setTimeout(then, Math.max(ms, 0));
    return () => clearTimeout(timer);
  },
};

const receiver = createReceiver(upsales(), {
  instrument: opentelemetry(),
  backend: sqlite({ file, clock }),
  clock,
  authenticate: false,
  answerWithin: 0,
  handle: async () => {
    const { traceId } = trace.getActiveSpan()!.spanContext();
    say({ handling: traceId });
    if (does === "hangs") await new Promise(() => {});
    return { callback: { notify: "late" } };
  },
  async transport() {
    say({ posting: trace.getActiveSpan()!.spanContext().traceId });
    return new Response();
  },
});

const handler = createNodeHandler(receiver, { path: "/upsales" });
const server = createServer((request, response) => void handler(request, response));
server.listen(0, "127.0.0.1", () => say({ port: (server.address() as AddressInfo).port }));
