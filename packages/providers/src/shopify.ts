/** Shopify: webhooks of the shops that have installed an app, told apart by their topic. */
import {
  AnswerbackError,
  defineProvider,
  hmacSignature,
  idIn,
  isTextId,
  listOf,
  matching,
  mountOptions,
  oneOrMore,
  optional,
  readOptions,
  setting,
  takesAtMost,
  text,
  type DecodedDelivery,
  type EventSpec,
  type Id,
  type Provider,
  type Register,
  type Registrant,
  type RegistrationOptions,
  type Secret,
  type Signing,
} from "@answerback/core/provider";
import { z } from "zod";

/** What {@link shopify} takes. */
export interface ShopifyOptions<Topic extends string = never> {
  /** The app's client secret, or the secret that the admin shows; a list while it rotates. */
  readonly clientSecret: Secret;
  /** Topics that you handle beside those of {@link ShopifyTopic}. Default: none; they go to `"*"`. */
  readonly moreTopics?: readonly Topic[] | undefined;
}

/** The resource that a topic is about, as the REST Admin API has it. */
export interface ShopifyResource {
  /** Its id in the REST Admin API. */
  readonly id: number | string;
  /** Its id in the GraphQL Admin API: `"gid://shopify/Order/1"`. */
  readonly admin_graphql_api_id?: string | undefined;
  /** Any other field, as it was sent; a subscription may leave out all but some. */
  readonly [field: string]: unknown;
}

