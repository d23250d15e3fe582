/** The app on Hono: where deliveries come in, beside your own routes. */
import type { DeliveryReceiver, Reply } from "@answerback/core";
import { createFetchHandler } from "@answerback/fetch";
import { followResponse } from "@answerback/node";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";

export function createApp(receiver: DeliveryReceiver) {
  const handle = createFetchHandler(receiver, {
    path: "/hooks",
    // TLS ends at a proxy in front, which sets X-Forwarded-Proto; without one any caller could
    secure: ({ headers }) => headers.get("x-forwarded-proto") === "https",
  });

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(async (c, next) => {
    // what becomes of a reply shows on Node's response, so a callback may go inline
    const host = { follow: (reply: Reply) => followResponse(c.env.outgoing, reply) };
    return (await handle(c.req, host)) ?? next();
  });
  return getRequestListener(app.fetch);
}
