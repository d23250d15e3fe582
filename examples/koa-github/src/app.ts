/** The app on Koa: where deliveries come in, beside your own routes. */
import type { DeliveryReceiver } from "@answerback/core";
import { createKoaMiddleware } from "@answerback/koa";
import Koa from "koa";

export function createApp(receiver: DeliveryReceiver) {
  // TLS ends at a proxy in front, which sets X-Forwarded-Proto; without one any caller could
  const app = new Koa({ proxy: true });
  // before any body parser: the receiver reads the body itself, and a signature is over the bytes as they travelled
  app.use(createKoaMiddleware(receiver, { path: "/hooks" }));
  return app.callback();
}
