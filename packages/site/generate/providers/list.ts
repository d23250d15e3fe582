/** The fourteen providers, each made once: what its page is read from. */
import { createPrivateKey } from "node:crypto";
import { Buffer } from "node:buffer";
import {
  appInbox,
  basicAuth,
  bodySecret,
  postback,
  uphance,
  upsales,
  urlSecret,
  type Provider,
  type ReceiverOptions,
} from "@answerback/core";
import { discord, discordWebhookEvents } from "@answerback/providers/discord";
import { github } from "@answerback/providers/github";
import { meta } from "@answerback/providers/meta";
import { shopify } from "@answerback/providers/shopify";
import { slack } from "@answerback/providers/slack";
import { sns } from "@answerback/providers/sns";
import { standardWebhooks } from "@answerback/providers/standard-webhooks";
import { stripe } from "@answerback/providers/stripe";
import { telegram } from "@answerback/providers/telegram";
import { twilio } from "@answerback/providers/twilio";
import { deliveries, senders, type RawDelivery } from "@answerback/simulator";
import type { EventType } from "../sources/events.ts";

/** A provider with a page of its own. */
export interface Listed {
  /** The name of the page, and of its mount: `"app-inbox"`. */
  readonly name: string;
  /** What it is called: the heading of its clauses and of its section in a README. */
  readonly title: string;
  /** The entry that exports it. */
  readonly from: string;
  /** The folder of the package that has it. */
  readonly folder: string;
  /** The file in which it stands. */
  readonly file: string;
  /** The README that has its section. */
  readonly readme: string;
  /** The kinds of endpoint that it may have, most often one. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
}

/** A kind of endpoint: the provider object that it is made with, and the names of its types. */
export interface Endpoint {
  /** The function that makes it. */
  readonly factory: string;
  /** The object itself. */
  readonly provider: Provider;
  /** The type of the function's options. */
  readonly options: string;
  /** The type of its events, and the file in which it stands; `undefined`: the app says which there are. */
  readonly events?: { readonly name: string; readonly file: string };
  /** The type of what stands beside `data`. */
  readonly beside?: string;
  /** What events carry and are answered with, where their type is not an interface of its own. */
  readonly known?: Readonly<Record<string, Pick<EventType, "data" | "answer">>>;
  /** What a receiver needs beside it to say what to register. */
  readonly receiver: ReceiverOptions;
  /** The type of what `receiver.registration` gives; `undefined`: it gives nothing. */
  readonly registered?: string;
  /** What `receiver.registration` needs beside the address. */
  readonly registering?: Readonly<Record<string, unknown>>;
  /** What it sends, as the simulator plays it, by event type; what stands behind a comma tells two of a type apart. */
  readonly samples: Readonly<Record<string, RawDelivery>>;
}

const core = "packages/core/src/providers/";
const more = "packages/providers/src/";

const ofCore = (name: string, title: string, ...endpoints: Listed["endpoints"]): Listed => ({
  name,
  title,
  from: "@answerback/core",
  folder: "core",
  file: `${core}${name}.ts`,
  readme: "packages/core/PROVIDERS.md",
  endpoints,
});

const ofMore = (name: string, title: string, ...endpoints: Listed["endpoints"]): Listed => ({
  name,
  title,
  from: `@answerback/providers/${name}`,
  folder: "providers",
  file: `${more}${name}.ts`,
  readme: "packages/providers/PROVIDERS.md",
  endpoints,
});

const signed: ReceiverOptions = {};

/** The secrets that the samples are sent with; the app of the page reads them from its environment. */
const secrets = {
  upsales: "a-key-of-the-app-4711",
  uphance: "0b6f4a3c9d1e4f7fa2c58e7d6b901234",
  appInbox: { username: "inbox", password: "correct-horse-battery" },
  postback: { username: "hook", password: "correct-horse-battery" },
  github: "It's a Secret to Everybody",
  slack: "8f742231b10e8888abcd99yyyzzz85a5",
  standardWebhooks: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  stripe: "whsec_a_secret_of_the_endpoint",
  shopify: "a-client-secret",
  twilio: "12345678901234567890123456789012",
  meta: { appSecret: "an-app-secret", verifyToken: "a-token-of-yours" },
  telegram: "a-secret_token",
};

/** A key of Ed25519: 32 bytes, behind what every such key begins with. */
const discordKey = createPrivateKey({
  key: Buffer.from(
    "302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "hex",
  ),
  format: "der",
  type: "pkcs8",
});

const { orderInsert, external, widgetNotification, orderEdit, status, widget, fieldValues } =
  deliveries.upsales;
const { invoiceCreate, pickTicketUpdate, productUpdate } = deliveries.uphance;
const { contactCreate, contactUpdate, contactDelete, transactionCreate } = deliveries.postback;

const fromDiscord = senders.discord({ privateKey: discordKey });
const fromGithub = senders.github({ secret: secrets.github });
const fromMeta = senders.meta(secrets.meta);
const fromShopify = senders.shopify({ clientSecret: secrets.shopify });
const fromSlack = senders.slack({ signingSecret: secrets.slack });
const fromSns = senders.sns();
const fromStripe = senders.stripe({ secret: secrets.stripe });
const fromTelegram = senders.telegram({ secretToken: secrets.telegram });
const fromTwilio = senders.twilio({ authToken: secrets.twilio });

const ofUpsales = { authenticationKey: secrets.upsales };
const ofUphance = { mount: `/${secrets.uphance}` };
const ofAppInbox = { auth: secrets.appInbox };
const ofPostback = { auth: secrets.postback };

/** All of them, those of core first. */
export const providers: readonly Listed[] = [
  ofCore("upsales", "Upsales", {
    factory: "upsales",
    provider: upsales(),
    options: "UpsalesOptions",
    events: { name: "UpsalesEvents", file: `${core}upsales/events.ts` },
    beside: "UpsalesRequest",
    receiver: { authenticate: bodySecret("authenticationKey", secrets.upsales) },
    registered: "UpsalesRegistration",
    samples: {
      external: external(ofUpsales),
      "order.insert": orderInsert(ofUpsales),
      "order.edit": orderEdit(ofUpsales),
      notification: widgetNotification(ofUpsales),
      status: status(ofUpsales),
      widget: widget("sales", ofUpsales),
      fieldValues: fieldValues("segment", ofUpsales),
    },
  }),
  ofCore("uphance", "Uphance", {
    factory: "uphance",
    provider: uphance(),
    options: "UphanceOptions",
    events: { name: "UphanceEvents", file: `${core}uphance.ts` },
    receiver: { authenticate: urlSecret(secrets.uphance) },
    registered: "UphanceRegistration",
    samples: {
      "invoice.create": invoiceCreate(ofUphance),
      "pick_ticket.update, by its id alone": pickTicketUpdate({ ...ofUphance, shape: "bare id" }),
      "product.update, flat": productUpdate({ ...ofUphance, shape: "flat id" }),
    },
  }),
  ofCore("app-inbox", "App Inbox", {
    factory: "appInbox",
    provider: appInbox(),
    options: "AppInboxOptions",
    events: { name: "AppInboxEvents", file: `${core}app-inbox.ts` },
    receiver: { authenticate: basicAuth(secrets.appInbox) },
    registered: "AppInboxRegistration",
    samples: {
      message: deliveries.appInbox.message(ofAppInbox),
      "message, two in a list": deliveries.appInbox.list({ ...ofAppInbox, count: 2 }),
    },
  }),
  ofCore("postback", "Postback", {
    factory: "postback",
    provider: postback(),
    options: "PostbackOptions",
    events: { name: "PostbackEvents", file: `${core}postback.ts` },
    receiver: { authenticate: basicAuth(secrets.postback) },
    registered: "PostbackConfigBody",
    registering: { location_id: "23948sdnfia1129i9asf92", resource: "contact" },
    samples: {
      "contact.create": contactCreate(ofPostback),
      "contact.update": contactUpdate(ofPostback),
      "contact.delete": contactDelete(ofPostback),
      "transaction.create": transactionCreate(ofPostback),
    },
  }),
  ofMore(
    "discord",
    "Discord",
    {
      factory: "discord",
      provider: discord({ publicKey: fromDiscord.publicKey }),
      options: "DiscordOptions",
      events: { name: "DiscordEvents", file: `${more}discord/events.ts` },
      beside: "DiscordInteraction",
      receiver: signed,
      registered: "DiscordRegistration",
      samples: {
        APPLICATION_COMMAND: fromDiscord.command(),
        MESSAGE_COMPONENT: fromDiscord.component(),
      },
    },
    {
      factory: "discordWebhookEvents",
      provider: discordWebhookEvents({ publicKey: fromDiscord.publicKey }),
      options: "DiscordWebhookEventsOptions",
      events: { name: "DiscordWebhookEvents", file: `${more}discord/webhook-events.ts` },
      receiver: signed,
      registered: "DiscordWebhookRegistration",
      samples: { APPLICATION_AUTHORIZED: fromDiscord.webhookEvent() },
    },
  ),
  ofMore("github", "GitHub", {
    factory: "github",
    provider: github({ secret: secrets.github }),
    options: "GithubOptions",
    events: { name: "GithubEvents", file: `${more}github/events.ts` },
    beside: "GithubDelivery",
    receiver: signed,
    registered: "GithubRegistration",
    samples: {
      push: fromGithub.push(),
      "issues.opened": fromGithub.event("issues.opened", { fields: { issue: issueOfGithub() } }),
      "deployment_protection_rule.requested": fromGithub.deploymentProtectionRule(),
    },
  }),
  ofMore("slack", "Slack", {
    factory: "slack",
    provider: slack({ signingSecret: secrets.slack }),
    options: "SlackOptions",
    events: { name: "SlackEvents", file: `${more}slack/events.ts` },
    beside: "SlackEnvelope",
    receiver: signed,
    registered: "SlackRegistration",
    registering: { commands: { "/deploy": "Deploys a branch" } },
    samples: {
      command: fromSlack.command({ fields: { command: "/deploy", text: "main" } }),
      block_actions: fromSlack.blockActions(),
      view_submission: fromSlack.viewSubmission(),
      app_mention: fromSlack.event(),
    },
  }),
  ofMore("standard-webhooks", "Standard Webhooks", {
    factory: "standardWebhooks",
    provider: standardWebhooks({ secret: secrets.standardWebhooks }),
    options: "StandardWebhooksOptions",
    beside: "StandardWebhooksEnvelope",
    receiver: signed,
    samples: {
      "user.created": senders.standardWebhooks({ secret: secrets.standardWebhooks }).event("user.created"),
    },
  }),
  ofMore("stripe", "Stripe", {
    factory: "stripe",
    provider: stripe({ secret: secrets.stripe }),
    options: "StripeOptions",
    beside: "StripeEnvelope",
    known: { "issuing_authorization.request": { data: "StripeData", answer: "IssuingDecision" } },
    receiver: signed,
    registered: "StripeRegistration",
    samples: {
      "invoice.paid": fromStripe.event("invoice.paid", {
        fields: { id: "in_1MtHbELkdIwHu7ixl4OzzPMv", amount_paid: 4_967, currency: "sek", status: "paid" },
      }),
      "payment_intent.succeeded": fromStripe.paymentIntentSucceeded(),
      "issuing_authorization.request": fromStripe.issuingAuthorizationRequest(),
    },
  }),
  ofMore("shopify", "Shopify", {
    factory: "shopify",
    provider: shopify({ clientSecret: secrets.shopify }),
    options: "ShopifyOptions",
    events: { name: "ShopifyEvents", file: `${more}shopify.ts` },
    beside: "ShopifyEnvelope",
    receiver: signed,
    registered: "ShopifyRegistration",
    samples: {
      "orders/create": fromShopify.ordersCreate(),
      "customers/redact": fromShopify.webhook("customers/redact", { fields: redactionOfShopify() }),
    },
  }),
  ofMore("twilio", "Twilio", {
    factory: "twilio",
    provider: twilio({ authToken: secrets.twilio }),
    options: "TwilioOptions",
    events: { name: "TwilioEvents", file: `${more}twilio.ts` },
    beside: "TwilioEnvelope",
    receiver: { publicUrl: "https://app.example/twilio" },
    registered: "TwilioRegistration",
    samples: { message: fromTwilio.message(), call: fromTwilio.call() },
  }),
  ofMore("meta", "Meta", {
    factory: "meta",
    provider: meta(secrets.meta),
    options: "MetaOptions",
    events: { name: "MetaEvents", file: `${more}meta/events.ts` },
    beside: "MetaEnvelope",
    receiver: signed,
    registered: "MetaRegistration",
    samples: {
      handshake: fromMeta.handshake(),
      "whatsapp.message": fromMeta.whatsappMessage(),
      "whatsapp.message, three at once": fromMeta.whatsappBatch(),
      "messenger.message": fromMeta.messengerMessage(),
    },
  }),
  ofMore("telegram", "Telegram", {
    factory: "telegram",
    provider: telegram({ secretToken: secrets.telegram }),
    options: "TelegramOptions",
    events: { name: "TelegramEvents", file: `${more}telegram.ts` },
    beside: "TelegramEnvelope",
    receiver: signed,
    registered: "TelegramRegistration",
    samples: { message: fromTelegram.message(), callback_query: fromTelegram.callbackQuery() },
  }),
  ofMore("sns", "Amazon SNS", {
    factory: "sns",
    provider: sns({
      topicArn: "arn:aws:sns:eu-west-1:123456789012:MyTopic",
      fetch: () => Promise.reject(new Error("a page fetches nothing")),
    }),
    options: "SnsOptions",
    events: { name: "SnsEvents", file: `${more}sns.ts` },
    receiver: signed,
    registered: "SnsRegistration",
    samples: {
      Notification: fromSns.notification(),
      SubscriptionConfirmation: fromSns.subscriptionConfirmation(),
    },
  }),
];

function issueOfGithub() {
  const user = { login: "octocat", id: 583231, type: "User" };
  return { id: 1_362_939, number: 42, title: "The door sticks", state: "open", user };
}

function redactionOfShopify() {
  const shop = { id: undefined, shop_id: 954_889, shop_domain: "acme.myshopify.com" };
  const customer = { id: 191_167, email: "lue@example.com", phone: "555-625-1199" };
  return { ...shop, customer, orders_to_redact: [299_938, 280_263] };
}
