/** The adapter for Request and Response, called without a server: what it makes of one, and what it hands to the host. */

import type { Body, Reply } from "@answerback/core";
import { bearerJwt, createReceiver, memory, postback } from "@answerback/core";
import {
  createFetchHandler,
  type FetchHandlerOptions,
  type FetchHost,
  type RememberedRequest,
} from "@answerback/fetch";
import { Hono } from "hono";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { sample } from "../support/deliveries.ts";
import { fakeReceiver, type FakeReceiver, type Script } from "../support/fake-receiver.ts";
import { expectWarning } from "../support/warnings.ts";

const at = "http://test/hooks";
const post = (body?: RequestInit["body"], init: RequestInit = {}) =>
  new Request(at, { method: "POST", body: body ?? null, ...init });

describe("the head", () => {
  async function head(request: Request, options: FetchHandlerOptions = {}) {
    const receiver = fakeReceiver();
    await createFetchHandler(receiver, options)(request);
    return receiver.deliveries[0];
  }

  it("any.18 is none of ours outside of the path", async () => {
    const handle = createFetchHandler(fakeReceiver(), { path: "/hooks/x/" });
    expect(await handle(new Request("http://test/hooks/xyz"))).toBeUndefined();
    expect((await handle(new Request("http://test/hooks/x/1")))?.status).toBe(200);
  });

  it("any.18 is none of ours where the receiver says so", async () => {
    const handle = createFetchHandler(fakeReceiver({ ours: () => false }));
    expect(await handle(post())).toBeUndefined();
  });

  it("any.14 has path and query as they are in the URL", async () => {
    const request = new Request("http://test/hooks/a%2Fb//c?secret=%C3%A5+1&a=?b", { method: "PUT" });
    expect(await head(request, { path: "/hooks" })).toMatchObject({
      method: "PUT",
      path: "/a%2Fb//c",
      query: "secret=%C3%A5+1&a=?b",
      tellsSent: false,
    });
  });

  it("any.15 is as secure as the URL says, or the app", async () => {
    expect((await head(new Request("https://test/")))!.secure).toBe(true);
    expect((await head(new Request("http://test/")))!.secure).toBe(false);
    const secure = ({ headers }: Request) => headers.get("x-forwarded-proto") === "https";
    const forwarded = { headers: { "x-forwarded-proto": "https" } };
    expect((await head(new Request("http://test/", forwarded), { secure }))!.secure).toBe(true);
    expect((await head(new Request("https://test/"), { secure }))!.secure).toBe(false);
  });

  it("any.52 counts a value that may be two as two, and leaves dates and the like whole", async () => {
    const headers = new Headers({ "x-empty": "" });
    headers.append("authorization", "Basic a");
    headers.append("authorization", "Basic b");
    headers.append("cookie", "a=1");
    headers.append("cookie", "b=2");
    headers.set("date", "Fri, 27 Nov 2026 04:00:00 GMT");
    headers.set("user-agent", "Mozilla/5.0 (KHTML, like Gecko)");
    headers.set("__proto__", "a");
    const given = (await head(new Request(at, { headers })))!.headers;
    expect(Object.getPrototypeOf(given)).toBeNull();
    expect({ ...given }).toEqual({
      ["__proto__"]: ["a"],
      authorization: ["Basic a", "Basic b"],
      cookie: ["a=1; b=2"],
      date: ["Fri, 27 Nov 2026 04:00:00 GMT"],
      "user-agent": ["Mozilla/5.0 (KHTML, like Gecko)"],
      "x-empty": [""],
    });
  });

  it.each(["authorization", "content-type"])("any.52 a delivery with two of %s is refused", async (name) => {
    const receiver = createReceiver(postback(), {
      authenticate: bearerJwt({ secret: "x".repeat(32), audience: "us" }),
      backend: memory(),
      handle: () => {},
      onError: () => {},
      warn: () => {},
    });
    onTestFinished(() => receiver.close());
    const headers = new Headers({ authorization: "Bearer a", "content-type": "text/plain" });
    headers.append(name, headers.get(name)!);
    const answer = await createFetchHandler(receiver)(
      new Request("http://test/", { method: "POST", headers }),
    );
    expect([400, 401]).toContain(answer?.status);
  });
});

