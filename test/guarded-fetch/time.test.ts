/** Whatever a post waits for, it ends in time and when it is told to. */
import { getEventListeners, once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { closed, drip, serveCallbacks, serveSilence, type CallbackServer } from "./callback-server.ts";
import { errorOf, localFetch, postTo } from "./guarded-post.ts";

/** Enough for a connection on a busy machine. */
const soonMs = 1_000;

const never = () => new Promise<never>(() => {});

interface Stage {
  readonly at: string;
  readonly code: string;
  readonly serve: () => Promise<CallbackServer>;
  /** The event of the server by which the post has come there. */
  readonly until?: "connection" | "request";
  readonly options?: object;
}

const stages: readonly Stage[] = [
  { at: "DNS", code: "ERR_NOT_CONNECTED", serve: () => serveCallbacks(), options: { lookup: never } },
  { at: "the TLS handshake", code: "ERR_NOT_CONNECTED", serve: serveSilence, until: "connection" },
  { at: "the answer", code: "ERR_NO_ANSWER", serve: () => serveCallbacks(() => {}), until: "request" },
  {
    at: "the end of a dripping head",
    code: "ERR_NO_ANSWER",
    serve: () => serveCallbacks(drip("HTTP/1.1 200 OK\r\n", "x: y\r\n")),
    until: "request",
  },
];

describe.each(stages)("waiting for $at", ({ code, serve, until, options }) => {
  it("upsales.17 ends when the time is up", async () => {
    const { port } = await serve();
    const error = await errorOf(postTo(port, localFetch({ withinMs: soonMs, ...options })));
    expect([error.code, error.cause.message]).toEqual([code, `not done within ${soonMs} ms`]);
  });

  it("upsales.9 ends when its signal aborts, with the signal's reason for its cause", async () => {
    const server = await serve();
    const aborter = new AbortController();
    const reason = new Error("enough");
    const posting = postTo(server.port, localFetch(options), { signal: aborter.signal });
    if (until) await once(server.server, until);
    aborter.abort(reason);
    const error = await errorOf(posting);
    expect([error.code, error.cause]).toEqual([code, reason]);
    await Promise.all(server.connections.map(closed));
  });
});

describe("waiting for the body", () => {
  const serve = () => serveCallbacks(drip("HTTP/1.1 200 OK\r\n\r\n", "x"));

  it("upsales.17 ends when the time is up, however slowly it drips", async () => {
    const server = await serve();
    const response = await postTo(server.port, localFetch({ withinMs: soonMs }));
    const error = await errorOf(response.text());
    expect([response.status, error.code, error.cause.message]).toEqual([
      200,
      "ERR_NO_ANSWER",
      `not done within ${soonMs} ms`,
    ]);
    await Promise.all(server.connections.map(closed));
  });

  it("upsales.17 ends when the time is up even if nobody reads it", async () => {
    const server = await serve();
    const response = await postTo(server.port, localFetch({ withinMs: soonMs }));
    expect(response.bodyUsed).toBe(false);
    await Promise.all(server.connections.map(closed));
  });

  it("upsales.9 ends when its signal aborts", async () => {
    const server = await serve();
    const aborter = new AbortController();
    const response = await postTo(server.port, localFetch(), { signal: aborter.signal });
    aborter.abort("enough");
    expect(await errorOf(response.text())).toMatchObject({ code: "ERR_NO_ANSWER", cause: "enough" });
    await Promise.all(server.connections.map(closed));
  });

  it("upsales.9 a goodbye in its midst is not its end", async () => {
    const server = await serveCallbacks((res) => {
      res.writeHead(200, { "content-length": 10 }).write("half", () => res.socket?.end());
    });
    const response = await postTo(server.port, localFetch());
    expect([response.status, (await errorOf(response.text())).code]).toEqual([200, "ERR_NO_ANSWER"]);
  });

  it("upsales.9 a reset in its midst is told to whoever reads it, and to nobody else", async () => {
    const server = await serveCallbacks((res, raw) => {
      res.write("half", () => raw.resetAndDestroy());
    });
    const response = await postTo(server.port, localFetch());
    expect([response.status, (await errorOf(response.text())).code]).toEqual([200, "ERR_NO_ANSWER"]);
    expect((await postTo(server.port, localFetch())).status).toBe(200);
    await Promise.all(server.connections.map(closed));
  });
});

describe("the signal", () => {
  it("upsales.9 of one that has aborted already nothing is looked up", async () => {
    const server = await serveCallbacks();
    let lookups = 0;
    const lookup = async () => [{ address: (lookups++, "127.0.0.1") }];
    const error = await errorOf(
      postTo(server.port, localFetch({ lookup }), { signal: AbortSignal.abort("no") }),
    );
    expect([error.code, error.cause, lookups, server.connections.length]).toEqual([
      "ERR_NOT_CONNECTED",
      "no",
      0,
      0,
    ]);
  });

  it.each([
    ["an answer that was read", 200, {}],
    ["an answer without a body", 204, {}],
    ["an error", 200, { allow: [] }],
  ])("has no listener left after %s", async (_, status, options) => {
    const server = await serveCallbacks((res) => void res.writeHead(status).end());
    const { signal } = new AbortController();
    const posting = postTo(server.port, localFetch(options), { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await posting.then((response) => response.text()).catch(() => {});
    await vi.waitFor(() => expect(getEventListeners(signal, "abort")).toEqual([]));
  });

  it("upsales.17 nobody else's clock is needed: it takes 10 s at most", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const error = errorOf(postTo(443, localFetch({ lookup: never })));
    vi.advanceTimersByTime(9_999);
    expect(await Promise.race([error, nextTurn("still waiting")])).toBe("still waiting");
    vi.advanceTimersByTime(1);
    expect((await error).code).toBe("ERR_NOT_CONNECTED");
  });

  it("upsales.9 the post's own time is up before that of a receiver with the same patience", async () => {
    const posting = errorOf(postTo(443, localFetch({ withinMs: 20, lookup: never })));
    const patience = new Promise((resolve) => setTimeout(resolve, 20, "late"));
    expect(await Promise.race([posting, patience])).toMatchObject({ code: "ERR_NOT_CONNECTED" });
  });
});
