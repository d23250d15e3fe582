/** Stripe: events, sent for three days; and authorizations of cards, decided in two seconds. */
import { readOptions, setting } from "@answerback/core/provider";
import { hmac, inSeconds } from "../lib/digest.ts";
import { parsedObject } from "../lib/json.ts";
import type { Random } from "../lib/random.ts";
import type { Answered } from "../protocols/conclusion.ts";
import type { RawDelivery, Sign } from "../protocols/protocol.ts";
import type { FieldOptions, Make, SenderBuilder } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import type { Sender } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What Stripe has to be told. */
export interface StripeOptions {
  /** The endpoint's signing secret: `whsec_…`. */
  readonly secret: string;
}

/** Stripe as a sender. */
export interface Stripe {
  /** An event of any type: `event("invoice.paid")`; `fields` are those of `data.object`. */
  readonly event: (type: string, options?: FieldOptions) => RawDelivery;
  /** A payment that succeeded. */
  readonly paymentIntentSucceeded: SenderBuilder;
  /** A card that waits for a yes: 200, `{"approved":true}` and a `Stripe-Version`, in two seconds. */
  readonly issuingAuthorizationRequest: SenderBuilder;
  /** Events and authorizations, for the judge. */
  readonly senders: readonly Sender[];
}

/**
 * Stripe as a sender. Its page gives no table of retries, only three days of growing waits.
 *
 * @throws OptionError for a mistake in the options.
 * @see {@link https://docs.stripe.com/webhooks}
 */
export function stripe(options: StripeOptions): Stripe {
  const { secret } = readOptions("stripe", options, { secret: setting });
  const sign = signature(secret);
  const paid = made("payment_intent.succeeded", paymentIntent);
  const authorization = made("issuing_authorization.request", issuingAuthorization);
  const common = { name: "stripe", sign, tolerance: "5m" } as const;
  const events = simulate({
    ...common,
    patience: "20s",
    retries: ["5m", "30m", "2h", "5h", "10h", "12h", "12h", "12h", "12h"],
    example: exampleOf(paid),
  });
  const authorizations = simulate({
    ...common,
    patience: "2s",
    taken: decides,
    example: exampleOf(authorization),
    answer: { approved: true },
  });
  return {
    event: (type, given) =>
      builder(
        events,
        made(type, () => ({ object: type.split(".", 1)[0] })),
      )(given),
    paymentIntentSucceeded: builder(events, paid),
    issuingAuthorizationRequest: builder(authorizations, authorization),
    senders: [events, authorizations],
  };
}

function signature(secret: string): Sign {
  return ({ body }, { at }) => {
    const t = inSeconds(at);
    return { "Stripe-Signature": `t=${t},v1=${hmac({ key: secret, as: "hex" }, `${t}.`, body)}` };
  };
}

/** Anything else is a decline. */
function decides({ status, headers, body }: Answered): boolean | string {
  if (status !== 200) return false;
  if (headers["stripe-version"] === undefined) return "there is no Stripe-Version in the answer";
  return typeof parsedObject(body)?.["approved"] === "boolean" || "it says neither approved nor declined";
}

function made(type: string, own: (random: Random) => object): Make {
  return (random, given) => {
    const id = `evt_1${random.hex(23)}`;
    const event = {
      id,
      object: "event",
      api_version: "2025-09-30.clover",
      created: Number(inSeconds(random.instant())),
      data: { object: { ...own(random), ...given } },
      livemode: false,
      pending_webhooks: 1,
      request: { id: `req_${random.hex(14)}`, idempotency_key: random.uuid() },
      type,
    };
    const headers = {
      Accept: "*/*; q=0.5, application/xml",
      "Cache-Control": "no-cache",
      "Content-Type": "application/json; charset=utf-8",
      "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    };
    return { event: type, id, body: JSON.stringify(event, null, 2), headers };
  };
}

const paymentIntent = (random: Random) => ({
  id: `pi_3${random.hex(23)}`,
  object: "payment_intent",
  amount: random.int(100, 99_999),
  currency: random.pick(["eur", "sek", "usd"]),
  status: "succeeded",
});

function issuingAuthorization(random: Random) {
  const amount = random.int(100, 99_999);
  const pending_request = {
    amount,
    currency: "usd",
    is_amount_controllable: false,
    merchant_amount: amount,
    merchant_currency: "usd",
  };
  const merchant_data = {
    category: "ac_refrigeration_repair",
    country: "US",
    name: random.company(),
    network_id: "1234567890",
  };
  const card = { id: `ic_1${random.hex(23)}`, object: "issuing.card", last4: "0017", status: "active" };
  const head = {
    id: `iauth_1${random.hex(23)}`,
    object: "issuing.authorization",
    amount: 0,
    approved: false,
  };
  return {
    ...head,
    authorization_method: "online",
    card,
    currency: "usd",
    merchant_data,
    pending_request,
    status: "pending",
  };
}
