/** Upsales' callbacks: inline while there is time, else posted; one use, whatever happens. */
import { once } from "node:events";
import { later, PermanentError, reply, upsales } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
import { atHead } from "../support/at-head.ts";
import { following, frameworks, type Before } from "../support/frameworks.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { post, rawClient } from "../support/raw-client.ts";
import { faulty } from "../life-cycle/support.ts";

const insert = sample("upsales/order-insert");
const url = "https://integration.upsales.com/callback/3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const hello = { callback: { notify: "Hello!" } };

describe.each(frameworks)("$name", (framework) => {
  it("upsales.6 upsales.7 one that is late is acknowledged without it, and posted once", async () => {
    const clock = manualClock();
    const done = Promise.withResolvers<unknown>();
    const begun = Promise.withResolvers<void>();
    const house = await openHouse(framework, "upsales", {
      clock,
      handle: () => (begun.resolve(), done.promise),
    });
    const answering = house.deliver(insert);
    await begun.promise;
    await clock.advance(25_000);
    const answer = await answering;
    expect([answer.status, answer.json]).toEqual([200, {}]);
    expect((await house.deliver(insert)).json).toEqual({});
    done.resolve({ ...hello, forNobody: 1 });
    await clock.advance(1_000); // a reply that nobody can follow has gone by then (any.52)
    await house.receiver.idle();
    expect(house.posts).toEqual([
      { url, method: "POST", body: { notify: "Hello!" }, headers: { "content-type": "application/json" } },
    ]);
    expect((await house.deliver(insert)).json).toEqual({});
    await house.receiver.idle();
    expect([house.events.length, house.posts.length]).toEqual([1, 1]);
    expect(house.warnings.map(({ code }) => code)).toContain("late_answer_dropped");
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
      { outcome: "accepted", attempt: 1, status: 200 },
    ]);
  });

  it("any.11 answerWithin 0 accepts first", async () => {
    const house = await openHouse(framework, "upsales", {
      handle: () => hello,
      options: { answerWithin: 0 },
    });
    expect((await house.deliver(insert)).json).toEqual({});
    await house.receiver.idle();
    expect(house.posts).toMatchObject([{ url, body: { notify: "Hello!" } }]);
  });

  it("upsales.8 the callback of a client that went away before the answer is posted as the first use", async () => {
    const done = Promise.withResolvers<unknown>();
    const begun = Promise.withResolvers<void>();
    const house = await openHouse(framework, "upsales", { handle: () => (begun.resolve(), done.promise) });
    const lines = ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(insert.body)}`];
    house.server.once("connection", (socket) => socket.once("close", () => house.server.emit("gone")));
    const client = rawClient(house.port, post(insert.path, ...lines) + insert.body);
    await begun.promise;
    const gone = once(house.server, "gone");
    client.socket.destroy();
    await gone;
    done.resolve(hello);
    await house.receiver.idle();
    expect(house.posts).toMatchObject([{ url, body: { notify: "Hello!" } }]);
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
      { outcome: "accepted", attempt: 1 },
    ]);
  });

  it("upsales.4 a callback where none is possible is dropped with a warning", async () => {
    const house = await openHouse(framework, "upsales", { handle: () => ({ ...hello, other: 1 }) });
    expect((await house.deliver(withFields(insert, { callbackUrl: undefined }))).json).toEqual({ other: 1 });
    expect(house.warnings.map(({ code }) => code)).toContain("callback_dropped");
  });

  it.each([
    [99_999, false],
    [100_000, true],
    [102_399, true],
  ])("upsales.10 a callback of %i bytes goes out; told that the limit is near: %j", async (size, isTold) => {
    const callback = { message: "x".repeat(size - '{"message":""}'.length) };
    const ways = [() => ({ callback }), () => reply("<p>", { callback })];
    for (const handle of ways) {
      const house = await openHouse(framework, "upsales", { handle });
      expect((await house.deliver(insert)).status).toBe(200);
      await house.receiver.idle();
      const told = house.warnings.filter(({ code }) => code === "callback_near_limit");
      expect(told.map(({ message }) => message.includes(`${size} bytes as JSON`))).toEqual(
        isTold ? [true] : [],
      );
    }
  });

  it("upsales.10 upsales.19 so is a report of a dead letter of that size", async () => {
    const clock = manualClock();
    const message = "x".repeat(100_000);
    const house = await openHouse(framework, "upsales", {
      ...{ clock, backend: faulty(clock), provider: upsales({ whenDead: () => ({ message }) }) },
      handle: () => {
        throw new PermanentError("no such customer");
      },
      options: { answerWithin: 0 },
    });
    await house.deliver(insert);
    await clock.advance(1_000);
    await house.receiver.idle();
    expect(house.posts.map(({ body }) => body.message.length)).toEqual([100_000]);
    expect(house.warnings.map(({ code }) => code)).toContain("callback_near_limit");
  });

  it("upsales.10 a lower limit of one's own is told of by refusing alone", async () => {
    const provider = upsales({ maxCallbackBytes: 50_000 });
    const handle = () => ({ callback: { message: "x".repeat(100_000) } });
    const house = await openHouse(framework, "upsales", { provider, handle });
    expect((await house.deliver(insert)).json).toEqual({ code: "callback_too_large" });
    expect(house.warnings).toEqual([]);
  });

  it("upsales.10 counts UTF-8 bytes", async () => {
    const house = await openHouse(framework, "upsales", {
      handle: () => ({ callback: { message: "å".repeat(60_000) } }),
    });
    expect((await house.deliver(insert)).json).toEqual({ code: "callback_too_large" });
  });

  it("upsales.15 reply() answers what an object cannot, and a callback beside it is posted", async () => {
    const answer = reply("<p>Hello</p>", { callback: { notify: "Hello!" } });
    const house = await openHouse(framework, "upsales", { handle: () => answer });
    const iframe = await house.deliver(withFields({ ...insert, path: "/upsales/iframe" }, {}));
    expect([iframe.status, iframe.text, iframe.headers.get("content-type")]).toEqual([
      200,
      "<p>Hello</p>",
      "text/html; charset=utf-8",
    ]);
    await house.receiver.idle();
    expect(house.posts).toMatchObject([{ url, body: { notify: "Hello!" } }]);
  });

  it("upsales.15 a handler may refuse a test of a field with 400 and a message", async () => {
    const handle = {
      testField: () => reply({ message: "no such project" }, { status: 400 }),
      fieldValues: () => [{ id: 1 }],
    };
    const house = await openHouse(framework, "upsales", { handle });
    const values = sample("upsales/field-values");
    expect((await house.deliver(values)).json).toEqual([{ id: 1 }]);
    const test = await house.deliver({ ...values, path: "/upsales/testField/project" });
    expect([test.status, test.json]).toEqual([400, { message: "no such project" }]);
  });

  it("upsales.16 a person is answered at answerWithin with nothing, and the signal aborts", async () => {
    const clock = manualClock();
    let begun: (signal: AbortSignal) => void = () => {};
    const handle = (_: unknown, { signal }: { signal: AbortSignal }) => (
      begun(signal),
      new Promise(() => {})
    );
    const house = await openHouse(framework, "upsales", { clock, handle });
    for (const [name, empty] of [
      ["field-values", []],
      ["widget-notification", undefined],
      ["status", {}],
    ] as const) {
      const signal = new Promise<AbortSignal>((resolve) => (begun = resolve));
      const answering = house.deliver(sample(`upsales/${name}`));
      expect((await signal).aborted).toBe(false);
      await clock.advance(25_000);
      const answer = await answering;
      expect([answer.status, answer.json, (await signal).aborted]).toEqual([200, empty, true]);
    }
    expect(await house.receiver.deadLetters.list()).toEqual([]);
  });

  it("upsales.18 later() is acknowledged, and receiver.answer posts once", async () => {
    const house = await openHouse(framework, "upsales", { handle: () => later() });
    expect((await house.deliver(insert)).json).toEqual({});
    const { key } = house.events[0];
    expect(await house.receiver.find(key)).toMatchObject({ state: "waiting", name: "order.insert" });
    await expect(house.receiver.answer(key, { callback: { notfy: "x" } })).rejects.toMatchObject({
      code: "invalid_answer",
    });
    await house.receiver.answer(key, hello);
    expect(house.posts).toMatchObject([{ url, body: { notify: "Hello!" } }]);
    await expect(house.receiver.answer(key, hello)).rejects.toMatchObject({ code: "wrong_state" });
    await expect(house.receiver.answer("nobody", hello)).rejects.toMatchObject({ code: "unknown_key" });
    expect(house.posts).toHaveLength(1);
  });

  it.each([
    "http://integration.upsales.com/c",
    "ftp://upsales.com/c",
    "javascript:alert(1)",
    "data:text/plain,x",
    "",
    `https://upsales.com/${"x".repeat(10_000)}`,
    ["https://upsales.com/c"],
    "https://user:secret@upsales.com/c",
    "https://upsales.com:8443/c",
    "https://evilupsales.com/c",
    "https://upsales.com.evil.com/c",
    "https://upsales.com./c",
    "https://upsales\t.com/c",
    "https://evil.com\\@upsales.com/c",
    "https://127.0.0.1/c",
    "https://2130706433/c",
    "https://0x7f.1/c",
    "https://[::1]/c",
    "https://①②⑦.0.0.1/c",
  ])("upsales.17 never posts to the address %j", async (callbackUrl) => {
    const options = { answerWithin: 0 };
    const house = await openHouse(framework, "upsales", { handle: () => hello, options });
    const isText = typeof callbackUrl === "string" && callbackUrl !== "";
    expect((await house.deliver(withFields(insert, { callbackUrl }))).status).toBe(isText ? 200 : 400);
    await house.receiver.idle();
    expect([house.events.length, house.posts.length]).toEqual([isText ? 1 : 0, 0]);
  });
});

