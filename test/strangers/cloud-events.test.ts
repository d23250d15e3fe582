/** CloudEvents by a stranger's definition: its handshake, its tokens, its three modes, and what they are answered. */
import { judgeBy, printReport, scenariosFor, simulate, type DeliveryOptions } from "@answerback/simulator";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { House } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { cloudEvents } from "./cloud-events.ts";
import { deliver, judged, openOwn, two } from "./support.ts";

const token = "mF_9.B5f-4.1JqM+/=";
const events = {
  "com.example.placed": {
    data: z.looseObject({ n: z.number() }),
    answer: z.looseObject({ seen: z.boolean() }).optional(),
  },
};
const provider = () =>
  cloudEvents({ token: [token, "the-next-token"], events, origins: ["emitter.example.com"], rate: 120 });

const structured = "application/cloudevents+json; charset=utf-8";
const batched = "application/cloudevents-batch+json";
const permission: DeliveryOptions = {
  event: "permission",
  method: "OPTIONS",
  headers: { "WebHook-Request-Origin": "emitter.example.com", "WebHook-Request-Rate": "200" },
  taken: ({ headers }) =>
    headers["webhook-allowed-origin"] === "emitter.example.com" && headers["webhook-allowed-rate"] === "120",
};

const sender = simulate({
  name: "cloud-events",
  patience: "30s",
  retries: ["10s", "1m", "10m"],
  taken: ({ status, body }) => [201, 202, 204].includes(status) || (status === 200 && body !== ""),
  sign: () => ({ authorization: `Bearer ${token}`, "WebHook-Request-Origin": "emitter.example.com" }),
  handshakes: [permission],
  example: (n) => asStructured(placed(n)),
});

