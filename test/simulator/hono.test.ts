/** Answerback before the judge in a Hono app that logs, compresses and reads bodies in front of it: it finds nothing wrong. */
import { getRequestListener } from "@hono/node-server";
import { createReceiver, type Receiver } from "@answerback/core";
import { createFetchHandler } from "@answerback/fetch";
import { judge, printReport, type Bench, type Judge, type JudgeOptions } from "@answerback/simulator";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { logger } from "hono/logger";
import { describe, test } from "vitest";
import { providers, type ProviderName } from "../support/providers.ts";
import { authenticationKey, credentials, secret } from "./right-rules.ts";

const table: readonly [ProviderName, Judge, JudgeOptions][] = [
  ["upsales", judge.upsales, { mount: "/upsales", authenticationKey }],
  ["uphance", judge.uphance, { mount: `/hooks/uphance/${secret}`, secret }],
  [
    "app-inbox",
    judge.appInbox,
    { mount: "/hooks/inbox", credentials: { ...credentials, username: "inbox" } },
  ],
  ["postback", judge.postback, { mount: "/hooks/postback", credentials }],
];

describe.concurrent("a Hono app", () => {
  test.for(table)("the judge of %s finds nothing wrong", async ([name, play, options], { expect }) => {
    const report = await play(subject(name), options);
    expect(report.findings, printReport(report)).toEqual([]);
    expect(report.skipped).toEqual([]);
  });
});

function subject(name: ProviderName) {
  const { make, at, authenticate } = providers[name];
  let receiver: Receiver;
  return {
    build({ handle: judged, clock, transport }: Bench) {
      const handleData: any = ({ data }: { data: unknown }) => judged(data);
      receiver = createReceiver(make() as any, {
        ...{ authenticate, clock, transport, handle: handleData },
        warn: () => {},
        onError: () => {},
      });
      const handle = createFetchHandler(receiver, { path: at });
      const app = new Hono().use(
        logger(() => {}),
        compress(),
      );
      app.use(async (c, next) => {
        await c.req.text();
        await next();
      });
      app.use(async (c, next) => (await handle(c.req)) ?? next());
      const listener = getRequestListener(app.fetch);
      return (...[req, res]: Parameters<typeof listener>) => void listener(req, res);
    },
    close: () => receiver.close({ within: 0 }),
  };
}
