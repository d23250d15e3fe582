/** The receiver: who is let in, and what becomes of Acme's orders. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { acme } from "./acme.ts";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<
  ReceiverOptions,
  "backend" | "answerWithin" | "clock" | "observe" | "onError" | "transport"
> {
  /** What Acme signs with. */
  readonly secret: string | undefined;
  /** Is it in stock? It may take its time. */
  readonly inStock: (orderNumber: string) => Promise<boolean> | boolean;
}

export function makeReceiver({ secret, inStock, ...options }: Settings) {
  return createReceiver(acme(secret), {
    ...options,
    handle: {
      "order.placed": async ({ data }) =>
        (await inStock(data.number)) ? { accept: true } : { accept: false, note: "out of stock" },
    },
  });
}
