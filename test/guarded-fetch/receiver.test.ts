/** What a receiver makes of callback servers that it reaches through a guarded post: retried, rejected or presumed delivered. */
import type { PostObservation, Transport } from "@answerback/core";
import { upsales } from "@answerback/core";
import { GuardedFetchError } from "@answerback/node";
import { describe, expect, it } from "vitest";
import { sample, withFields } from "../support/deliveries.ts";
import { frameworkNamed } from "../support/frameworks.ts";
import { openHouse, type House } from "../support/house.ts";
import { manualClock, type ManualClock } from "../support/manual-clock.ts";
import { closed, closedPort, drip, endless, serveCallbacks, type Behave } from "./callback-server.ts";
import { localFetch } from "./guarded-post.ts";

const callbackUrl = "https://callback.example/callback/secret-path";
const insert = withFields(sample("upsales/order-insert"), { callbackUrl });
const framework = frameworkNamed("node:http");

const status =
  (code: number, headers: Record<string, string> = {}): Behave =>
  (res) =>
    void res.writeHead(code, headers).end();

const silence: Behave = () => {};
const reset: Behave = (_, raw) => raw.resetAndDestroy();
const resetAfterHead: Behave = (res, raw) => void res.write("half", () => raw.resetAndDestroy());
const bomb: Behave = (res) => {
  res.writeHead(200, { "content-encoding": "gzip" });
  endless(res, res.socket!);
};

const accepted = { outcome: "accepted", attempt: 1, status: 200 };
const failed = (attempt: number, code?: number) => ({ outcome: "failed", attempt, status: code });
const rejected = (code: number) => ({ outcome: "rejected", attempt: 1, status: code });
const presumed = (code: number) => ({ outcome: "presumed_delivered", attempt: 2, status: code });

describe("upsales.9 what the callback server does, attempt by attempt", () => {
  it.each<[string, Behave[], object[]]>([
    ["200", [status(200)], [accepted]],
    ["200 with an endless body", [endless], [accepted]],
    ["200 with a gzip bomb", [bomb], [accepted]],
    ["200 with a body that drips", [drip("HTTP/1.1 200 OK\r\n\r\n", "x")], [accepted]],
    ["200 and a reset", [resetAfterHead], [accepted]],
    ["301 to metadata", [status(301, { location: "https://169.254.169.254/" })], [rejected(301)]],
    ["404", [status(404)], [rejected(404)]],
    ["502, then 200", [status(502), status(200)], [failed(1, 502), { ...accepted, attempt: 2 }]],
    ["502, then 404", [status(502), status(404)], [failed(1, 502), presumed(404)]],
    ["408, then 410", [status(408), status(410)], [failed(1, 408), presumed(410)]],
    ["429, then 404", [status(429), status(404)], [failed(1, 429), rejected(404)]],
    ["no answer, then 404", [silence, status(404)], [failed(1), presumed(404)]],
    [
      "a head that drips, then 404",
      [drip("HTTP/1.1 200 OK\r\n", "x: y\r\n"), status(404)],
      [failed(1), presumed(404)],
    ],
    ["a reset, then 404", [reset, status(404)], [failed(1), presumed(404)]],
    [
      "a status that is none, then 404",
      [(res) => res.socket?.end("HTTP/1.1 999 ?\r\n\r\n"), status(404)],
      [failed(1), presumed(404)],
    ],
  ])("%s", async (_, behaviours, posts) => {
    const server = await serveCallbacks((res, raw) => behaviours[server.requests.length - 1]?.(res, raw));
    const clock = manualClock();
    const house = await houseFor(clock, onPort(server.port, localFetch({ withinMs: 1_000 })));
    await house.deliver(insert);
    await workAll(house, clock, posts.length);
    expect(postsOf(house)).toMatchObject(posts);
    expect([server.requests.length, server.connections.length]).toEqual([posts.length, posts.length]);
    await Promise.all(server.connections.map(closed));
  });

  it.each<[string, (port: number) => Promise<Transport>]>([
    ["a wrong certificate", async (port) => onPort(port, localFetch({ ca: undefined }))],
    ["a refused connection", async () => onPort(await closedPort(), localFetch())],
    [
      "DNS that says nothing",
      async (port) => onPort(port, localFetch({ withinMs: 50, lookup: () => new Promise(() => {}) })),
    ],
    ["an address that is not public", async (port) => onPort(port, localFetch({ allow: [] }))],
    ["a name without addresses", async (port) => onPort(port, localFetch({ lookup: async () => [] }))],
  ])("%s is surely not sent: a 404 to the next attempt rejects", async (_, makeTransport) => {
    const server = await serveCallbacks(status(404));
    const clock = manualClock();
    const first = await makeTransport(server.port);
    const then = onPort(server.port, localFetch());
    let posts = 0;
    const house = await houseFor(clock, (url, init) => (posts++ === 0 ? first : then)(url, init));
    await house.deliver(insert);
    await workAll(house, clock, 2);
    expect(postsOf(house)).toMatchObject([failed(1), rejected(404)]);
    expect(server.requests).toHaveLength(1);
    expect(await house.receiver.deadLetters.list()).toMatchObject({ length: 1 });
  });

  it("a connection that lost its route after the post was sent is not surely unsent", async () => {
    const server = await serveCallbacks(status(404));
    const clock = manualClock();
    const cause = Object.assign(new Error(), { code: "EHOSTUNREACH" });
    const lost: Transport = () => Promise.reject(new GuardedFetchError("ERR_NO_ANSWER", "lost", { cause }));
    const then = onPort(server.port, localFetch());
    let posts = 0;
    const house = await houseFor(clock, (url, init) => (posts++ === 0 ? lost : then)(url, init));
    await house.deliver(insert);
    await workAll(house, clock, 2);
    expect(postsOf(house)).toMatchObject([failed(1), presumed(404)]);
  });

  it("429 with Retry-After is asked again after that long, not before", async () => {
    const behaviours = [status(429, { "retry-after": "30" }), status(200)];
    const server = await serveCallbacks((res, raw) => behaviours[server.requests.length - 1]?.(res, raw));
    const clock = manualClock();
    const house = await houseFor(clock, onPort(server.port, localFetch()));
    await house.deliver(insert);
    await house.receiver.idle();
    await clock.advance(29_000);
    await house.receiver.idle();
    expect(server.requests).toHaveLength(1);
    await clock.advance(2_000);
    await house.receiver.idle();
    expect(postsOf(house)).toMatchObject([failed(1, 429), accepted]);
  });
});

/** A house whose callbacks are all posted: it accepts first. */
function houseFor(clock: ManualClock, transport: Transport): Promise<House> {
  return openHouse(framework, "upsales", {
    provider: upsales({ callbackHosts: ["callback.example"] }),
    clock,
    transport,
    handle: () => ({ callback: { notify: "Hello!" } }),
    options: { answerWithin: 0, random: () => 0 },
  });
}

/** The URL stays on port 443, as upsales.17 has it; only the test's last step knows better. */
function onPort(port: number, transport: Transport): Transport {
  return (url, init) => transport(url.replace("callback.example/", `callback.example:${port}/`), init);
}

/** Moves on until so many posts have ended. */
async function workAll(house: House, clock: ManualClock, posts: number): Promise<void> {
  await house.receiver.idle();
  for (let tries = 0; postsOf(house).length < posts && tries < 20; tries++) {
    await clock.advance(1_000);
    await house.receiver.idle();
  }
}

function postsOf({ observed }: House): PostObservation[] {
  return observed.filter((one) => one.kind === "post");
}
