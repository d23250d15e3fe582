/** The app: what Upsales' requests are answered with, and where they come in. */
import { bodySecret, createReceiver, memory, upsales } from "@answerback/core";
import type { ReceiverOptions } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import express from "express";
import { crunch } from "./crunch.ts";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<
  ReceiverOptions,
  "answerWithin" | "observe" | "onError" | "transport"
> {
  /** The app's authentication key, which Upsales sends with every request. */
  readonly key: string | undefined;
  readonly crunchSeconds?: number;
}

export function createApp({ key, crunchSeconds = 0, ...options }: Settings) {
  const receiver = createReceiver(upsales(), {
    ...options,
    authenticate: bodySecret("authenticationKey", key),
    // forgets at a restart: a durable backend belongs here before acknowledged runs are more than an example
    backend: memory(),
    handle: {
      // somebody saved an order: quick, so the callback travels in the response
      "order.insert": ({ params, customer }) => ({
        callback: { message: `Order ${params.id} of ${customer.name} was seen` },
      }),

      // somebody started a run: a second or ten minutes, the code is the same; the receiver minds the 25 seconds
      external: async ({ data }, { signal }) => {
        const companies = await crunch(data, { seconds: crunchSeconds, signal });
        return { callback: { status: 1, notify: `Crunched ${companies} companies` } };
      },

      // somebody clicked on the notification: the widget that opens, made from the log entry of the run
      notification: ({ data }) => ({
        type: "widget",
        rows: [
          { type: "title", text: "What became of it" },
          { type: "markdown", markdown: data?.message ?? "_No message_" },
        ],
      }),
    },
  });

  const app = express();
  // before any body parser: the receiver reads the body itself, once it knows that it may
  app.use("/upsales", createExpressMiddleware(receiver));
  return { app, receiver };
}
