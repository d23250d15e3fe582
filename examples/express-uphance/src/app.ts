/** The app: what becomes of Uphance's webhooks, and where they come in. */
import { createReceiver, memory, uphance, urlSecret } from "@answerback/core";
import type { ReceiverOptions, UphanceObject } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import express from "express";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "observe" | "onError"> {
  /** The last segment of the URL that is registered: whoever knows it is Uphance. */
  readonly secret: string | undefined;
  /** What the app is there for. It may take its time. */
  readonly ship: (pickTicket: UphanceObject) => Promise<void> | void;
}

export function createApp({ secret, ship, ...options }: Settings) {
  const receiver = createReceiver(uphance(), {
    ...options,
    authenticate: urlSecret(secret),
    // a secret in the URL is one only as long as nobody on the way can read it
    requireHttps: true,
    // forgets at a restart: a durable backend belongs here when handling a retry twice would do harm
    backend: memory(),
    handle: {
      "pick_ticket.update": async ({ data }) => {
        if (data["status"] === "shipped") await ship(data);
      },
    },
  });

  const app = express();
  // TLS ends at one proxy in front; with `true` any caller could say that it came by HTTPS
  app.set("trust proxy", 1);
  // before any body parser: the receiver reads the body itself, once it knows that it may
  app.use("/hooks/uphance", createExpressMiddleware(receiver));
  return { app, receiver };
}
