/** What a provider is told, in its own table and its own words. */
import { PermanentError, reply, RetryLater } from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { acme, ask } from "../support/acme.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two } from "./support.ts";

/** Plain: no encode of its own. @param parts What differs. */
function plain(parts: object = {}): any {
  return defineProvider({
    name: "acme",
    accepts: ["json"],
    events: { asked: {}, answered: { answer: { "~standard": passing } } },
    decode: ({ body }: any) =>
      Array.isArray(body)
        ? body.map((item) => ({ type: item.type ?? "asked", data: item, key: [item.id] }))
        : { type: body.type ?? "asked", data: body, key: [body.id] },
    ...parts,
  } as any);
}

const passing = { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } as const;
const options = { authenticate: false } as const;
const batch = (...items: object[]) => ({ ...ask(0), body: JSON.stringify(items) });

describe.each(two)("$name", (framework) => {
  it.each([
    ["an event that is handled", "asked", () => {}, 204],
    ["an event without a handler", "other", () => {}, 204],
    ["a batch", "list", () => {}, 204],
    ["an event that is malformed for good", "asked", () => Promise.reject(new PermanentError()), 410],
  ])("any.42 %s gets the status of the provider's table", async (_, type, handle, status) => {
    const provider = plain({ statuses: { handled: 204, permanent: 410 } });
    const house = await openHouse(framework, "upsales", { provider, handle: { asked: handle }, options });
    const sent = type === "list" ? batch({ id: 1 }) : ask(1, { type });
    expect((await house.deliver(sent)).status).toBe(status);
  });

  it("any.42 an event that is accepted gets a row of its own, which is handled's where nobody says", async () => {
    for (const [statuses, expected] of [
      [{ handled: 201, accepted: 202 }, 202],
      [{ handled: 201 }, 201],
    ] as const) {
      const clock = manualClock();
      const given = { provider: plain({ statuses }), clock, backend: faulty(clock) };
      const house = await openHouse(framework, "upsales", {
        ...given,
        options: { ...options, answerWithin: 0 },
      });
      expect((await house.deliver(ask(1))).status).toBe(expected);
      await house.receiver.idle();
    }
  });

  it("any.42 an answer has the status of the table, and a 204 carries none", async () => {
    const handle = ({ data }: any) => data.answer;
    for (const [handled, status] of [
      [201, 201],
      [204, 500],
    ] as const) {
      const provider = plain({ statuses: { handled } });
      const house = await openHouse(framework, "upsales", { provider, handle, options });
      const answer = await house.deliver(ask(1, { type: "answered", answer: { ok: true } }));
      expect(answer.status).toBe(status);
      expect((await house.deliver(ask(2, { type: "answered" }))).status).toBe(handled);
    }
  });

  it("any.42 reply() sets headers and sends bytes, to duplicates as well", async () => {
    const bytes = Uint8Array.from([0, 255, 10]);
    const headers = { "Stripe-Version": "2026-01-01" };
    const house = await openHouse(framework, "upsales", {
      provider: plain(),
      handle: () => reply(bytes, { headers, contentType: "image/x-dot" }),
      options,
    });
    for (let time = 0; time < 2; time += 1) {
      const response = await fetch(house.url + "/upsales", { method: "POST", ...ask(1) });
      expect(response.headers.get("stripe-version")).toBe("2026-01-01");
      expect(response.headers.get("content-type")).toBe("image/x-dot");
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    }
  });

  it.each([
    [{ "content-length": "1" }],
    [{ "Transfer-Encoding": "chunked" }],
    [{ "a b": "1" }],
    [{ "x-a": "1\r\nx-b: 2" }],
    [{ "x-a": "ä" }],
    ["x-a: 1"],
  ])("any.42 reply() refuses %j as headers", (headers) => {
    expect(() => reply("", { headers: headers as never })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "invalid" }),
    );
  });

  describe("any.36 refuse()", () => {
    const refuse = (row: string, { code, retryAfterMs, event }: any) => ({
      status: 200,
      headers: { "x-row": row },
      body: `${code} ${retryAfterMs} ${event?.type}`,
    });

    it.each([
      ["a handler that fails", () => Promise.reject(new Error("no")), "failed failed undefined asked"],
      [
        "a handler that says later",
        () => Promise.reject(new RetryLater("7s")),
        "retry_later retry_later 7000 asked",
      ],
      [
        "a handler that says never",
        () => Promise.reject(new PermanentError()),
        "permanent permanent undefined asked",
      ],
    ])("words what becomes of %s", async (_, handle, said) => {
      const house = await openHouse(framework, "upsales", { provider: plain({ refuse }), handle, options });
      const answer = await house.deliver(ask(1));
      expect([answer.status, `${answer.headers.get("x-row")} ${answer.text}`]).toEqual([200, said]);
    });

    it("words a body that is not the provider's, of which no event is known", async () => {
      const house = await openHouse(framework, "upsales", { provider: plain({ refuse }), options });
      expect((await house.deliver({ ...ask(1), body: "{" })).text).toBe("malformed undefined undefined");
    });

    it("may leave it at the usual refusal, and one that throws is told", async () => {
      const left = await openHouse(framework, "upsales", { provider: plain({ refuse: () => {} }), options });
      expect((await left.deliver({ ...ask(1), body: "{" })).status).toBe(400);
      const throws = () => {
        throw new Error("no words");
      };
      const house = await openHouse(framework, "upsales", { provider: plain({ refuse: throws }), options });
      expect((await house.deliver({ ...ask(1), body: "{" })).status).toBe(400);
      expect(house.warnings).toMatchObject([{ code: "refuse_failed" }]);
    });

    it.each([
      ["a promise", async () => ({ status: 400, headers: {}, body: "" })],
      ["a status alone", () => ({ status: 400 })],
      ["a status that there is not", () => ({ status: 999, headers: {}, body: "" })],
    ])("leaves it at the usual refusal where it gives no reply but %s", async (_, wrong) => {
      const house = await openHouse(framework, "upsales", { provider: plain({ refuse: wrong }), options });
      expect((await house.deliver({ ...ask(1), body: "{" })).text).toBe('{"code":"malformed"}');
      expect(house.warnings).toMatchObject([{ code: "refuse_failed" }]);
    });

    it("is not asked about a wrong secret in the URL, which stays hidden", async () => {
      const house = await openHouse(framework, "uphance", { provider: plain({ refuse }) });
      expect((await house.deliver({ ...ask(1), path: "/hooks/uphance/wrong" })).status).toBe(404);
    });
  });

  it.each([
    ["any.35 encodeBatch", { encodeBatch: async () => ({ status: 200, headers: {}, body: "" }) }, batch({})],
    ["any.27 decode", { decode: () => ({ status: "what" }) }, ask(1)],
    ["any.42 encode", { encode: async () => ({ reply: { status: 200, headers: {}, body: "" } }) }, ask(1)],
    ["any.42 encode", { encode: () => ({ reply: { status: 200 } }) }, ask(1)],
  ])("%s that gives no reply is a mistake that is told, and a 500", async (_, parts, sent) => {
    const handle = () => ({});
    const house = await openHouse(framework, "upsales", { provider: plain(parts), handle, options });
    expect((await house.deliver(sent)).text).toBe('{"code":"failed"}');
    expect(house.told.map(({ error }) => error.message).join()).toContain("gave no reply");
  });

  describe("any.35 encodeBatch()", () => {
    it("answers for all events of a batch, and sees what became of each", async () => {
      const encodeBatch = (results: any[], { headers }: any) => ({
        status: 200,
        headers: {},
        body: JSON.stringify({ id: headers["x-id"][0], codes: results.map(({ code }) => code ?? "ok") }),
      });
      const handle = ({ data }: any) => {
        if (data.id === 2) throw new Error("no");
        if (data.id === 3) throw new PermanentError();
      };
      const house = await openHouse(framework, "upsales", {
        provider: plain({ encodeBatch }),
        handle,
        options,
      });
      const sent = batch({ id: 1 }, { id: 2 }, { id: 3 });
      const answer = await house.deliver({ ...sent, headers: { ...sent.headers, "x-id": "r-1" } });
      expect(answer.json).toEqual({ id: "r-1", codes: ["ok", "failed", "permanent"] });
    });

    it("may leave it at the usual reply", async () => {
      const provider = plain({ encodeBatch: () => {} });
      const house = await openHouse(framework, "upsales", { provider, options });
      expect(await house.deliver(batch({ id: 1 }))).toMatchObject({ status: 200, text: "" });
    });
  });
});

it("any.42 encode is told an acknowledgement from nothing to say", async () => {
  const clock = manualClock();
  const house = await openHouse(two[0]!, "upsales", { provider: acme(), clock, options });
  expect((await house.deliver(ask(1))).text).toBe("");
  const late = await openHouse(two[0]!, "upsales", {
    provider: acme(),
    clock,
    options: { ...options, answerWithin: 0 },
  });
  expect((await late.deliver(ask(2))).text).toBe("wait");
});
