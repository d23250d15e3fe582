/** The receiver: who is let in, and what becomes of Stripe's events. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { stripe } from "@answerback/providers/stripe";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** The endpoint's signing secret: `whsec_…`. */
  readonly secret: string | undefined;
  /** What the app is there for: an invoice was paid. It may take its time. */
  readonly paid: (invoiceId: string) => Promise<void> | void;
}

export function makeReceiver({ secret, paid, ...options }: Settings) {
  return createReceiver(stripe({ secret }), {
    ...options,
    // Stripe sends to HTTPS only; who sends shows in the signature, wherever TLS ends
    requireHttps: false,
    handle: {
      "invoice.paid": ({ data }) => paid(String(data.object["id"])),
    },
  });
}