describe("the body", () => {
  async function read(request: Request | RememberedRequest, limits: Script["read"] = {}): Promise<Body> {
    const receiver = fakeReceiver({ read: limits });
    const response = await createFetchHandler(receiver)(request);
    expect(response?.status).toBe(200);
    const body = receiver.bodies[0]!;
    return body.kind === "bytes" ? { ...body, bytes: Uint8Array.from(body.bytes) } : body;
  }

  /** A stream in the hands of the test, and whether it was given up. */
  function stream(...chunks: string[]) {
    const seen = { cancelled: false };
    let controller!: ReadableStreamDefaultController;
    const body = new ReadableStream({
      start(given) {
        controller = given;
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      },
      cancel: () => void (seen.cancelled = true),
    });
    return { request: post(body, { duplex: "half" }), seen, controller };
  }

  const bytes = (text: string) => ({ kind: "bytes", bytes: new TextEncoder().encode(text) });

  it("any.3 is read from its chunks, and none is no bytes", async () => {
    const { request, controller } = stream("a=", "1");
    controller.close();
    expect(await read(request, { limit: 3 })).toEqual(bytes("a=1"));
    expect(await read(post())).toEqual(bytes(""));
    expect(await read(post(""))).toEqual(bytes(""));
  });

  it("any.3 of more than the limit is given up, however it is declared", async () => {
    const { request, seen } = stream("1234", "5");
    expect(await read(request, { limit: 4 })).toEqual({ kind: "too_large" });
    expect(seen.cancelled).toBe(true);
    const declared = post(stream().request.body, { duplex: "half", headers: { "content-length": "5" } });
    expect(await read(declared, { limit: 4 })).toEqual({ kind: "too_large" });
    expect(declared.bodyUsed).toBe(false);
  });

  it("any.3 is waited for no longer than allowed", async () => {
    const { request, seen } = stream("123");
    expect(await read(request, { withinMs: 5 })).toEqual({ kind: "timeout" });
    expect(seen.cancelled).toBe(true);
  });

  it("any.3 that was broken off is told from one that ended", async () => {
    const { request, controller } = stream("123");
    controller.error(new Error("gone"));
    expect(await read(request)).toEqual({ kind: "aborted" });
  });

  it("any.3 leaves no timer behind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    expect(await read(post("{}"))).toEqual(bytes("{}"));
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, (request: Request) => unknown]>([
    ["was read", (request) => request.text()],
    ["is being read", (request) => request.body!.getReader()],
  ])("any.4 that %s and not kept is told from an empty one", async (_how, reads) => {
    const request = post("{}");
    await reads(request);
    expect(await read(request)).toEqual({ kind: "already_read" });
  });

  it.each(["", "1"])("any.4 of %j that was declared longer was read by somebody below", async (rest) => {
    expect(await read(post(rest, { headers: { "content-length": "2" } }))).toEqual({ kind: "already_read" });
  });

  it.each(["text", "json", "arrayBuffer", "blob", "parseBody"] as const)(
    "any.4 that Hono has read by %s() is taken from what Hono keeps",
    async (reader) => {
      const text = reader === "parseBody" ? "a=%C3%A5" : '{"a":  "å"}';
      const type = reader === "parseBody" ? "application/x-www-form-urlencoded" : "application/json";
      for (const [limit, expected] of [
        [1_000, bytes(text)],
        [5, { kind: "too_large" }],
      ] as const) {
        const seen: Body[] = [];
        const app = new Hono().use(async (c) => {
          await (c.req[reader] as () => Promise<unknown>)();
          seen.push(await read(c.req, { limit }));
          return c.body(null);
        });
        await app.request(at, { method: "POST", body: text, headers: { "content-type": type } });
        expect(seen).toEqual([expected]);
      }
    },
  );

  it("any.4 that Hono has made another of than travelled is none", async () => {
    const seen: Body[] = [];
    const app = new Hono().use(async (c) => {
      await c.req.formData();
      seen.push(await read(c.req));
      return c.body(null);
    });
    const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": "3" };
    await app.request(at, { method: "POST", body: "a=1", headers });
    expect(seen).toEqual([{ kind: "already_read" }]);
  });

  it("any.3 that Hono waits for is waited for no longer than allowed", async () => {
    const { request } = stream("123");
    const app = new Hono().use(async (c) => {
      c.req.text().catch(() => {});
      return c.json(await read(c.req, { withinMs: 5 }));
    });
    expect(await (await app.request(request)).json()).toEqual({ kind: "timeout" });
  });

  it("any.4 of a stream that holds no bytes is none", async () => {
    const texts = new ReadableStream({
      start(controller) {
        controller.enqueue("12");
        controller.close();
      },
    });
    expect(await read(post(texts, { duplex: "half" }))).toEqual({ kind: "already_read" });
  });

  it("any.4 that Hono has not read is read under our limits", async () => {
    const { request, seen } = stream("1234", "5");
    const app = new Hono().use(async (c) => c.json(await read(c.req, { limit: 4 })));
    expect(await (await app.request(request)).json()).toEqual({ kind: "too_large" });
    expect(seen.cancelled).toBe(true);
  });
});

