/** Shopify: webhooks with a digest in base64, five seconds of patience, and eight more attempts in four hours. */
import { readOptions, setting } from "@answerback/core/provider";
import { hmac } from "../lib/digest.ts";
import type { Random } from "../lib/random.ts";
import type { RawDelivery } from "../protocols/protocol.ts";
import type { FieldOptions, Make, SenderBuilder } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import type { Sender } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What Shopify has to be told. */
export interface ShopifyOptions {
  /** The app's client secret. */
  readonly clientSecret: string;
}

/** Shopify as a sender. */
export interface Shopify {
  /** An order that was placed. */
  readonly ordersCreate: SenderBuilder;
  /** A webhook of any topic: `webhook("products/update")`. */
  readonly webhook: (topic: string, options?: FieldOptions) => RawDelivery;
  /** Webhooks, for the judge. */
  readonly senders: readonly Sender[];
}

/**
 * Shopify as a sender. Its id of an event is `X-Shopify-Event-Id`.
 *
 * @throws OptionError for a mistake in the options.
 * @see {@link https://shopify.dev/docs/apps/build/webhooks}
 */
export function shopify(options: ShopifyOptions): Shopify {
  const { clientSecret } = readOptions("shopify", options, { clientSecret: setting });
  const order = made("orders/create", placed);
  const webhooks = simulate({
    name: "shopify",
    patience: "5s",
    // eight, each twice as long after the last, in "the next 4 hours"
    retries: ["56s", "112s", "224s", "448s", "896s", "1792s", "3584s", "7168s"],
    sign: ({ body }) => ({ "X-Shopify-Hmac-Sha256": hmac({ key: clientSecret, as: "base64" }, body) }),
    example: exampleOf(order),
  });
  return {
    ordersCreate: builder(webhooks, order),
    webhook: (topic, given) =>
      builder(
        webhooks,
        made(topic, (random) => ({ id: random.int(1e12, 9e12) })),
      )(given),
    senders: [webhooks],
  };
}

function made(topic: string, own: (random: Random) => object): Make {
  return (random, given) => {
    const id = random.uuid();
    const headers = {
      Accept: "*/*",
      "User-Agent": "Shopify-Captain-Hook",
      "X-Shopify-API-Version": "2025-07",
      "X-Shopify-Event-Id": id,
      "X-Shopify-Shop-Domain": "acme.myshopify.com",
      "X-Shopify-Topic": topic,
      "X-Shopify-Triggered-At": new Date(random.instant()).toISOString().replace("Z", "000000Z"),
      "X-Shopify-Webhook-Id": random.uuid(),
    };
    return { event: topic, id, json: { ...own(random), ...given }, headers };
  };
}

function placed(random: Random) {
  const id = random.int(1e12, 9e12);
  const price = random.amount();
  const admin_graphql_api_id = `gid://shopify/Order/${id}`;
  const line_items = [
    { id: random.int(1e12, 9e12), title: "Shirt", quantity: 1, price, sku: `S-${random.hex(4)}` },
  ];
  const created_at = new Date(random.instant()).toISOString().replace(".000Z", "-00:00");
  const head = { id, admin_graphql_api_id, created_at, currency: "EUR", email: "lue@example.com" };
  return {
    ...head,
    financial_status: "paid",
    name: `#${random.int(1_000, 9_999)}`,
    total_price: price,
    line_items,
  };
}
