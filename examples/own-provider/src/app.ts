/** The app: what becomes of Acme's orders, and where they come in. */
import { createReceiver, memory, type ReceiverOptions } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import express from "express";
import { acme } from "./acme.ts";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<
  ReceiverOptions,
  "answerWithin" | "clock" | "observe" | "onError" | "transport"
> {
  /** What Acme signs with. */
  readonly secret: string | undefined;
  /** Is it in stock? It may take its time. */
  readonly inStock: (orderNumber: string) => Promise<boolean> | boolean;
}

export function createApp({ secret, inStock, ...options }: Settings) {
  const receiver = createReceiver(acme(secret), {
    ...options,
    // forgets at a restart: a durable backend belongs here
    backend: memory(options.clock && { clock: options.clock }),
    handle: {
      "order.placed": async ({ data }) =>
        (await inStock(data.number)) ? { accept: true } : { accept: false, note: "out of stock" },
    },
  });

  const app = express();
  // before any body parser: a signature is over the bytes as they travelled
  app.use("/hooks/acme", createExpressMiddleware(receiver));
  return { app, receiver };
}