describe("the response", () => {
  async function respond(reply: Partial<Reply>): Promise<Response> {
    return (await createFetchHandler(fakeReceiver({ reply }))(post()))!;
  }

  it("any.7 has the reply's status, headers and body, with its length in bytes", async () => {
    const headers = { "content-type": "application/json", "retry-after": "5" };
    for (const body of ['"å"', new TextEncoder().encode('"å"')]) {
      const response = await respond({ status: 429, headers, body });
      expect(response.status).toBe(429);
      expect(Object.fromEntries(response.headers)).toEqual({ ...headers, "content-length": "4" });
      expect(await response.text()).toBe('"å"');
    }
  });

  it("any.7 has no type that the reply has not", async () => {
    expect(Object.fromEntries((await respond({ headers: {}, body: "x" })).headers)).toEqual({
      "content-length": "1",
    });
  });

  it.each([204, 205, 304])("any.7 of %i has neither a body nor a length", async (status) => {
    const response = await respond({ status, headers: {}, body: "dropped" });
    expect([response.status, response.body, [...response.headers]]).toEqual([status, null, []]);
  });

  it("any.20 to a reply that HTTP cannot carry is a 500", async () => {
    for (const reply of [{ headers: { "x-broken": "a\r\nb: c" } }, { headers: { "": "x" } }]) {
      const response = await respond(reply);
      expect([response.status, await response.text()]).toEqual([500, '{"code":"failed"}']);
    }
  });

  it("any.18 to a receiver that rejects is a 500, told without what it says", async () => {
    const warnings = expectWarning("receiver_rejected");
    const response = await createFetchHandler({ receive: () => Promise.reject(new Error("secret")) })(post());
    expect([response!.status, await response!.text()]).toEqual([500, '{"code":"failed"}']);
    expect((await warnings()).map(({ message }) => message)).toEqual([
      "A receiver rejected with Error and was answered for with 500.",
    ]);
  });
});

