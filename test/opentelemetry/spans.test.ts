/** The spans of a receiver: names, attributes, places in the trace, and nothing secret. */
import { memory, PermanentError, upsales } from "@answerback/core";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import * as conventions from "@opentelemetry/semantic-conventions/incubating";
import { describe, expect, it } from "vitest";
import { asTwo, faulty, two } from "../life-cycle/support.ts";
import { acme, ask } from "../support/acme.ts";
import { sample } from "../support/deliveries.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { exporting, placeOf } from "./support.ts";

const decode = ({ body }: any) => {
  const { id, about, ...data } = body;
  return { type: "asked", data, key: [id], id: about, callbackUrl: `https://hooks.acme.example/${id}` };
};

describe.each(two)("$name", (framework) => {
  const open = ({ options, ...given }: HouseOptions = {}, parts: object = {}) =>
    openHouse(framework, "upsales", {
      provider: acme({ decode, ...parts }),
      options: { authenticate: false, ...options },
      ...given,
    });

  it("a delivery, its run and its posts are one trace, with the conventions' names", async () => {
    const { instrument, spans, tracerProvider } = exporting();
    const clock = manualClock();
    const house = await open({
      ...{ clock, backend: faulty(clock), options: { answerWithin: 0, instrument, name: "orders" } },
      async handle(_: unknown, { post }: any) {
        const own = tracerProvider.getTracer("app").startSpan("crunch");
        own.end();
        await post({ text: "half" });
        return { text: "all" };
      },
    });
    await house.deliver(ask(1, { about: "order-7" }));
    await house.receiver.idle();
    const [crunch, delivery, half, run, all] = spans();
    expect(spans().map(({ name }) => name)).toEqual([
      "crunch",
      "deliver orders",
      "send orders",
      "process orders",
      "send orders",
    ]);
    expect(new Set(spans().map((span) => placeOf(span).traceId)).size).toBe(1);
    expect([delivery, run, crunch, half, all].map((span) => placeOf(span!).parent)).toEqual([
      undefined,
      placeOf(delivery!).spanId,
      placeOf(run!).spanId,
      placeOf(run!).spanId,
      placeOf(delivery!).spanId,
    ]);
    for (const span of [run, half, all])
      expect(span!.links.map((link) => link.context.spanId)).toEqual([placeOf(delivery!).spanId]);
    const { key } = house.events[0];
    const common = {
      "messaging.system.name": "acme",
      "messaging.destination.name": "orders",
      "messaging.message.id": key,
      "answerback.event.type": "asked",
      "answerback.event.name": "asked",
      "answerback.event.id": "order-7",
    };
    expect([delivery!.kind, delivery!.attributes]).toEqual([
      SpanKind.SERVER,
      {
        ...common,
        "messaging.operation.name": "deliver",
        "answerback.outcome": "accepted",
        "http.response.status_code": 200,
      },
    ]);
    expect([run!.kind, run!.attributes]).toEqual([
      SpanKind.CONSUMER,
      {
        ...common,
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "answerback.outcome": "handled",
        "answerback.attempt": 1,
      },
    ]);
    expect([half!.kind, half!.attributes]).toEqual([
      SpanKind.CLIENT,
      {
        ...common,
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "server.address": "hooks.acme.example",
        "answerback.outcome": "accepted",
        "answerback.attempt": 1,
        "answerback.final": false,
        "http.response.status_code": 200,
      },
    ]);
    expect(all!.attributes).toEqual({
      ...half!.attributes,
      "answerback.attempt": 2,
      "answerback.final": true,
    });
  });

  it("names that are not ours are in force in the conventions", async () => {
    const { instrument, spans } = exporting();
    const house = await open(
      { options: { instrument } },
      { decode: ({ body }: any) => body.map((data: any) => ({ type: "noted", data })) },
    );
    await house.deliver({ ...ask(1), body: "[{}, {}]" });
    const names = new Set(spans().flatMap(({ attributes }) => Object.keys(attributes)));
    expect(names).toContain("messaging.batch.message_count");
    const known: unknown[] = Object.values(conventions);
    expect([...names].filter((name) => !name.startsWith("answerback.") && !known.includes(name))).toEqual([]);
    // its successor is `messaging.system.name`
    expect(names).not.toContain("messaging.system");
  });

  it("a delivery is a child of the span that is active around it", async () => {
    const { instrument, spans, tracerProvider } = exporting();
    const house = await open({ options: { instrument } });
    const outer = tracerProvider.getTracer("app").startSpan("POST /upsales");
    await context.with(trace.setSpan(context.active(), outer), () =>
      house.receiver.receive({
        ...{
          method: "POST",
          path: "/",
          query: "",
          secure: true,
          headers: { "content-type": ["application/json"] },
        },
        body: async () => ({ kind: "bytes", bytes: Buffer.from('{"id":1}') }),
      }),
    );
    const [, delivery] = spans();
    expect([delivery!.kind, placeOf(delivery!).parent]).toEqual([
      SpanKind.INTERNAL,
      outer.spanContext().spanId,
    ]);
  });

  it("what a worker begins is in the trace of its delivery, wherever it was woken", async () => {
    const { instrument, spans, tracerProvider } = exporting();
    const clock = manualClock();
    let isReady = false;
    const house = await open({
      ...{ clock, backend: faulty(clock), options: { answerWithin: 0, instrument } },
      handle: () => (isReady ? undefined : Promise.reject(new Error("not yet"))),
    });
    await house.deliver(ask(1));
    await expect.poll(() => spans()).toHaveLength(2);
    isReady = true;
    const another = tracerProvider.getTracer("app").startSpan("another's");
    await context.with(trace.setSpan(context.active(), another), () => clock.advance(20_000));
    await house.receiver.idle();
    expect(spans().map(({ name }) => name)).toEqual(["deliver acme", "process acme", "process acme"]);
    expect(new Set(spans().map((span) => placeOf(span).traceId)).size).toBe(1);
    expect(spans().map(({ attributes }) => attributes["answerback.attempt"])).toEqual([undefined, 1, 2]);
  });

  it("a failure is an error with its code, and its sentence as the status; what the provider got wrong is none", async () => {
    const { instrument, spans } = exporting();
    const house = await open({
      handle: () => Promise.reject(new PermanentError("4711")),
      options: { instrument },
    });
    await house.deliver(ask(1));
    await house.deliver({ ...ask(2), body: "{" });
    expect(spans().map(({ name, status, attributes }) => [name, status, attributes["error.type"]])).toEqual([
      [
        "process acme",
        { code: SpanStatusCode.ERROR, message: "the handler threw PermanentError" },
        "permanent",
      ],
      [
        "deliver acme",
        { code: SpanStatusCode.ERROR, message: "the handler threw PermanentError" },
        "permanent",
      ],
      ["deliver acme", { code: SpanStatusCode.UNSET }, "malformed"],
    ]);
  });

  it("a rejected callback is an error of its post", async () => {
    const { instrument, spans } = exporting();
    const clock = manualClock();
    const house = await open({
      ...{ clock, backend: faulty(clock), options: { answerWithin: 0, instrument } },
      transport: async () => new Response(null, { status: 410 }),
      handle: () => ({ text: "all" }),
    });
    await house.deliver(ask(1));
    await house.receiver.idle();
    expect(spans().at(-1)).toMatchObject({
      name: "send acme",
      status: { code: SpanStatusCode.ERROR, message: "hooks.acme.example refused the callback with 410" },
      attributes: { "http.response.status_code": 410, "error.type": "callback_rejected" },
    });
  });

  it("another process continues the trace from the record, and keeps what a vendor put in it", async () => {
    const [before, after] = [exporting(), exporting()];
    const clock = manualClock();
    const [one, other] = asTwo(memory({ clock }));
    const accepts = await open({
      ...{ clock, backend: one, handle: () => Promise.reject(new Error("not here")) },
      options: { answerWithin: 0, background: false, instrument: before.instrument },
    });
    await accepts.deliver(ask(1));
    await clock.advance(70_000);
    const works = await open({
      ...{ clock, backend: other, handle: () => ({ text: "late" }) },
      options: { answerWithin: 0, instrument: after.instrument, name: "works" },
    });
    await works.receiver.idle();
    const [delivery] = before.spans();
    const { traceId, spanId } = placeOf(delivery!);
    expect(after.spans().map(placeOf)).toMatchObject([
      { name: "process works", traceId, parent: spanId },
      { name: "send works", traceId, parent: spanId },
    ]);
  });

  it("no credential, no callback address and no value of a payload is in a span", async () => {
    const { instrument, spans } = exporting();
    const clock = manualClock();
    const order = sample("upsales/order-insert");
    const house = await openHouse(framework, "upsales", {
      ...{ clock, backend: faulty(clock), provider: upsales() },
      options: { instrument, answerWithin: 0 },
      transport: async () => new Response(null, { status: 500 }),
      handle: () => ({ callback: { notify: "a-notification" } }),
    });
    const { authenticationKey, callbackUrl, data } = JSON.parse(order.body);
    await house.deliver(order);
    await house.deliver({ ...order, body: order.body.replace(authenticationKey, "another-key") });
    await house.deliver({ ...order, body: `${order.body},` });
    await clock.advance(60_000);
    await house.receiver.idle();
    const said = spans().map(toText).join("\n");
    expect(said).toContain("integration.upsales.com");
    expect(spans().length).toBeGreaterThan(4);
    const secrets = [
      authenticationKey,
      "another-key",
      callbackUrl,
      new URL(callbackUrl).pathname,
      "a-notification",
    ];
    const texts = JSON.stringify(data)
      .match(/"[^"]{4,}"(?!:)/g)!
      .map((text) => text.slice(1, -1));
    expect(texts.length).toBeGreaterThan(0);
    for (const secret of [...secrets, ...texts]) expect(said).not.toContain(secret);
  });
});

/** All that a span says. */
function toText({ name, attributes, status, events, links }: ReadableSpan): string {
  return JSON.stringify({ name, attributes, status, events, links });
}
