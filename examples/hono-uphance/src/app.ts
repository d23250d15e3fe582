/** The app: what becomes of Uphance's webhooks, and where they come in. */
import { createReceiver, memory, uphance, urlSecret } from "@answerback/core";
import type { ReceiverOptions, UphanceObject } from "@answerback/core";
import { createFetchHandler } from "@answerback/fetch";
import { Hono } from "hono";

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

  const handle = createFetchHandler(receiver, {
    path: "/hooks/uphance",
    // TLS ends at the proxy in front, which writes this header whatever a client wrote
    secure: ({ headers }) => headers.get("x-forwarded-proto") === "https",
  });

  const app = new Hono();
  app.use(async (c, next) => (await handle(c.req)) ?? next());
  return { app, receiver };
}