describe.each(two)("$name", (framework) => {
  it("any.34 permits by OPTIONS who may send, and says nothing to others", async () => {
    const house = await openOwn(framework, { provider: provider() });
    const ask = (headers: Record<string, string>) =>
      fetch(`${house.url}/hooks/own`, { method: "OPTIONS", headers });
    const permitted = await ask(permission.headers!);
    expect(Object.fromEntries(permitted.headers)).toMatchObject({
      "webhook-allowed-origin": "emitter.example.com",
      "webhook-allowed-rate": "120",
      allow: "POST",
    });
    for (const origin of [{ "WebHook-Request-Origin": "evil.example" }, {}])
      expect((await ask(origin)).headers.has("webhook-allowed-origin")).toBe(false);
  });

  it("takes the token in the head or in the query, and never in both", async () => {
    const house = await openOwn(framework, { provider: provider() });
    const query = new URLSearchParams({ access_token: token }).toString();
    const ask = async (path: string, authorization: string | undefined) => {
      const { headers, body } = JSON.parse(JSON.stringify(raw(placed(1))));
      const head = authorization === undefined ? headers : { ...headers, authorization };
      const answer = await fetch(house.url + path, { method: "POST", headers: head, body });
      return [answer.status, answer.headers.get("www-authenticate")];
    };
    expect(await ask("/hooks/own", `Bearer ${token}`)).toEqual([204, null]);
    expect(await ask("/hooks/own", "bearer the-next-token")).toEqual([204, null]);
    expect(await ask(`/hooks/own?a=b&${query}`, undefined)).toEqual([204, null]);
    expect(await ask(`/hooks/own?${query}`, `Bearer ${token}`)).toEqual([401, "Bearer"]);
    expect(await ask(`/hooks/own?${query}&${query}`, undefined)).toEqual([401, "Bearer"]);
    expect(await ask("/hooks/own", "Bearer mF_9")).toEqual([401, "Bearer"]);
    expect(await ask("/hooks/own", undefined)).toEqual([401, "Bearer"]);
  });

  it("reads one event in structured and in binary mode as the same", async () => {
    const house = await openOwn(framework, { provider: provider() });
    const one = { ...placed(1), subject: 'Euro € "x"', time: "2026-01-01T00:00:00Z" };
    await send(house, asStructured(one));
    await send(house, asBinary({ ...one, id: "two" }));
    await send(house, asBinary(one));
    await house.receiver.idle();
    expect(house.events.map(({ type, data, attributes: { subject } }) => [type, data, subject])).toEqual([
      ["com.example.placed", { n: 1 }, one.subject],
      ["com.example.placed", { n: 1 }, one.subject],
    ]);
    expect(house.events[1].attributes).toMatchObject({ id: "two", datacontenttype: "application/json" });
  });

  it.each([
    ["text", "text/plain", "grüße", "grüße"],
    ["bytes", "image/png", "\u0001\u0002", "AQI="],
    ["a JSON number", "application/vnd.n+json", "7", 7],
    ["XML", "application/xml", "<a/>", "PGEvPg=="],
  ])("hands on %s of binary mode", async (_, type, body, data) => {
    const house = await openOwn(framework, { provider: provider() });
    const headers = { ...heads({ ...placed(1), type: "other" }), "content-type": type };
    expect((await send(house, { event: "other", body, headers })).status).toBe(204);
    await house.receiver.idle();
    expect(house.events).toMatchObject([{ type: "*", name: "other", data }]);
  });

  it("any.42 answers 204 for what is handled, 202 for what is accepted, 200 with a body for an answer", async () => {
    const clock = manualClock();
    const handle = {
      "com.example.placed": async ({ data: { n } }: any) => {
        if (n === 2) await new Promise((done) => void clock.after(20_000, () => done(0)));
        return n === 3 ? { seen: true } : undefined;
      },
    };
    const house = await openOwn(framework, {
      provider: provider(),
      clock,
      handle,
      options: { answerWithin: "2s" },
    });
    const first = await send(house, asStructured(placed(1)));
    expect([first.status, first.text]).toEqual([204, ""]);
    const slow = send(house, asStructured(placed(2)));
    await expect.poll(() => house.events.length).toBe(2);
    await clock.advance(2_000);
    expect([(await slow).status, (await slow).text]).toEqual([202, ""]);
    const third = await send(house, asStructured(placed(3)));
    expect([third.status, third.headers.get("content-type"), third.text]).toEqual([
      200,
      "application/json; charset=utf-8",
      '{"seen":true}',
    ]);
    await clock.advance(20_000);
  });

  it("any.35 takes a batch, an empty one too", async () => {
    const house = await openOwn(framework, { provider: provider() });
    const headers = { "content-type": batched };
    const batch = (json: unknown) => send(house, { event: "batch", json, headers });
    expect((await batch([placed(1), placed(2), placed(1)])).status).toBe(204);
    expect((await batch([])).status).toBe(204);
    expect((await batch({})).status).toBe(400);
    await house.receiver.idle();
    expect(house.events.map(({ data }) => data.n)).toEqual([1, 2]);
  });

  it("any.35 any.42 answers 202 for a batch of which some is handled later", async () => {
    const clock = manualClock();
    const handle = {
      "com.example.placed": ({ data: { n } }: any) =>
        n === 2 ? new Promise<void>((done) => void clock.after(20_000, () => done())) : undefined,
    };
    const house = await openOwn(framework, {
      provider: provider(),
      clock,
      handle,
      options: { answerWithin: "2s" },
    });
    const answer = send(house, {
      event: "batch",
      json: [placed(1), placed(2)],
      headers: { "content-type": batched },
    });
    await expect.poll(() => house.events.length).toBe(2);
    await clock.advance(2_000);
    expect((await answer).status).toBe(202);
    await clock.advance(20_000);
  });

  it.each([
    ["another format", { ...heads(placed(1)), "content-type": "application/cloudevents+avro" }, 415],
    ["no CloudEvent", { "content-type": "application/json" }, 415],
    [
      "another version",
      { ...heads(placed(1)), "ce-specversion": "0.3", "content-type": "application/json" },
      400,
    ],
    ["no id", { ...heads({ ...placed(1), id: "" }), "content-type": "application/json" }, 400],
    [
      "overlong UTF-8",
      { ...heads(placed(1)), "ce-subject": "%C0%A0", "content-type": "application/json" },
      400,
    ],
  ])("refuses %s", async (_, headers, status) => {
    const house = await openOwn(framework, { provider: provider() });
    expect((await send(house, { event: "bad", body: "{}", headers })).status).toBe(status);
  });
});

it("any.42 is what CloudEvents expect of a receiver", async () => {
  const subject = judged(provider(), ({ attributes }) => attributes.id);
  const report = await judgeBy(scenariosFor(sender), subject, { mount: "/hooks/own" });
  expect(report.findings.length === 0 || printReport(report)).toBe(true);
});

function placed(n: number) {
  return { specversion: "1.0", id: `e-${n}`, source: "/orders", type: "com.example.placed", data: { n } };
}

function asStructured(event: ReturnType<typeof placed>) {
  return { event: event.type, id: event.id, ...raw(event) };
}

function raw(event: object) {
  return { headers: { "content-type": structured }, body: JSON.stringify(event) };
}

function asBinary({ data, ...event }: ReturnType<typeof placed>): DeliveryOptions {
  return {
    event: event.type,
    id: event.id,
    headers: { ...heads(event), "content-type": "application/json" },
    body: JSON.stringify(data),
  };
}

/** The attributes as headers; one that is quoted, as older senders write it, has its percents all the same. */
function heads({ data: _, ...event }: Record<string, unknown>): Record<string, string> {
  const named = Object.entries(event).map(([name, value]) => [
    `ce-${name}`,
    encodeURIComponent(String(value)),
  ]);
  return Object.fromEntries(named);
}

function send(house: House, options: DeliveryOptions) {
  return deliver(house, sender.delivery({ ...options, mount: "/hooks/own" }));
}
