/** The receiver: who is let in, and what becomes of a shop's webhooks. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { shopify } from "@answerback/providers/shopify";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** The app's client secret, with which Shopify signs. */
  readonly clientSecret: string | undefined;
  /** What the app is there for: somebody placed an order. It may take its time. */
  readonly placed: (order: { readonly id: number }) => Promise<void> | void;
}

export function makeReceiver({ clientSecret, placed, ...options }: Settings) {
  return createReceiver(shopify({ clientSecret }), {
    ...options,
    // Shopify sends to HTTPS only; who sends shows in the signature, wherever TLS ends
    requireHttps: false,
    handle: {
      "orders/create": ({ data }) => placed({ id: Number(data.id) }),
    },
  });
}
