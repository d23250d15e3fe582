/** The events of the providers that people have, as apps see them: what compiles, and what does not. */
import { createReceiver } from "@answerback/core";
import { stripe } from "@answerback/providers/stripe";
import type Stripe from "stripe";

// Stripe's own package types the events where it is given
createReceiver(stripe<Stripe.Event>({ secret: "whsec_a" }), {
  handle: {
    "invoice.paid": ({ data, livemode, id }) => [
      data.object satisfies Stripe.Invoice,
      livemode satisfies boolean | undefined,
      id satisfies string,
    ],
    "issuing_authorization.request": ({ data }) => ({ approved: data.object.amount < 100 }),
  },
});

createReceiver(stripe({ secret: "whsec_a" }), {
  handle: { "invoice.paid": ({ data }) => data.object["id"] satisfies unknown },
});

createReceiver(stripe({ secret: "whsec_a" }), {
  // @ts-expect-error a decision says approved
  handle: { "issuing_authorization.request": () => ({ approve: true }) },
});

createReceiver(stripe<Stripe.Event>({ secret: "whsec_a" }), {
  handle: {
    // @ts-expect-error no such event
    "invoice.sung": () => {},
  },
});
