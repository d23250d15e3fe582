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
  /** What it is made with; a provider may have more than one kind of endpoint. */
  readonly made: readonly [Made, ...Made[]];
  /** What it sends, as the simulator plays it. */
  readonly samples: readonly RawDelivery[];
}

/** A provider object, and the names of its types. */
export interface Made {
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
  /** Types that its page shows though no event names them. */
  readonly shows?: readonly string[];
  /** What a receiver needs beside it to say what to register. */
  readonly receiver: ReceiverOptions;
  /** What `receiver.registration` needs beside the address; `undefined`: it says nothing. */
  readonly registering?: Readonly<Record<string, unknown>> | undefined;
}

const core = "packages/core/src/providers/";
const more = "packages/providers/src/";

const ofCore = (name: string, title: string, rest: Pick<Listed, "made" | "samples">): Listed => ({
  ...{ name, title, from: "@answerback/core", folder: "core", file: `${core}${name}.ts` },
  ...{ readme: "packages/core/PROVIDERS.md", ...rest },
});

const ofMore = (name: string, title: string, rest: Pick<Listed, "made" | "samples">): Listed => ({
  ...{ name, title, from: `@answerback/providers/${name}`, folder: "providers", file: `${more}${name}.ts` },
  ...{ readme: "packages/providers/PROVIDERS.md", ...rest },
});

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const signed: ReceiverOptions = {};

/** A key of Ed25519 that is the same at each run: 32 bytes, behind what every such key begins with. */
const discordKey = createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 7)]),
  format: "der",
  type: "pkcs8",
});

const { orderInsert, external, widgetNotification, orderEdit, status, widget, fieldValues } =
  deliveries.upsales;
const { invoiceCreate, pickTicketUpdate, productUpdate } = deliveries.uphance;
const { contactCreate, contactUpdate, contactDelete, transactionCreate } = deliveries.postback;

const fromDiscord = senders.discord({ privateKey: discordKey });
const fromGithub = senders.github({ secret });
const fromMeta = senders.meta({ appSecret: secret, verifyToken: "a-token-of-yours" });
const fromShopify = senders.shopify({ clientSecret: secret });
const fromSlack = senders.slack({ signingSecret: "8f742231b10e8888abcd99yyyzzz85a5" });
const fromSns = senders.sns();
const fromStripe = senders.stripe({ secret });
const fromTelegram = senders.telegram({ secretToken: "a-secret_token" });
const fromTwilio = senders.twilio({ authToken: "12345678901234567890123456789012" });

