/** The senders by name, each made with the kit. */
import { discord } from "./discord.ts";
import { github } from "./github.ts";
import { meta } from "./meta.ts";
import { shopify } from "./shopify.ts";
import { slack } from "./slack.ts";
import { sns } from "./sns.ts";
import { standardWebhooks } from "./standard-webhooks.ts";
import { stripe } from "./stripe.ts";
import { telegram } from "./telegram.ts";
import { twilio } from "./twilio.ts";

/**
 * Providers that show who sends, each told the secret that its receiver has.
 *
 * @example
 * const slack = senders.slack({ signingSecret: "8f742231b10e8888abcd99yyyzzz85a5" });
 * await play(app, slack.command({ mount: "/slack" }), { callbacks });
 */
export const senders: {
  /** Discord: interactions and webhook events. */
  readonly discord: typeof discord;
  /** GitHub: webhooks, and deployment protection rules. */
  readonly github: typeof github;
  /** WhatsApp and Messenger. */
  readonly meta: typeof meta;
  /** Shopify: webhooks. */
  readonly shopify: typeof shopify;
  /** Slack: commands, interactivity, events. */
  readonly slack: typeof slack;
  /** Amazon SNS: notifications, and the confirmation of a subscription. */
  readonly sns: typeof sns;
  /** Standard Webhooks, as Svix and many others send them. */
  readonly standardWebhooks: typeof standardWebhooks;
  /** Stripe: events, and authorizations of cards. */
  readonly stripe: typeof stripe;
  /** Telegram: updates. */
  readonly telegram: typeof telegram;
  /** Twilio: messages and calls. */
  readonly twilio: typeof twilio;
} = { discord, github, meta, shopify, slack, sns, standardWebhooks, stripe, telegram, twilio };
