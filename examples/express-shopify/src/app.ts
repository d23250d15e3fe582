/** The app on Express: where deliveries come in, beside your own routes. */
import type { DeliveryReceiver } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import express from "express";

export function createApp(receiver: DeliveryReceiver) {
  const app = express();
  // TLS ends at one proxy in front; with `true` any caller could say that it came by HTTPS
  app.set("trust proxy", 1);
  // before any body parser: the receiver reads the body itself, and a signature is over the bytes as they travelled
  app.use("/hooks", createExpressMiddleware(receiver));
  return app;
}