/** All of them, those of core first. */
export const providers: readonly Listed[] = [
  ofCore("upsales", "Upsales", {
    made: [
      {
        factory: "upsales",
        provider: upsales(),
        options: "UpsalesOptions",
        events: { name: "UpsalesEvents", file: `${core}upsales/events.ts` },
        beside: "UpsalesRequest",
        receiver: { authenticate: bodySecret("authenticationKey", "a-key-of-the-app-4711") },
        registering: {},
      },
    ],
    samples: [
      ...[external(), orderInsert(), orderEdit(), widgetNotification(), status()],
      ...[widget("sales"), fieldValues("segment")],
    ],
  }),
  ofCore("uphance", "Uphance", {
    made: [
      {
        factory: "uphance",
        provider: uphance(),
        options: "UphanceOptions",
        events: { name: "UphanceEvents", file: `${core}uphance.ts` },
        receiver: { authenticate: urlSecret("0b6f4a3c9d1e4f7fa2c58e7d6b901234") },
        registering: {},
      },
    ],
    samples: [
      invoiceCreate({ mount: "/0b6f4a3c9d1e4f7fa2c58e7d6b901234" }),
      pickTicketUpdate({ shape: "bare id" }),
      productUpdate({ shape: "flat id" }),
    ],
  }),
  ofCore("app-inbox", "App Inbox", {
    made: [
      {
        factory: "appInbox",
        provider: appInbox(),
        options: "AppInboxOptions",
        events: { name: "AppInboxEvents", file: `${core}app-inbox.ts` },
        receiver: { authenticate: basicAuth({ username: "inbox", password: "correct-horse-battery" }) },
        registering: {},
      },
    ],
    samples: [deliveries.appInbox.message(), deliveries.appInbox.list({ count: 2 })],
  }),
  ofCore("postback", "Postback", {
    made: [
      {
        factory: "postback",
        provider: postback(),
        options: "PostbackOptions",
        events: { name: "PostbackEvents", file: `${core}postback.ts` },
        receiver: { authenticate: basicAuth({ username: "hook", password: "correct-horse-battery" }) },
        registering: { location_id: "23948sdnfia1129i9asf92", resource: "contact" },
      },
    ],
    samples: [contactCreate(), contactUpdate(), contactDelete(), transactionCreate()],
  }),
  ofMore("discord", "Discord", {
    made: [
      {
        factory: "discord",
        provider: discord({ publicKey: fromDiscord.publicKey }),
        options: "DiscordOptions",
        events: { name: "DiscordEvents", file: `${more}discord/events.ts` },
        beside: "DiscordInteraction",
        receiver: signed,
        registering: {},
      },
      {
        factory: "discordWebhookEvents",
        provider: discordWebhookEvents({ publicKey: fromDiscord.publicKey }),
        options: "DiscordWebhookEventsOptions",
        events: { name: "DiscordWebhookEvents", file: `${more}discord/webhook-events.ts` },
        receiver: signed,
        registering: {},
      },
    ],
    samples: [fromDiscord.command(), fromDiscord.component(), fromDiscord.webhookEvent()],
  }),
  ofMore("github", "GitHub", {
    made: [
      {
        factory: "github",
        provider: github({ secret }),
        options: "GithubOptions",
        events: { name: "GithubEvents", file: `${more}github/events.ts` },
        beside: "GithubDelivery",
        receiver: signed,
        registering: {},
      },
    ],
    samples: [
      fromGithub.push(),
      fromGithub.event("issues.opened", { fields: { issue: { number: 42, title: "It is broken" } } }),
      fromGithub.deploymentProtectionRule(),
    ],
  }),
  ofMore("slack", "Slack", {
    made: [
      {
        factory: "slack",
        provider: slack({ signingSecret: secret }),
        options: "SlackOptions",
        events: { name: "SlackEvents", file: `${more}slack/events.ts` },
        beside: "SlackEnvelope",
        receiver: signed,
        registering: { commands: { "/deploy": "Deploys a branch" } },
      },
    ],
    samples: [fromSlack.command(), fromSlack.blockActions(), fromSlack.viewSubmission(), fromSlack.event()],
  }),
  ofMore("standard-webhooks", "Standard Webhooks", {
    made: [
      {
        factory: "standardWebhooks",
        provider: standardWebhooks({ secret }),
        options: "StandardWebhooksOptions",
        beside: "StandardWebhooksEnvelope",
        receiver: signed,
      },
    ],
    samples: [senders.standardWebhooks({ secret }).event("user.created")],
  }),
  ofMore("stripe", "Stripe", {
    made: [
      {
        factory: "stripe",
        provider: stripe({ secret }),
        options: "StripeOptions",
        beside: "StripeEnvelope",
        shows: ["StripeData", "IssuingDecision"],
        receiver: signed,
        registering: {},
      },
    ],
    samples: [
      fromStripe.event("invoice.paid"),
      fromStripe.paymentIntentSucceeded(),
      fromStripe.issuingAuthorizationRequest(),
    ],
  }),
  ofMore("shopify", "Shopify", {
    made: [
      {
        factory: "shopify",
        provider: shopify({ clientSecret: secret }),
        options: "ShopifyOptions",
        events: { name: "ShopifyEvents", file: `${more}shopify.ts` },
        beside: "ShopifyEnvelope",
        receiver: signed,
        registering: {},
      },
    ],
    samples: [fromShopify.ordersCreate(), fromShopify.webhook("customers/redact")],
  }),
  ofMore("twilio", "Twilio", {
    made: [
      {
        factory: "twilio",
        provider: twilio({ authToken: secret }),
        options: "TwilioOptions",
        events: { name: "TwilioEvents", file: `${more}twilio.ts` },
        beside: "TwilioEnvelope",
        receiver: { publicUrl: "https://app.example/twilio" },
        registering: {},
      },
    ],
    samples: [fromTwilio.message(), fromTwilio.call()],
  }),
  ofMore("meta", "Meta", {
    made: [
      {
        factory: "meta",
        provider: meta({ appSecret: secret, verifyToken: "a-token-of-yours" }),
        options: "MetaOptions",
        events: { name: "MetaEvents", file: `${more}meta/events.ts` },
        beside: "MetaEnvelope",
        receiver: signed,
        registering: {},
      },
    ],
    samples: [
      fromMeta.handshake(),
      fromMeta.whatsappMessage(),
      fromMeta.whatsappBatch(),
      fromMeta.messengerMessage(),
    ],
  }),
  ofMore("telegram", "Telegram", {
    made: [
      {
        factory: "telegram",
        provider: telegram({ secretToken: "a-secret_token" }),
        options: "TelegramOptions",
        events: { name: "TelegramEvents", file: `${more}telegram.ts` },
        beside: "TelegramEnvelope",
        receiver: signed,
        registering: {},
      },
    ],
    samples: [fromTelegram.message(), fromTelegram.callbackQuery()],
  }),
  ofMore("sns", "Amazon SNS", {
    made: [
      {
        factory: "sns",
        provider: sns({
          topicArn: "arn:aws:sns:eu-west-1:123456789012:MyTopic",
          fetch: () => Promise.reject(new Error("a page fetches nothing")),
        }),
        options: "SnsOptions",
        events: { name: "SnsEvents", file: `${more}sns.ts` },
        receiver: signed,
        registering: {},
      },
    ],
    samples: [fromSns.notification(), fromSns.subscriptionConfirmation()],
  }),
];