/** What has to be done by law about a customer or a shop. */
export interface ShopifyCompliance {
  /** The shop's id. */
  readonly shop_id: number;
  /** The shop's domain: `"acme.myshopify.com"`. */
  readonly shop_domain: string;
  /** The customer; of `shop/redact` there is none. */
  readonly customer?: Readonly<Record<string, unknown>> | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** The headers of a delivery, beside its topic. */
export interface ShopifyEnvelope {
  /** `X-Shopify-Shop-Domain`: `"acme.myshopify.com"`. */
  readonly shopDomain?: string | undefined;
  /** `X-Shopify-API-Version`, in which the data were written: `"2026-10"`. */
  readonly apiVersion?: string | undefined;
  /** `X-Shopify-Event-Id`, the same for each subscription and attempt. */
  readonly eventId?: string | undefined;
  /** `X-Shopify-Webhook-Id`, of this delivery. */
  readonly webhookId?: string | undefined;
  /** `X-Shopify-Triggered-At`: a retry carries the data of that time. */
  readonly triggeredAt?: string | undefined;
}

const complianceTopics = ["customers/data_request", "customers/redact", "shop/redact"] as const;

const topics = [
  "app/uninstalled",
  "app/scopes_update",
  "app_subscriptions/update",
  "bulk_operations/finish",
  "carts/create",
  "carts/update",
  "checkouts/create",
  "checkouts/update",
  "collections/create",
  "collections/delete",
  "collections/update",
  "customers/create",
  "customers/delete",
  "customers/update",
  "draft_orders/create",
  "draft_orders/update",
  "fulfillments/create",
  "fulfillments/update",
  "inventory_items/update",
  "inventory_levels/update",
  "orders/cancelled",
  "orders/create",
  "orders/delete",
  "orders/edited",
  "orders/fulfilled",
  "orders/paid",
  "orders/updated",
  "products/create",
  "products/delete",
  "products/update",
  "refunds/create",
  "shop/update",
] as const;

/** A topic that the law demands of every app in Shopify's store. */
export type ShopifyComplianceTopic = (typeof complianceTopics)[number];

/** A topic that most apps have. */
export type ShopifyTopic = (typeof topics)[number];

/** Shopify's events, by topic. */
export type ShopifyEvents<Topic extends string = never> = {
  readonly [One in ShopifyTopic | Topic]: EventSpec<ShopifyResource>;
} & { readonly [One in ShopifyComplianceTopic]: EventSpec<ShopifyCompliance> };

/** A subscription may leave out fields, and a topic may have no id: nothing of a resource is sure, but that it is an object. */
const object = z.looseObject({});

const compliance: EventSpec<ShopifyCompliance> = {
  data: z.looseObject({
    shop_id: z.number(),
    shop_domain: z.string(),
    customer: z.looseObject({}).optional(),
  }),
  sure: object,
};

const noToken = matching(
  /^(?!shp(?:at|ca|pa|ua|tka)_)/,
  "it is an access token of Shopify's; give the app's client secret, or the secret that the admin shows",
  setting,
);

/**
 * The provider Shopify, for `createReceiver`. A handler gets the body as `data`, and what the headers say beside it.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a secret that is not there, is no text, or is an access token; `invalid` for
 *   `moreTopics` of another kind; `unknown` for an option that there is not.
 * @example
 * createReceiver(shopify({ clientSecret: process.env.SHOPIFY_CLIENT_SECRET }), {
 *   handle: { "orders/create": ({ data, shopDomain }) => ship(shopDomain, data.id) },
 * });
 * @see {@link https://shopify.dev/docs/apps/build/webhooks/delivery-structure}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#shopify.1 shopify.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#shopify.4 shopify.4}
 */
export function shopify<const Topic extends string = never>(
  options: ShopifyOptions<Topic>,
): Provider<ShopifyEvents<Topic>, ShopifyEnvelope, Register<RegistrationOptions, ShopifyRegistration>> &
  Signing {
  takesAtMost(1, "shopify", arguments);
  const { clientSecret, moreTopics = [] } = readOptions("shopify", options, {
    clientSecret: oneOrMore(noToken),
    moreTopics: optional(listOf(text)),
  });
  const listed = [...topics, ...moreTopics];
  return defineProvider<any, ShopifyEnvelope, Register<RegistrationOptions, ShopifyRegistration>, Signing>({
    name: "shopify",
    accepts: ["json"],
    authenticator: hmacSignature({
      header: "X-Shopify-Hmac-Sha256",
      encoding: "base64",
      secret: clientSecret,
    }),
    events: Object.fromEntries([
      ...listed.map((topic) => [topic, { data: object, deletes: /\/delete$/.test(topic) }]),
      ...complianceTopics.map((topic) => [topic, compliance]),
    ]),
    patience: "5s",
    retention: "2d",
    retryWindow: "4h",
    bodyLimit: 8 * 1_024 * 1_024,
    httpsOnly: true,
    registration: (registrant, given) => registrationOf(listed, registrant, given),
    decode({ headers, body }) {
      const topic = headerOf(headers, "x-shopify-topic");
      if (topic === undefined) throw new AnswerbackError("malformed", "expected one header X-Shopify-Topic");
      const extra: ShopifyEnvelope = {
        shopDomain: headerOf(headers, "x-shopify-shop-domain"),
        apiVersion: headerOf(headers, "x-shopify-api-version"),
        eventId: headerOf(headers, "x-shopify-event-id"),
        webhookId: headerOf(headers, "x-shopify-webhook-id"),
        triggeredAt: headerOf(headers, "x-shopify-triggered-at"),
      };
      const id = extra.eventId ?? extra.webhookId;
      const key = id === undefined ? undefined : [topic, id];
      return { type: topic, data: body, key, id: aboutIn(topic, body), extra };
    },
  });
}

/** The order of a refund or a fulfillment, the customer of a compliance topic, else the resource itself, or the shop. */
function aboutIn(topic: string, body: unknown): Id | undefined {
  const order = /^(?:refunds|fulfillments)\//.test(topic) ? idIn(body, "order_id") : undefined;
  const customer = topic.startsWith("customers/") ? idIn(body, "customer", "id") : undefined;
  const own = idIn(body, "id") ?? idIn(body, "inventory_item_id") ?? idIn(body, "admin_graphql_api_id");
  return order ?? customer ?? own ?? idIn(body, "shop_id");
}

/** A header that is there once, with an id or a name in it. */
function headerOf(headers: DecodedDelivery["headers"], name: string): string | undefined {
  const [value, second] = headers[name] ?? [];
  return second === undefined && isTextId(value) ? value : undefined;
}

/** The subscriptions of `shopify.app.toml`, as `[[webhooks.subscriptions]]` has them. */
export interface ShopifyRegistration {
  /** One for the topics that are handled, one for those of the law; none where none of them is. */
  readonly subscriptions: readonly ShopifySubscription[];
}

/** A subscription to some topics. */
export type ShopifySubscription =
  | {
      /** Where Shopify is to send. */
      readonly uri: string;
      /** The topics. */
      readonly topics: readonly string[];
    }
  | {
      /** Where Shopify is to send. */
      readonly uri: string;
      /** The topics of the law. */
      readonly compliance_topics: readonly string[];
    };

function registrationOf(
  listed: readonly string[],
  { url: uri, handles }: Registrant,
  given: RegistrationOptions,
): ShopifyRegistration {
  readOptions("registration", given, mountOptions);
  const [handled, byLaw] = [listed.filter(handles), complianceTopics.filter(handles)];
  return {
    subscriptions: [
      ...(handled.length > 0 ? [{ uri, topics: handled }] : []),
      ...(byLaw.length > 0 ? [{ uri, compliance_topics: byLaw }] : []),
    ],
  };
}
