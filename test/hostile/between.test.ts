/** Rows "between us and the client" and "both ways": the callback has one accepted use, and no false dead letter. */
import type { ServerResponse } from "node:http";
import { later } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { atHead } from "../support/at-head.ts";
import { following, type Before } from "../support/frameworks.ts";
import { besiege, statuses, type Besieged } from "../support/hostile.ts";

const hello = { callback: { notify: "Hello!" } };

/** An app in between that changes what `res.end` does. */
const atEnd =
  (change: (res: ServerResponse) => unknown): Before =>
  (_, res) => {
    const end = res.end.bind(res) as (body?: unknown) => unknown;
    let inside = false;
    res.end = ((body: unknown) => {
      if (inside) return end(body);
      inside = true;
      try {
        return change(res);
      } finally {
        inside = false;
      }
    }) as never;
  };
/** One that changes the head, and the body with it. */
const rewrites =
  (change: (res: ServerResponse) => unknown, toBody = (body: unknown) => body): Before =>
  (_, res) => {
    const end = res.end.bind(res) as (body?: unknown) => unknown;
    res.end = ((body: unknown) => end(toBody(body))) as never;
    atHead(res, () => change(res));
  };
const throwing = () => {
  throw new Error("between");
};
const once = (act: () => void) => {
  let done = false;
  return () => void (done || ((done = true), act()));
};

/** What stands between, and how far a reply gets through it: the attempt that its post counts as. */
const between: readonly (readonly [string, Before, number])[] = [
  ["sets another status", rewrites((res) => (res.statusCode = 502)), 1],
  ["sets another status that is fine too", rewrites((res) => (res.statusCode = 202)), 1],
  [
    "empties the body",
    rewrites(
      (res) => res.removeHeader("content-length"),
      () => undefined,
    ),
    2,
  ],
  [
    "adds to the body",
    rewrites(
      (res) => res.setHeader("content-length", Number(res.getHeader("content-length")) + 1),
      (body) => `${String(body)} `,
    ),
    2,
  ],
  ["takes the length away", rewrites((res) => res.removeHeader("content-length")), 2],
  ["says that it is compressed", rewrites((res) => res.setHeader("content-encoding", "gzip")), 2],
  ["has begun to answer before us", (_, res) => void res.writeHead(200).write("between"), 1],
  ["cuts the connection", atEnd((res) => res.destroy()), 1],
  ["cuts the connection after the head", atEnd((res) => (res.flushHeaders(), res.destroy())), 2],
];

/** What throws, where. */
const spoilers: readonly (readonly [string, (res: ServerResponse) => void])[] = [
  [
    "the end, once",
    (res: ServerResponse) => {
      const end = res.end.bind(res);
      const first = once(throwing);
      res.end = ((body: unknown) => (first(), end(body))) as never;
    },
  ],
  ["the end, always", (res: ServerResponse) => void (res.end = throwing as never)],
  ["the head, always", (res: ServerResponse) => void (res.writeHead = throwing as never)],
  ["a header, always", (res: ServerResponse) => void (res.setHeader = throwing as never)],
];

describe.each(following)("$name", (framework) => {
  it.each(between)(
    "any.20 upsales.8 where the app %s, the callback is posted once",
    async (what, before, attempt) => {
      const house = await besiege(framework, "upsales", {
        handle: () => hello,
        mount: { before: firstOnly(before) },
      });
      const left = house.attack({});
      await house.seen(3);
      // Fastify hands the head to Node before the end, and then nobody knows whether it went out
      const perhaps = framework.name === "Fastify 5" && what === "cuts the connection";
      expect(house.observed.filter(({ kind }) => kind === "post")).toMatchObject([
        { outcome: "accepted", attempt: perhaps ? 2 : attempt },
      ]);
      house.server.closeAllConnections();
      await left;
      await house.receiver.idle();
      expect([house.events.length, house.posts.length]).toEqual([1, 1]);
      await house.unharmed({ handled: 1, posts: 1 });
    },
  );

  // Koa writes the response itself, and what is thrown there is its own affair
  if (!framework.name.startsWith("Koa"))
    it.each(spoilers)(
      "any.20 where the app throws at %s, the connection ends and the callback is posted once",
      async (_, spoil) => {
        const before: Before = (__, res) => spoil(res);
        const house = await besiege(framework, "upsales", {
          handle: () => hello,
          mount: { before: firstOnly(before) },
        });
        expect(statuses(await house.attack({})).every((status) => status === 500)).toBe(true);
        await house.seen(3);
        await house.receiver.idle();
        expect([house.events.length, house.posts.length]).toEqual([1, 1]);
        expect(await house.receiver.deadLetters.list()).toEqual([]);
        await house.unharmed({ handled: 1, posts: 1 });
      },
    );

  it("upsales.18 a handler that answers twice has one use", async () => {
    const refused: unknown[] = [];
    const answerTwice = async ({ key }: { key: string }): Promise<unknown> => {
      for (let at = 0; at < 2; at += 1)
        await house.receiver.answer(key, hello).catch((error: any) => refused.push(error.code));
      return hello;
    };
    let handle: (event: any) => unknown = answerTwice;
    const house: Besieged = await besiege(framework, "upsales", { handle: (event: any) => handle(event) });
    expect(statuses(await house.attack({}))).toEqual([200]);
    await house.receiver.idle();
    expect([refused, house.posts]).toEqual([["wrong_state", "wrong_state"], []]);
    handle = () => undefined;
    await house.unharmed({ handled: 1 });
  });

  it("upsales.18 of many answers to a promise at once one is posted", async () => {
    let answer: () => unknown = later;
    const house = await besiege(framework, "upsales", { handle: () => answer() });
    expect(statuses(await house.attack({}))).toEqual([200]);
    answer = () => undefined;
    const { key } = house.events[0];
    const ends = await Promise.allSettled(
      Array.from({ length: 10 }, () => house.receiver.answer(key, hello)),
    );
    await house.receiver.idle();
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(house.posts).toHaveLength(1);
    await house.unharmed({ handled: 1, posts: 1 });
  });
});

/** The app is well again for the next delivery. */
function firstOnly(before: Before): Before {
  let first = true;
  return (...given) => {
    if (!first) return undefined;
    first = false;
    return before(...given);
  };
}
