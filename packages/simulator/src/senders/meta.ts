/** Meta, for WhatsApp and Messenger: a handshake by GET, and batches of events, sent again for 36 hours. */
import { readOptions, setting, type Duration } from "@answerback/core/provider";
import type { Fields } from "../deliveries/delivery.ts";
import { hmac, inSeconds } from "../lib/digest.ts";
import type { Random } from "../lib/random.ts";
import type { Tried } from "../protocols/terms.ts";
import type { Make, SenderBuilder } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import type { Sender, TextOptions } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What Meta has to be told. */
export interface MetaOptions {
  /** The app's secret. */
  readonly appSecret: string;
  /** The verify token that was typed in beside the address. */
  readonly verifyToken: string;
}

/** Meta as a sender. */
export interface Meta {
  /** The GET that wants its `hub.challenge` back. */
  readonly handshake: SenderBuilder;
  /** A message of WhatsApp; `fields` are those of the message. */
  readonly whatsappMessage: SenderBuilder;
  /** Three messages of WhatsApp, of two accounts, in one delivery; `fields` are those of each. */
  readonly whatsappBatch: SenderBuilder;
  /** A message of Messenger; `fields` are those of the `messaging` entry. */
  readonly messengerMessage: SenderBuilder;
  /** Webhooks with their handshake, for the judge. */
  readonly senders: readonly Sender[];
}

/**
 * Meta as a sender. Its id of an event is that of the message; of a batch, of its first.
 *
 * @throws OptionError for a mistake in the options.
 * @see {@link https://developers.facebook.com/docs/graph-api/webhooks/getting-started}
 */
export function meta(options: MetaOptions): Meta {
  const { appSecret, verifyToken } = readOptions("meta", options, {
    appSecret: setting,
    verifyToken: setting,
  });
  const handshake = challenge(verifyToken);
  const webhooks = simulate({
    name: "meta",
    patience: "20s",
    retries,
    taken: ({ status }) => status === 200,
    sign: ({ method, body }) =>
      method === "GET"
        ? {}
        : { "X-Hub-Signature-256": `sha256=${hmac({ key: appSecret, as: "hex" }, body)}` },
    example: exampleOf(whatsappMessage),
    handshakes: [exampleOf(handshake)(1)],
  });
  return {
    handshake: builder(webhooks, handshake),
    whatsappMessage: builder(webhooks, whatsappMessage),
    whatsappBatch: builder(webhooks, whatsappBatch),
    messengerMessage: builder(webhooks, messengerMessage),
    senders: [webhooks],
  };
}

/** "Immediately, then a few more times with decreasing frequency over the next 36 hours." */
function retries({ attempt, sinceMs }: Tried): Duration | undefined {
  const wait = attempt === 1 ? 0 : 60 * 2 ** (attempt - 2);
  return sinceMs + wait * 1_000 <= 36 * 3_600_000 ? `${wait}s` : undefined;
}

function challenge(verifyToken: string): Make {
  return (random, given) => {
    const asked = String(random.int(1e9, 2e9));
    const query = {
      "hub.mode": "subscribe",
      "hub.challenge": asked,
      "hub.verify_token": verifyToken,
      ...given,
    };
    return {
      event: "handshake",
      method: "GET",
      path: `?${new URLSearchParams(query as Record<string, string>).toString()}`,
      headers: agent,
      taken: ({ status, body }) => status === 200 && (body === asked || "the challenge is not the answer"),
    };
  };
}

const agent = { Accept: "*/*", "User-Agent": "facebookexternalua" };

const whatsappMessage: Make = (random, given) => {
  const message = messageOf(random, given);
  return delivery("messages", message["id"], {
    object: "whatsapp_business_account",
    entry: [entry(random, [message])],
  });
};

const whatsappBatch: Make = (random, given) => {
  const [first, second, third] = [
    messageOf(random, given),
    messageOf(random, given),
    messageOf(random, given),
  ];
  const entries = [entry(random, [first, second]), entry(random, [third])];
  return delivery("messages", first["id"], { object: "whatsapp_business_account", entry: entries });
};

const messengerMessage: Make = (random, given) => {
  const [page, timestamp] = [String(random.int(1e14, 9e14)), random.instant()];
  const sender = { id: String(random.int(1e15, 9e15)) };
  const message = { mid: `m_${random.hex(60)}`, text: random.sentence() };
  const messaging = [{ sender, recipient: { id: page }, timestamp, message, ...given }];
  return delivery("messages", message.mid, {
    object: "page",
    entry: [{ time: timestamp, id: page, messaging }],
  });
};

function messageOf(random: Random, given: Fields): Fields {
  const id = `wamid.${btoa(random.hex(30))}`;
  const timestamp = inSeconds(random.instant());
  return {
    from: `4670${random.int(1e6, 9e6)}`,
    id,
    timestamp,
    text: { body: random.sentence() },
    type: "text",
    ...given,
  };
}

function entry(random: Random, messages: readonly Fields[]): Fields {
  const metadata = { display_phone_number: "15550783881", phone_number_id: String(random.int(1e14, 9e14)) };
  const contacts = messages.map(({ from }) => ({ profile: { name: random.name().first }, wa_id: from }));
  const value = { messaging_product: "whatsapp", metadata, contacts, messages };
  return { id: String(random.int(1e14, 9e14)), changes: [{ value, field: "messages" }] };
}

/** Meta escapes what is not ASCII, in lower case, and signs that. */
function delivery(event: string, id: unknown, value: unknown): TextOptions {
  const body = JSON.stringify(value).replace(/[\u0080-\uffff]/g, escaped);
  return { event, id: String(id), body, headers: { ...agent, "Content-Type": "application/json" } };
}

const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
