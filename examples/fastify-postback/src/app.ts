/** The app on Fastify: where deliveries come in, beside your own routes. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { DeliveryReceiver } from "@answerback/core";
import { createFastifyPlugin } from "@answerback/fastify";
import fastify from "fastify";

export function createApp(receiver: DeliveryReceiver) {
  // TLS ends at a proxy on this machine or in its network; with `true` any caller could say that it came by HTTPS
  const app = fastify({ trustProxy: ["loopback", "uniquelocal"] });
  // the receiver reads the bodies below this prefix, as they travelled; your own routes keep their parsers
  app.register(createFastifyPlugin(receiver), { prefix: "/hooks" });
  const ready = app.ready();
  return async (request: IncomingMessage, response: ServerResponse) => {
    await ready;
    app.routing(request, response);
  };
}
