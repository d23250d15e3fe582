/** How people test: supertest, Express, Koa, node:http, a URL, fake timers, real time, a worked line each. */
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { deliveries, fakeTimersClock, openTarget, play, realClock, send } from "@answerback/simulator";
import express from "express";
import Koa from "koa";
import request from "supertest";
import { afterEach, expect, test, vi } from "vitest";

const delivery = deliveries.appInbox.message({ mount: "/hooks/inbox" });

const app = express();
app.post("/hooks/inbox", express.json(), ({ body }: { body: { id?: string } }, response) => {
  response.status(body.id ? 200 : 400).end();
});

const koa = new Koa();
koa.use((context) => {
  context.status = context.path === "/hooks/inbox" ? 200 : 404;
});

const listener = (incoming: IncomingMessage, response: { end(): unknown }) =>
  void incoming.resume().on("end", () => response.end());

afterEach(() => {
  vi.useRealTimers();
});

test("any.18 a delivery goes through supertest", async () => {
  const response = await request(app).post(delivery.path).set(delivery.headers).send(delivery.body);
  expect(response.status).toBe(200);
});

test.for([
  ["an Express app", app],
  ["a Koa app", koa],
  ["a Koa callback", koa.callback()],
  ["a node:http listener", listener],
  ["a node:http server that does not listen yet", createServer(listener)],
] as const)("inbox.4 a scenario is played in one line at %s", async ([, target]) => {
  const journal = await play(target, delivery);
  expect(journal.map(({ concluded }) => concluded.says)).toEqual(["acknowledged"]);
});

test("inbox.4 a server that listens, and its URL, are played at and left open", async () => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { url } = await openTarget(server);
  for (const target of [server, url.href, url]) {
    const [entry] = await play(target, delivery);
    expect(entry?.concluded.says).toBe("acknowledged");
  }
  expect(server.listening).toBe(true);
  await new Promise((resolve) => server.close(resolve));
});

test("uphance.6 vitest's fake timers are the provider's clock too", async () => {
  vi.useFakeTimers();
  const began = Date.now();
  const slow = createServer((incoming, response) => {
    incoming.resume();
    setTimeout(() => response.end(), 50_000);
  });
  const [entry] = await play(slow, deliveries.uphance.invoiceCreate(), { clock: fakeTimersClock(vi) });
  expect(entry).toMatchObject({ seen: { tookMs: 50_000 }, concluded: { says: "acknowledged" } });
  expect(Date.now() - began).toBe(50_000);
});

test("uphance.3 on fake timers a receiver slower than the provider's patience is sent the event again", async () => {
  vi.useFakeTimers();
  const slow = createServer((incoming, response) => {
    incoming.resume();
    setTimeout(() => response.end(), 70_000);
  });
  const journal = await play(slow, deliveries.uphance.invoiceCreate(), {
    clock: fakeTimersClock(vi),
    uphance: { giveUpAfterMs: 200_000 },
  });
  expect(journal.map(({ concluded }) => concluded.says)).toEqual([
    "will retry in 60 s, attempt 2",
    "gave up after 200 s",
  ]);
});

test("postback.3 in real time a schedule takes the time it takes", async () => {
  let count = 0;
  const flaky = createServer((incoming, response) => {
    incoming.resume();
    response.writeHead(count++ ? 200 : 500).end();
  });
  const journal = await play(flaky, delivery, { clock: realClock, appInbox: { intervalMs: 30 } });
  expect(journal.map(({ concluded }) => concluded.says)).toEqual([
    "will retry in 30 ms, attempt 2 of 10",
    "acknowledged",
  ]);
  expect(journal[1]!.atMs).toBeGreaterThanOrEqual(29);
});

test("inbox.4 one attempt alone is one line too", async () => {
  const { url, close } = await openTarget(listener);
  expect(await send(delivery, url)).toMatchObject({ kind: "answered", status: 200 });
  await close();
});