describe.each(following)("$name", (framework) => {
  it("upsales.5 a callback that is ready goes inline, and nothing is posted", async () => {
    const house = await openHouse(framework, "upsales", { handle: () => hello });
    const answer = await house.deliver(insert);
    expect([answer.status, answer.json]).toEqual([200, hello]);
    expect(answer.headers.get("cache-control")).toBe("no-transform");
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
    expect(await house.receiver.find(house.events[0].key)).toMatchObject({
      state: "settled",
      work: undefined,
    });
  });

  it("any.20 the callback is posted as a second use when the app rewrote the answer", async () => {
    const before: Before = (_, res) => atHead(res, () => res.setHeader("content-encoding", "rot13"));
    const house = await openHouse(framework, "upsales", { handle: () => hello, mount: { before } });
    await house.deliver(insert);
    await house.receiver.idle();
    expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
      { outcome: "accepted", attempt: 2 },
    ]);
  });

  it("upsales.10 a callback of 102,399 bytes goes out, one of 102,400 is refused before it is sent", async () => {
    let size = 102_399;
    const handle = () => ({ callback: { message: "x".repeat(size - '{"message":""}'.length) } });
    const house = await openHouse(framework, "upsales", { handle });
    expect((await house.deliver(insert)).json.callback.message).toHaveLength(102_385);
    size = 102_400;
    const next = withFields(insert, { callbackUrl: `${url}-2` });
    expect((await house.deliver(next)).json).toEqual({ code: "callback_too_large" });
    size = 20;
    expect((await house.deliver(next)).json).toEqual({ callback: { message: "xxxxxx" } });
  });

  it.each([
    ["a misspelt field", { callback: { notfy: "x" } }],
    ["a promise in its place", { callback: Promise.resolve({ notify: "x" }) }],
    ["a wrong type", { callback: { notifyAll: "yes" } }],
    ["a BigInt", { callback: {}, more: 1n }],
    ["a cycle", cyclic()],
    [
      "a toJSON that throws",
      {
        toJSON: () => {
          throw new Error("no");
        },
      },
    ],
    ["a function", () => {}],
    ["a function inside", { more: () => {} }],
  ])("upsales.11 %s is a typed error, and nothing of it is sent", async (_, wrong) => {
    let answer: unknown = wrong;
    const house = await openHouse(framework, "upsales", { handle: () => answer });
    const refused = await house.deliver(insert);
    expect([refused.status, refused.json]).toEqual([500, { code: "invalid_answer" }]);
    answer = hello;
    expect((await house.deliver(insert)).json).toEqual(hello);
  });

  it("upsales.16 a person's requests are never deduplicated, but a callback address is used once", async () => {
    const edit = withFields(sample("upsales/order-edit"), { callbackUrl: url });
    const house = await openHouse(framework, "upsales", { handle: () => ({ ...hello, n: 1 }) });
    expect((await house.deliver(edit)).json).toEqual({ ...hello, n: 1 });
    expect((await house.deliver(edit)).json).toEqual({ n: 1 });
    await house.receiver.idle();
    expect([house.events.length, house.posts.length]).toEqual([2, 0]);
  });
});

function cyclic(): object {
  const one: Record<string, unknown> = {};
  one["one"] = one;
  return one;
}
