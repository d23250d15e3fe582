/** A receiver of each provider, made of what was typed, so that it says what to register as a real one would. */
import {
  appInbox,
  basicAuth,
  bodySecret,
  createReceiver,
  postback,
  uphance,
  upsales,
  urlSecret,
  type Warning,
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
import type { Credentials } from "./providers/provider.ts";

/** What a receiver is made of. */
export interface Made extends Credentials {
  /** The public address of the receiver. */
  readonly url: string;
  /** The event types that it handles; none: all. */
  readonly events: readonly string[];
  /** What the provider itself is made of, beside its secret: SNS' `topicArn`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Hears of what is legal but unwise. */
  warn(warning: Warning): void;
}

/** As much of a receiver as is needed here. */
export interface Registering {
  /** What has to be registered. Throws an OptionError. */
  registration(options: any): unknown;
  /** Ends it. */
  close(): Promise<unknown>;
}

/** By the provider's name. */
export const registering: Readonly<Record<string, (made: Made) => Registering>> = {
  upsales: (made) =>
    open(upsales(), made, {
      authenticate: made.secret === undefined ? false : bodySecret("authenticationKey", made.secret),
    }),
  uphance: (made) =>
    open(uphance(), made, { authenticate: made.secret === undefined ? false : urlSecret(made.secret) }),
  "app-inbox": (made) => open(appInbox(), made, basicOf(made)),
  postback: (made) => open(postback(), made, basicOf(made)),
  slack: (made) => open(slack({ signingSecret: secretOf(made) }), made),
  discord: (made) => open(discord({ publicKey: anyKey }), made),
  "discord-webhook-events": (made) => open(discordWebhookEvents({ publicKey: anyKey }), made),
  github: (made) => open(github({ secret: made.secret }), made),
  stripe: (made) => open(stripe({ secret: secretOf(made) }), made),
  shopify: (made) => open(shopify({ clientSecret: secretOf(made) }), made),
  "standard-webhooks": (made) => open(standardWebhooks({ secret: secretOf(made) }), made),
  twilio: (made) => open(twilio({ authToken: secretOf(made) }), made, { publicUrl: made.url }),
  meta: (made) => open(meta({ appSecret: secretOf(made), verifyToken: made.verifyToken }), made),
  telegram: (made) => open(telegram({ secretToken: made.secret }), made),
  sns: (made) => open(sns({ topicArn: made.settings["topicArn"] as string, fetch }), made),
};

/** The provider's own, which is no part of what is registered. */
const secretOf = ({ secret = "whsec_YS1zZWNyZXQtb2YtdGhlLXByb3ZpZGVyLWl0c2VsZg==" }: Made): string => secret;

/** A public key that verifies nothing: it is the provider's own, and no part of what is registered. */
const anyKey = "0".repeat(64);

const basicOf = ({ user }: Made) => ({ authenticate: user === undefined ? false : basicAuth(user) });

function open(provider: any, { events, warn }: Made, options: object = {}): Registering {
  const handle = events.length > 0 ? Object.fromEntries(events.map((type) => [type, () => {}])) : () => {};
  return createReceiver(provider, { handle, warn, ...options });
}
