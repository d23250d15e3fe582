/** Answerback before the judge in whole apps: body parsers, compression and a log in front, and Nest on both platforms. */
import compress from "@fastify/compress";
import formbody from "@fastify/formbody";
import { createReceiver, type Receiver } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import { createFastifyPlugin } from "@answerback/fastify";
import { judge, printReport, type Bench, type Judge, type JudgeOptions } from "@answerback/simulator";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import fastify from "fastify";
import { describe, test } from "vitest";
import { providers, type ProviderName } from "../support/house.ts";
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

/** Makes an app with a receiver at its prefix. */
type Make = (receiver: Receiver, prefix: string) => Promise<App>;
interface App {
  readonly server: any;
  close(): unknown;
}

// with Nest's rawBody, which reads more; examples/nest-upsales is tried without it, too
const apps: readonly (readonly [string, Make])[] = [
  ["Fastify", fastifyApp],
  ["Nest on Express", nestOnExpress],
  ["Nest on Fastify", nestOnFastify],
];

describe.each(apps)("%s", (_name, make) => {
  test.for(table)(
    "the judge of %s finds nothing wrong",
    { timeout: 60_000 },
    async ([name, play, options], { expect }) => {
      const report = await play(subject(make, name), options);
      expect(report.findings, printReport(report)).toEqual([]);
      expect(report.skipped).toEqual([]);
    },
  );
});

async function fastifyApp(receiver: Receiver, prefix: string): Promise<App> {
  const app = fastify({ logger: { stream: { write: () => {} } } });
  await app.register(compress, { threshold: 0 });
  await app.register(formbody);
  app.post("/echo", ({ body }) => body);
  app.register(createFastifyPlugin(receiver), { prefix });
  await app.ready();
  return app;
}

class AppModule {}
const options = { rawBody: true, logger: false } as const;

async function nestOnExpress(receiver: Receiver, prefix: string): Promise<App> {
  const app = await NestFactory.create<NestExpressApplication>({ module: AppModule }, options);
  app.use(prefix, createExpressMiddleware(receiver));
  await app.init();
  return { server: app.getHttpServer(), close: () => app.close() };
}

async function nestOnFastify(receiver: Receiver, prefix: string): Promise<App> {
  const adapter = new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>({ module: AppModule }, adapter, options);
  await app.register(createFastifyPlugin(receiver), { prefix });
  await app.init();
  await adapter.getInstance().ready();
  return { server: app.getHttpServer(), close: () => app.close() };
}

/** A receiver of ours around the judge's handler and on the judge's clock, in an app that is closed after each scenario. */
function subject(makeApp: Make, name: ProviderName) {
  const { make, at, authenticate } = providers[name];
  let receiver: Receiver;
  let app: App;
  return {
    async build({ handle, clock, transport }: Bench) {
      const provider: any = make();
      const handleData: any = ({ data }: { data: unknown }) => handle(data);
      const quiet = { warn: () => {}, onError: () => {} };
      receiver = createReceiver(provider, { authenticate, clock, transport, handle: handleData, ...quiet });
      app = await makeApp(receiver, at);
      return app.server;
    },
    async close() {
      await receiver.close({ within: 0 });
      await app.close();
    },
  };
}
