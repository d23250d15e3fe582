/** Whatever is refused, failed, dropped or dead is told: once, with its reason, to whoever can mend it (any.25). */
import {
  basicAuth,
  createReceiver,
  later,
  memory,
  PermanentError,
  RetryLater,
  type Observation,
} from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sample, withFields, withHeaders } from "../support/deliveries.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two } from "./support.ts";

const order = sample("upsales/order-insert");
const ticket = sample("uphance/pick-ticket-update");
const message = sample("app-inbox/message");
const boom = new RangeError("the card 4242 is not good");
const explode = () => {
  throw boom;
};

/** A provider whose every part can be replaced. */
function acme(parts: object = {}): any {
  return defineProvider({
    name: "acme",
    accepts: ["json"],
    events: { paid: { data: z.looseObject({ total: z.number() }), answer: z.any() } },
    decode: ({ body }) => ({ type: "paid", data: body, key: [(body as { id: string }).id] }),
    ...parts,
  });
}

const paid = {
  path: "/upsales",
  headers: { "content-type": "application/json" },
  body: '{"id":"i-1","total":4242}',
};
const open = { authenticate: false };
const dead = (observed: readonly Observation[]) => observed.filter(({ kind }) => kind === "dead");
const told = ({ told: all }: House) => all.map(({ facts }) => facts);

