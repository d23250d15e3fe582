/** Meta: WhatsApp Cloud API, Messenger and Instagram, whose webhooks begin with a handshake and come in batches. */
import { createHash, timingSafeEqual } from "node:crypto";
import {
  defineProvider,
  emptyReply,
  hmacSignature,
  mountOptions,
  oneOrMore,
  readOptions,
  setting,
  takesAtMost,
  type Handshake,
  type Provider,
  type Register,
  type Registrant,
  type RegistrationOptions,
  type Reply,
  type Secret,
  type Signing,
} from "@answerback/core/provider";
import { eventsIn, type MetaEnvelope } from "./meta/batch.ts";
import { events, type MetaEvents } from "./meta/events.ts";

export type { MetaEnvelope } from "./meta/batch.ts";
export type {
  MetaEvents,
  MetaMessage,
  MetaMessaging,
  MetaPostback,
  WhatsAppMessage,
  WhatsAppStatus,
} from "./meta/events.ts";

/** What {@link meta} takes. */
export interface MetaOptions {
  /** The app secret, with which Meta signs; a list while it is reset. */
  readonly appSecret: Secret;
  /** What stands in the field _Verify token_ of the App Dashboard; a list while it changes. */
  readonly verifyToken: Secret;
}

/**
 * The provider Meta, for `createReceiver`: one address for the webhooks of WhatsApp, Messenger and Instagram, each message,
 * status and change an event of its own.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a secret or a token that is not there, or is no text; `unknown` for
 *   an option that there is not.
 * @example
 * createReceiver(meta({ appSecret: process.env.META_APP_SECRET, verifyToken: process.env.META_VERIFY_TOKEN }), {
 *   handle: { "whatsapp.message": ({ data, metadata }) => answer(metadata.phone_number_id, data.from) },
 * });
 * @see {@link https://developers.facebook.com/docs/graph-api/webhooks/getting-started}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#meta.1 meta.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#meta.5 meta.5}
 */
export function meta(
  options: MetaOptions,
): Provider<MetaEvents, MetaEnvelope, Register<RegistrationOptions, MetaRegistration>> & Signing {
  takesAtMost(1, "meta", arguments);
  const { appSecret, verifyToken } = readOptions("meta", options, {
    appSecret: oneOrMore(setting),
    verifyToken: oneOrMore(setting),
  });
  const [token] = verifyToken;
  return defineProvider<MetaEvents, MetaEnvelope, Register<RegistrationOptions, MetaRegistration>, Signing>({
    name: "meta",
    accepts: ["json"],
    authenticator: hmacSignature({
      header: "X-Hub-Signature-256",
      prefix: "sha256=",
      secret: appSecret,
    }),
    events,
    patience: "20s",
    retention: "8d",
    retryWindow: "7d",
    bodyLimit: 4 * 1_024 * 1_024,
    httpsOnly: true,
    registration: (registrant, given) => registrationOf(token, registrant, given),
    handshake: (request) => shakeHands(verifyToken, request),
    decode: ({ body }) => eventsIn(body),
  });
}

/**
 * Echoes the challenge to whoever knows the token.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#meta.2 meta.2}
 */
function shakeHands(tokens: readonly string[], { method, query }: Handshake): Reply | undefined {
  const fields = new URLSearchParams(query);
  if (method !== "GET" || !fields.has("hub.mode")) return undefined;
  const challenge = only(fields, "hub.challenge");
  const isMeant = only(fields, "hub.mode") === "subscribe" && /^[\w-]{1,128}$/.test(challenge);
  if (!isToken(tokens, only(fields, "hub.verify_token")) || !isMeant) return emptyReply(403);
  return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: challenge };
}

/** A field that is there once; `""`: it is not. */
function only(fields: URLSearchParams, name: string): string {
  const [value = "", second] = fields.getAll(name);
  return second === undefined ? value : "";
}

/** Is it one of them? All are compared, and digests, so that the time tells nothing of them. */
function isToken(tokens: readonly string[], given: string): boolean {
  const digest = (value: string) => createHash("sha256").update(value).digest();
  return tokens.map((token) => timingSafeEqual(digest(token), digest(given))).includes(true);
}

/** What `POST /{app-id}/subscriptions` of the Graph API takes, once for each product. It holds the verify token. */
export interface MetaRegistration {
  /** The subscriptions, one for each product that the receiver handles. */
  readonly subscriptions: readonly MetaSubscription[];
}

/** A subscription to one product. */
export interface MetaSubscription {
  /** The product: `"whatsapp_business_account"`, `"page"`, `"instagram"`. */
  readonly object: string;
  /** Where Meta is to send. */
  readonly callback_url: string;
  /** The token of the handshake. */
  readonly verify_token: string;
  /** What to send. */
  readonly fields: readonly string[];
}

/** Of each product the fields, with the events in them. */
const products = {
  whatsapp_business_account: { messages: ["whatsapp.message", "whatsapp.status"] },
  page: {
    messages: ["messenger.message"],
    message_echoes: ["messenger.message_echo"],
    messaging_postbacks: ["messenger.postback"],
  },
  instagram: {
    messages: ["instagram.message", "instagram.message_echo"],
    messaging_postbacks: ["instagram.postback"],
  },
};

function registrationOf(
  verify_token: string,
  { url: callback_url, handles }: Registrant,
  given: RegistrationOptions,
): MetaRegistration {
  readOptions("registration", given, mountOptions);
  const subscriptions = Object.entries(products).map(([object, fields]) => {
    const handled = Object.entries<readonly string[]>(fields).filter(([, types]) => types.some(handles));
    return { object, callback_url, verify_token, fields: handled.map(([field]) => field) };
  });
  return { subscriptions: subscriptions.filter(({ fields }) => fields.length > 0) };
}
