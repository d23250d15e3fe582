/** The app on node:http alone: where deliveries come in; everything else is 404. */
import type { DeliveryReceiver } from "@answerback/core";
import { createNodeHandler } from "@answerback/node";

export function createApp(receiver: DeliveryReceiver) {
  return createNodeHandler(receiver, {
    path: "/hooks",
    // TLS ends at a proxy in front, which sets X-Forwarded-Proto; without one any caller could
    secure: ({ headers }) => headers["x-forwarded-proto"] === "https",
  });
}