describe.each(two)("$name", (framework) => {
  describe("any.25 a delivery that is refused is told with its stage, code, status and a sentence", () => {
    it.each([
      [
        "wrong credentials",
        withFields(order, { authenticationKey: "4242" }),
        {},
        "authenticate",
        "unauthorized",
        401,
      ],
      ["plain HTTP", order, { requireHttps: true }, "head", "https_required", 403],
      ["a body too large", order, { bodyLimit: 10 }, "body", "too_large", 413],
      [
        "another media type",
        withHeaders(order, { "content-type": "text/csv" }),
        {},
        "body",
        "unsupported_media_type",
        415,
      ],
      ["no JSON", { ...order, body: "{4242" }, {}, "body", "malformed", 400],
      ["what is not the provider's", withFields(order, { customer: 4242 }), {}, "decode", "malformed", 400],
      ["no room", order, { maxBytesInFlight: 1 }, "body", "overloaded", 429],
    ])("%s", async (_, delivery, options, stage, code, status) => {
      const house = await openHouse(framework, "upsales", { options });
      expect((await house.deliver(delivery)).status).toBe(status);
      expect(told(house)).toEqual([expect.objectContaining({ receiver: "upsales", stage, code, status })]);
      const { error } = house.told[0]!;
      expect(error).toMatchObject({ name: "AnswerbackError", code });
      expect(error.message).not.toContain("4242");
      expect(house.observed).toMatchObject([{ kind: "delivery", code, reason: error.message }]);
    });

    it("a malformed body with the path and what was expected, never the value", async () => {
      const house = await openHouse(framework, "upsales", { provider: acme(), options: open });
      expect((await house.deliver({ ...paid, body: '{"id":"i-1","total":"4242"}' })).status).toBe(400);
      expect(house.told[0]!.error.message).toMatch(/^total: .*expected number/);
      expect(house.told[0]!.error.message).not.toContain("4242");
    });

    it("each delivery, though they share their reason", async () => {
      const house = await openHouse(framework, "app-inbox");
      for (const _ of [1, 2]) await house.deliver(withHeaders(message, { Authorization: "Basic bm86bm8=" }));
      expect(told(house).map(({ code }) => code)).toEqual(["unauthorized", "unauthorized"]);
    });
  });

  describe("any.25 whatever throws is told, with what it threw as the cause", () => {
    it.each([
      [
        "an authenticator",
        { authenticate: explode },
        {},
        "authenticate",
        "an authenticator threw RangeError",
      ],
      [
        "a schema",
        open,
        { events: { paid: { data: z.any().transform(explode) } } },
        "decode",
        "a schema threw RangeError",
      ],
      [
        "encode",
        open,
        {
          encode: (answer: unknown) =>
            answer ? explode() : { reply: { status: 200, headers: {}, body: "" } },
        },
        "answer",
        "encode",
      ],
    ])("%s", async (_, options, parts, stage, sentence) => {
      const handle = () => ({ ok: true });
      const house = await openHouse(framework, "upsales", { provider: acme(parts), handle, options });
      expect((await house.deliver(paid)).status).toBe(500);
      expect(house.told).toHaveLength(1);
      expect(house.told[0]).toMatchObject({ error: { cause: boom }, facts: { stage } });
      const reasons = house.observed.map(({ reason }) => reason);
      expect(reasons.at(-1)).toContain(sentence);
      expect(reasons.join()).not.toContain("4242");
    });

    it("an observer, which changes nothing", async () => {
      const told: unknown[] = [];
      const options = { observe: explode, onError: (...what: unknown[]) => told.push(what) };
      const house = await openHouse(framework, "uphance", { options });
      expect((await house.deliver(ticket)).status).toBe(200);
      const facts = { receiver: "uphance", stage: "observe", code: "failed" };
      expect(told).toContainEqual([expect.objectContaining({ cause: boom }), facts]);
    });

    it("a handler, as it was thrown, once for its run and all deliveries that waited for it", async () => {
      const house = await openHouse(framework, "uphance", { handle: explode });
      expect((await house.deliver(ticket)).status).toBe(500);
      const { key } = house.events[0];
      const facts = {
        receiver: "uphance",
        stage: "run",
        code: "failed",
        key,
        name: "pick_ticket.update",
        attempt: 1,
      };
      expect(house.told).toEqual([{ error: boom, facts }]);
      expect(house.observed).toMatchObject([
        { kind: "run", code: "failed", reason: "the handler threw RangeError" },
        { kind: "delivery", code: "failed", reason: "the handler threw RangeError" },
      ]);
    });

    it("a handler that fails after the acknowledgement", async () => {
      const house = await openHouse(framework, "uphance", { handle: explode, options: { answerWithin: 0 } });
      expect((await house.deliver(ticket)).status).toBe(200);
      await expect
        .poll(() => house.told)
        .toMatchObject([{ error: boom, facts: { stage: "run", attempt: 1 } }]);
    });
  });

  it.each([
    ["no answer of the provider's", () => ({ callback: { notfy: "4242" } }), "invalid_answer", /notfy/],
    ["an Error", () => new Error("4242"), "invalid_answer", /returned an Error/],
    ["a Date", () => new Date(), "invalid_answer", /instance of a class/],
    ["a Map", () => new Map(), "invalid_answer", /instance of a class/],
    ["an instance of a class", () => new (class Order {})(), "invalid_answer", /instance of a class/],
    [
      "a callback too large",
      () => ({ callback: { message: "x".repeat(102_400) } }),
      "callback_too_large",
      /bytes/,
    ],
  ])(
    "any.25 upsales.11 a handler that returns %s is told of it, and is no 200 with nothing in it",
    async (_, handle, code, sentence) => {
      const house = await openHouse(framework, "upsales", { handle });
      expect((await house.deliver(order)).status).toBe(500);
      expect(told(house)).toEqual([expect.objectContaining({ stage: "answer", code, attempt: 1 })]);
      expect(house.told[0]!.error.message).toMatch(sentence);
      expect(house.told[0]!.error.message).not.toContain("4242");
    },
  );

  it("any.25 any.21 a handler that is aborted at its limit is told", async () => {
    const clock = manualClock();
    const handle = () => new Promise(() => {});
    const house = await openHouse(framework, "uphance", { clock, handle, options: { answerWithin: 0 } });
    await house.deliver(ticket);
    await clock.advance(3_599_000);
    expect(house.told).toEqual([]);
    await clock.advance(1_000);
    expect(told(house)).toEqual([expect.objectContaining({ stage: "run", code: "handler_timeout" })]);
  });

  it("any.25 upsales.16 a handler that lets somebody wait too long at a screen is told", async () => {
    const clock = manualClock();
    const house = await openHouse(framework, "upsales", { clock, handle: () => new Promise(() => {}) });
    const answering = house.deliver(sample("upsales/order-edit"));
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(25_000);
    expect((await answering).status).toBe(200);
    expect(told(house)).toEqual([expect.objectContaining({ stage: "run", code: "handler_timeout" })]);
  });

  it("any.25 a post that fails is told with its host and status, and the transport's error", async () => {
    const transport = async (): Promise<Response> => {
      throw boom;
    };
    const handle = () => ({ callback: { notify: "Hello!" } });
    const house = await openHouse(framework, "upsales", { handle, transport, options: { answerWithin: 0 } });
    await house.deliver(order);
    await expect
      .poll(() => told(house))
      .toMatchObject([{ stage: "post", code: "callback_failed", attempt: 1 }]);
    expect(house.told[0]!.error).toMatchObject({
      message: expect.stringMatching(/upsales\.com did not answer/),
      cause: boom,
    });
    expect(house.told[0]!.error.message).not.toContain("/");
  });

  describe("any.25 without onError", () => {
    it("a warning says it, once a minute and code", async () => {
      const clock = manualClock();
      const options = { onError: undefined };
      const house = await openHouse(framework, "app-inbox", { clock, options, handle: explode });
      const wrong = withHeaders(message, { Authorization: "Basic bm86bm8=" });
      for (const _ of [1, 2]) await house.deliver(wrong);
      for (const _ of [1, 2]) await house.deliver(message);
      expect(house.warnings).toEqual([
        { code: "unauthorized", message: expect.stringMatching(/^app-inbox: .*no valid credentials/) },
        {
          code: "run_failed",
          message: "app-inbox: message: the handler threw RangeError; hand in onError to see it",
        },
      ]);
      await clock.advance(60_000);
      await house.deliver(wrong);
      expect(house.warnings).toHaveLength(3);
    });

    it.each([
      ["PermanentError", new PermanentError("never")],
      ["RetryLater", new RetryLater()],
    ])("a handler that throws %s on purpose is no warning", async (_, error) => {
      const handle = () => {
        throw error;
      };
      const house = await openHouse(framework, "app-inbox", { handle, options: { onError: undefined } });
      await house.deliver(message);
      expect(house.warnings).toEqual([]);
    });
  });

  describe("any.25 a dead letter is observed, whatever its cause", () => {
    it("PermanentError before the answer", async () => {
      const handle = () => {
        throw new PermanentError("4242");
      };
      const house = await openHouse(framework, "upsales", { handle });
      expect((await house.deliver(order)).status).toBe(400);
      const { key } = house.events[0];
      const letter = {
        receiver: "upsales",
        key,
        id: "1",
        type: "order.insert",
        name: "order.insert",
        work: "event",
      };
      const reason = "the handler threw PermanentError";
      expect(dead(house.observed)).toEqual([
        { kind: "dead", outcome: "dead", ...letter, code: "permanent", reason },
      ]);
    });

    it("the end of the time for retries", async () => {
      const clock = manualClock();
      const options = { answerWithin: 0, retryFor: "1m" };
      const house = await openHouse(framework, "uphance", { clock, handle: explode, options });
      await house.deliver(ticket);
      await clock.advance(60_000);
      await house.receiver.idle();
      expect(dead(house.observed)).toMatchObject([
        { work: "event", name: "pick_ticket.update", code: "failed", reason: "the handler threw RangeError" },
      ]);
    });

    it("later() that nobody answered", async () => {
      const clock = manualClock();
      const house = await openHouse(framework, "upsales", { clock, handle: () => later() });
      await house.deliver(order);
      await clock.advance(24 * 3_600_000 + 2_000);
      await house.receiver.idle();
      expect(dead(house.observed)).toMatchObject([{ work: "event", code: "unanswered" }]);
      expect(told(house)).toMatchObject([{ code: "unanswered", name: "order.insert" }]);
    });

    it("a callback that the provider refuses", async () => {
      const transport = async () => new Response(null, { status: 410 });
      const handle = () => ({ callback: { notify: "Hello!" } });
      const house = await openHouse(framework, "upsales", {
        handle,
        transport,
        options: { answerWithin: 0 },
      });
      await house.deliver(order);
      await expect
        .poll(() => dead(house.observed))
        .toMatchObject([{ work: "callback", name: "order.insert", code: "callback_rejected" }]);
    });

    it("a malformed item of a list, and a malformed body that is acknowledged, once each", async () => {
      const item = JSON.parse(message.body);
      const list = { ...message, body: JSON.stringify([item, { ...item, id: "" }]) };
      const house = await openHouse(framework, "app-inbox", { options: { malformed: "acknowledge" } });
      for (const _ of [1, 2]) expect((await house.deliver(list)).status).toBe(200);
      expect(dead(house.observed)).toMatchObject([{ work: "malformed body", code: "malformed" }]);
      expect(told(house)).toMatchObject([{ stage: "decode", code: "malformed" }, { code: "malformed" }]);
      await house.deliver({ ...message, body: '{"id":4242}' });
      expect(dead(house.observed)).toHaveLength(2);
    });

    it("a record that nobody can read", async () => {
      const clock = manualClock();
      const backend = memory({ clock });
      const first = createReceiver(acme(), {
        ...open,
        authenticate: false,
        backend,
        clock,
        background: false,
        handle: {},
      });
      const records = await backend.open("elsewhere");
      const lease = { token: "t", sequence: 0, leaseMs: 60_000 };
      await records.claim("k", lease);
      await records.save("k", { ...lease, sequence: 1 }, { work: "nonsense", answer: "{}", forMs: 0 });
      await records.close();
      const house = await openHouse(framework, "upsales", { clock, backend, options: { name: "elsewhere" } });
      await house.receiver.idle();
      expect(dead(house.observed)).toMatchObject([{ key: "k", work: "event", code: "malformed" }]);
      await first.close();
    });
  });
});

describe("any.22 ready", () => {
  const options = { authenticate: basicAuth({ username: "a", password: "b" }), handle: {}, warn: () => {} };

  it("resolves when the backend answers", async () => {
    const receiver = createReceiver(acme(), { ...options, backend: memory() });
    await expect(receiver.ready()).resolves.toBeUndefined();
    await receiver.close();
  });

  it("rejects with backend_away, and the engine's error as the cause", async () => {
    const clock = manualClock();
    const backend = faulty(clock);
    backend.faults.open = "throws";
    const receiver = createReceiver(acme(), { ...options, clock, backend, onError: () => {} });
    await expect(receiver.ready()).rejects.toMatchObject({
      code: "backend_away",
      cause: { message: "connection refused" },
    });
    backend.faults.open = undefined;
    await expect(receiver.ready()).resolves.toBeUndefined();
    const closing = receiver.close();
    await clock.advance(10_000);
    await closing;
  });
});
