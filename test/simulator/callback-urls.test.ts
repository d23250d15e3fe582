/** Upsales' callbackUrls: one use, none after an inline callback, under 100 kB; and what may go wrong with them. */
import { callbackBytes, callbackUrls, serveCallbacks, virtualClock } from "@answerback/simulator";
import type { CallbackFault, CallbackUrls } from "@answerback/simulator";
import { afterEach, describe, expect, test } from "vitest";

const url = "https://integration.upsales.com/callback/1";
const headers = { "content-type": "application/json" };
const post = (body: unknown = { notify: "Hello!" }) => ({
  method: "POST",
  headers,
  body: JSON.stringify(body),
});

function opened(faults?: (at: { post: number }) => CallbackFault | undefined): CallbackUrls {
  const callbacks = callbackUrls(faults ? { faults } : {});
  callbacks.open(url);
  return callbacks;
}

/** A callback of so many bytes of JSON. */
const ofBytes = (bytes: number) => ({ notify: "x".repeat(bytes - '{"notify":""}'.length) });

const said = ({ uses }: CallbackUrls) => uses.map(({ concluded }) => concluded.says);

describe("what Upsales concludes", () => {
  test("upsales.7 a posted callback is accepted, and can be asked for", async () => {
    const callbacks = opened();
    const response = await callbacks.transport(url, post());
    expect(response.status).toBe(200);
    expect(said(callbacks)).toEqual(["callback accepted"]);
    expect(callbacks.accepted(url)).toEqual({ notify: "Hello!" });
  });

  test("upsales.8 a second one is refused: already used", async () => {
    const callbacks = opened();
    await callbacks.transport(url, post());
    expect((await callbacks.transport(url, post({ notify: "Again" }))).status).toBe(410);
    expect(said(callbacks)).toEqual(["callback accepted", "callback refused: already used"]);
    expect(callbacks.accepted(url)).toEqual({ notify: "Hello!" });
  });

  test("upsales.8 nothing is accepted after an inline callback, however often the URL is opened", async () => {
    const callbacks = opened();
    expect(callbacks.inline(url, { notify: "Hello!" }).concluded.says).toBe("callback accepted");
    callbacks.open(url);
    expect((await callbacks.transport(url, post())).status).toBe(410);
    expect(said(callbacks)[1]).toBe("callback refused: answered inline");
  });

  test("upsales.8 an inline callback is refused after a posted one", async () => {
    const callbacks = opened();
    await callbacks.transport(url, post());
    expect(callbacks.inline(url, {}).concluded.says).toBe("callback refused: already used");
  });

  test("upsales.10 102,399 bytes are accepted, 102,400 are not, and the one use is left", async () => {
    const callbacks = opened();
    expect((await callbacks.transport(url, post(ofBytes(callbackBytes)))).status).toBe(413);
    expect((await callbacks.transport(url, post(ofBytes(callbackBytes - 1)))).status).toBe(200);
    expect(said(callbacks)).toEqual([
      "callback refused: 102400 bytes, must be less than 102400",
      "callback accepted",
    ]);
  });

  test("upsales.10 bytes are counted, not characters, inline too", () => {
    const callbacks = opened();
    callbacks.inline(url, { notify: "å".repeat(51_200) });
    expect(said(callbacks)).toEqual(["callback refused: 102413 bytes, must be less than 102400"]);
  });

  test.for<[string, object, number, string]>([
    ["a GET", { method: "GET" }, 405, "GET, must be POST"],
    ["no content type", { headers: {} }, 415, "content type missing"],
    ["text", { headers: { "content-type": "text/plain" } }, 415, "content type text/plain"],
    ["no JSON", { body: "{" }, 400, "not a JSON object"],
    ["an array", { body: "[]" }, 400, "not a JSON object"],
    [
      "an envelope",
      { body: '{"callback":{}}' },
      400,
      "a callback inside the callback: the object alone is posted",
    ],
    ["a status that is no number", { body: '{"status":"1"}' }, 400, "field status has the wrong type"],
    ["a null", { body: '{"notify":null}' }, 400, "field notify has the wrong type"],
    ["ids that are no list", { body: '{"notifyUserIds":1}' }, 400, "field notifyUserIds has the wrong type"],
    ["appData that is no object", { body: '{"appData":"x"}' }, 400, "field appData has the wrong type"],
  ])("upsales.7 upsales.11 %s is refused, and the one use is left", async ([, change, status, why]) => {
    const callbacks = opened();
    expect((await callbacks.transport(url, { ...post(), ...change })).status).toBe(status);
    expect(said(callbacks)[0]).toBe(`callback refused: ${why}`);
    expect((await callbacks.transport(url, post({}))).status).toBe(200);
  });

  test("upsales.7 parameters of the content type do not matter", async () => {
    const callbacks = opened();
    const charset = { "Content-Type": "Application/JSON; charset=utf-8" };
    expect((await callbacks.transport(url, { ...post(), headers: charset })).status).toBe(200);
  });

  test("upsales.4 a URL that nobody was given is unknown, and no request has no callback", async () => {
    const callbacks = opened();
    expect((await callbacks.transport(`${url}2`, post())).status).toBe(404);
    callbacks.inline(undefined, {});
    expect(said(callbacks)).toEqual([
      "callback refused: unknown callbackUrl",
      "callback refused: the request had no callbackUrl",
    ]);
  });
});

