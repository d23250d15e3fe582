/** The app, on Express or on Fastify: what differs is the one line that mounts the receiver. */
import { createExpressMiddleware } from "@answerback/express";
import { createFastifyPlugin } from "@answerback/fastify";
import type { DynamicModule, INestApplication, NestApplicationOptions } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { Orders } from "./orders.ts";
import { Upsales, type Settings } from "./upsales.ts";

/** Without decorators, Node runs this as it is; in an app that is compiled, `@Module({ providers })` takes the same list. */
class AppModule {}

function createModule(settings: Settings): DynamicModule {
  return {
    module: AppModule,
    providers: [
      Orders,
      { provide: Upsales, inject: [Orders], useFactory: (orders: Orders) => new Upsales(orders, settings) },
    ],
  };
}

export async function createExpressApp(
  settings: Settings,
  options: NestApplicationOptions = {},
): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(createModule(settings), options);
  // before init() and listen(), with which Nest's body parsers come: the receiver reads the body itself
  app.use("/upsales", createExpressMiddleware(app.get(Upsales).receiver));
  return app;
}

export async function createFastifyApp(
  settings: Settings,
  options: NestApplicationOptions = {},
): Promise<INestApplication> {
  const adapter = new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(createModule(settings), adapter, options);
  await app.register(createFastifyPlugin(app.get(Upsales).receiver), { prefix: "/upsales" });
  return app;
}