describe("the host", () => {
  /** A receiver that is busy, or not, and when it is idle. */
  function busy(isBusy: boolean, idle = Promise.withResolvers<void>()): FakeReceiver & { done: () => void } {
    return { ...fakeReceiver(), isBusy: () => isBusy, idle: () => idle.promise, done: idle.resolve };
  }

  it("waits for what goes on behind a reply, by the option or by the request", async () => {
    const receiver = busy(true);
    const works: Promise<unknown>[] = [];
    const handle = createFetchHandler(receiver, { waitUntil: (work) => void works.push(work) });
    await handle(post());
    const cloudflare = {
      works: [] as Promise<unknown>[],
      waitUntil(work: Promise<unknown>) {
        this.works.push(work);
      },
    };
    await handle(post(), cloudflare);
    expect([works.length, cloudflare.works.length]).toEqual([1, 1]);
    let isDone = false;
    void works[0]!.then(() => (isDone = true));
    await new Promise((resolve) => void setImmediate(resolve));
    expect(isDone).toBe(false);
    receiver.done();
    await Promise.all(works);
  });

  it("hears nothing where nothing goes on", async () => {
    const waitUntil = vi.fn<(work: Promise<unknown>) => void>();
    await createFetchHandler(busy(false), { waitUntil })(post());
    await createFetchHandler(fakeReceiver(), { waitUntil })(post());
    expect(waitUntil).not.toHaveBeenCalled();
  });

  it("is not told of a backend that went away: the receiver tells that itself", async () => {
    const works: Promise<unknown>[] = [];
    const idle = Promise.withResolvers<void>();
    idle.reject(new Error("away"));
    await createFetchHandler(busy(true, idle), { waitUntil: (work) => void works.push(work) })(post());
    await expect(works[0]).resolves.toBeUndefined();
  });

  it.each<[string, FetchHost]>([
    ["waitUntil throws", { waitUntil: throws }],
    ["follow rejects", { waitUntil: () => {}, follow: async () => throws() }],
    ["follow throws", { waitUntil: () => {}, follow: throws }],
  ])("any.18 gets the reply although its %s, and that is told", async (what, host) => {
    const warnings = expectWarning("host_failed");
    expect((await createFetchHandler(busy(true))(post(), host))?.status).toBe(200);
    const [name] = what.split(" ");
    expect((await warnings()).map(({ message }) => message)).toEqual([
      `createFetchHandler: ${name} threw: TypeError: Illegal invocation`,
    ]);
  });

  it.each<[string, 0 | undefined, number]>([
    ["waits for the handler of an event that was accepted", 0, 1],
    ["hears nothing of an event that was handled in time", undefined, 0],
  ])("any.11 %s", async (_what, answerWithin, waits) => {
    const works: Promise<unknown>[] = [];
    const handled: string[] = [];
    const slowly = Promise.withResolvers<void>();
    const receiver = createReceiver(postback(), {
      authenticate: false,
      backend: memory(),
      answerWithin,
      warn: () => {},
      handle: {
        "contact.create": async ({ data }) => {
          if (waits > 0) await slowly.promise;
          handled.push(data.id);
        },
      },
    });
    onTestFinished(() => receiver.close());
    const { headers, body } = sample("postback/contact-create-attempt-1");
    const handle = createFetchHandler(receiver, { waitUntil: (work) => void works.push(work) });
    const response = await handle(new Request("http://test/", { method: "POST", headers, body }));
    expect([response?.status, works.length, handled.length]).toEqual([200, waits, 1 - waits]);
    slowly.resolve();
    await Promise.all(works);
    expect(handled).toHaveLength(1);
  });

  describe.each([
    ["VERCEL", "Vercel"],
    ["NETLIFY", "Netlify"],
    ["AWS_LAMBDA_FUNCTION_NAME", "AWS Lambda"],
    ["FUNCTION_TARGET", "Google Cloud Functions"],
    ["", "Cloudflare Workers"],
  ])("that freezes, known by %s", (variable, name) => {
    function on(): void {
      if (variable) vi.stubEnv(variable, "1");
      else vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
      onTestFinished(() => void (vi.unstubAllEnvs(), vi.unstubAllGlobals()));
    }

    it("is told once that nobody waits, with the cure", async () => {
      on();
      const warnings = expectWarning("no_wait_until");
      const handle = createFetchHandler(fakeReceiver());
      await handle(post());
      await handle(post());
      const [warning, ...more] = await warnings();
      expect(more).toEqual([]);
      for (const word of [name, "waitUntil", "background: false", "receiver.idle()"])
        expect(warning!.message).toContain(word);
    });

    it("is told nothing where somebody waits", async () => {
      on();
      await createFetchHandler(fakeReceiver(), { waitUntil: () => {} })(post());
      await createFetchHandler(fakeReceiver())(post(), { waitUntil: () => {} });
      expect(process.listenerCount("warning")).toBeGreaterThan(0); // which fails a test that did not ask for one
    });
  });

  it("that does not freeze is told nothing", async () => {
    const emit = vi.spyOn(process, "emitWarning");
    onTestFinished(() => emit.mockRestore());
    await createFetchHandler(fakeReceiver())(post());
    expect(emit).not.toHaveBeenCalled();
  });

  it("any.52 follows a reply where it can, and the delivery says so", async () => {
    const receiver = fakeReceiver();
    const followed: Reply[] = [];
    await createFetchHandler(receiver)(post(), { follow: (reply) => void followed.push(reply) });
    expect(receiver.deliveries[0]!.tellsSent).toBe(true);
    followed[0]!.sent!("perhaps");
    expect(receiver.sent).toEqual(["perhaps"]);
  });
});

function throws(): never {
  throw new TypeError("Illegal invocation");
}