describe("what may go wrong", () => {
  test("a status of choice is answered unread: the use is left", async () => {
    const callbacks = opened(({ post: nth }) => (nth === 1 ? { kind: "status", status: 503 } : undefined));
    expect((await callbacks.transport(url, post())).status).toBe(503);
    expect((await callbacks.transport(url, post())).status).toBe(200);
    expect(said(callbacks)).toEqual(["callback lost: answered 503", "callback accepted"]);
  });

  test("a dropped request never arrives, a dropped response has", async () => {
    const callbacks = opened(({ post: nth }) => ({ kind: nth === 1 ? "drop request" : "drop response" }));
    await expect(callbacks.transport(url, post())).rejects.toThrow("fetch failed");
    expect(callbacks.accepted(url)).toBeUndefined();
    await expect(callbacks.transport(url, post())).rejects.toThrow("fetch failed");
    expect(callbacks.accepted(url)).toEqual({ notify: "Hello!" });
  });

  test("a late answer comes late on the clock, and the callback had arrived", async () => {
    const clock = virtualClock();
    const callbacks = callbackUrls({ clock, faults: () => ({ kind: "late", byMs: 5_000 }) });
    callbacks.open(url);
    const answer = callbacks.transport(url, post());
    const began = clock.now();
    expect(callbacks.accepted(url)).toBeDefined();
    expect(clock.tick()).toBe(true);
    expect((await answer).status).toBe(200);
    expect(clock.now() - began).toBe(5_000);
  });

  test("an answer that never comes ends with the receiver's own signal", async () => {
    const callbacks = opened(() => ({ kind: "never" }));
    const abort = new AbortController();
    const answer = callbacks.transport(url, { ...post(), signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
    await expect(callbacks.transport(url, { ...post(), signal: abort.signal })).rejects.toThrow("enough");
  });

  test("upsales.17 who would follow a redirect is told on", async () => {
    const location = "http://169.254.169.254/";
    const callbacks = opened(() => ({ kind: "status", status: 307, headers: { location } }));
    await callbacks.transport(url, { ...post(), redirect: "manual" });
    await callbacks.transport(url, post());
    expect(said(callbacks)).toEqual([
      "callback lost: answered 307",
      `callback lost: followed a redirect to ${location}`,
    ]);
  });
});

describe("behind a real server", () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });

  test("upsales.8 it takes an upsales.com URL by its transport, and one of its own, once each", async () => {
    const callbacks = opened();
    const server = await serveCallbacks(callbacks);
    open.push(server);
    const own = new URL("/callback/own", server.url).href;
    callbacks.open(own);
    expect((await server.transport(url, post())).status).toBe(200);
    expect((await server.transport(url, post())).status).toBe(410);
    expect((await fetch(own, post())).status).toBe(200);
    expect((await fetch(own, { ...post(), headers: { "content-type": "text/plain" } })).status).toBe(415);
    expect(callbacks.accepted(own)).toEqual({ notify: "Hello!" });
  });

  test("a fault of the plan is a connection that breaks", async () => {
    const callbacks = opened(() => ({ kind: "drop request" }));
    const server = await serveCallbacks(callbacks);
    open.push(server);
    await expect(server.transport(url, post())).rejects.toThrow("fetch failed");
  });
});
