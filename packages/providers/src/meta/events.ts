/** The events of WhatsApp, Messenger and Instagram that are typed, with their schemas. */
import type { EventSpec } from "@answerback/core/provider";
import { z } from "zod";

/** A message to a WhatsApp number, as `messages` of a change has it. */
export interface WhatsAppMessage {
  /** The message's id: `"wamid.…"`. */
  readonly id: string;
  /** Who sent it: a phone number without its plus. */
  readonly from: string;
  /** When: seconds since the epoch, as a text. */
  readonly timestamp: string;
  /** The kind, under which name its contents stand: `"text"`, `"image"`, `"interactive"`. */
  readonly type: string;
  /** The text, where `type` is `"text"`. */
  readonly text?: { readonly body: string } | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** What became of a message of yours, as `statuses` of a change has it. */
export interface WhatsAppStatus {
  /** The message's id: `"wamid.…"`. */
  readonly id: string;
  /** `"sent"`, `"delivered"`, `"read"`, `"failed"`. They may come in any order. */
  readonly status: string;
  /** When: seconds since the epoch, as a text. */
  readonly timestamp: string;
  /** To whom: a phone number without its plus. */
  readonly recipient_id?: string | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** What happened in a conversation of Messenger or Instagram, as `messaging` has it. */
export interface MetaMessaging {
  /** Who did it: the person, or of an echo the page or the account. */
  readonly sender: { readonly id: string };
  /** With whom: the page or the account, or of an echo the person. */
  readonly recipient: { readonly id: string };
  /** When: ms since the epoch. */
  readonly timestamp?: number | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** A message in a conversation. */
export interface MetaMessage extends MetaMessaging {
  /** The message: its id, its text, its attachments. */
  readonly message: {
    readonly mid: string;
    readonly text?: string | undefined;
    readonly [field: string]: unknown;
  };
}

/** A button that was tapped in a conversation. */
export interface MetaPostback extends MetaMessaging {
  /** What the button stands for. Left out where another app has the conversation. */
  readonly postback: {
    readonly title?: string | undefined;
    readonly payload?: string | undefined;
    readonly [field: string]: unknown;
  };
}

/** The events of Meta that are typed. Others go to `"*"`, named by their product and field: `"instagram.comments"`. */
export interface MetaEvents {
  /** A message to a WhatsApp number. */
  readonly "whatsapp.message": EventSpec<WhatsAppMessage>;
  /** What became of a WhatsApp message of yours. */
  readonly "whatsapp.status": EventSpec<WhatsAppStatus>;
  /** A message to a page. */
  readonly "messenger.message": EventSpec<MetaMessage>;
  /** A message that the page sent. */
  readonly "messenger.message_echo": EventSpec<MetaMessage>;
  /** A button that was tapped. */
  readonly "messenger.postback": EventSpec<MetaPostback>;
  /** A message to an Instagram account. */
  readonly "instagram.message": EventSpec<MetaMessage>;
  /** A message that the account sent. */
  readonly "instagram.message_echo": EventSpec<MetaMessage>;
  /** A button that was tapped. */
  readonly "instagram.postback": EventSpec<MetaPostback>;
}

const text = z.string().min(1).max(1_000);
const party = z.looseObject({ id: text });
const parties = { sender: party, recipient: party, timestamp: z.number().optional() };
const status = z.looseObject({ id: text, status: text, timestamp: text, recipient_id: text.optional() });
const message = z.looseObject({
  ...parties,
  message: z.looseObject({ mid: text, text: z.string().optional() }),
});
const postback = z.looseObject({
  ...parties,
  postback: z.looseObject({ title: z.string().optional(), payload: z.string().optional() }),
});
const whatsapp = z.looseObject({
  id: text,
  from: text,
  timestamp: text,
  type: text,
  text: z.looseObject({ body: z.string() }).optional(),
});

/** Sure is what an event is known by; the rest of a page that changes often is told where it differs. */
const byId = z.looseObject({ id: text });
const byMid = z.looseObject({ message: z.looseObject({ mid: text }) });
const tapped = z.looseObject({ postback: z.looseObject({}) });

/** The events with their schemas. */
export const events: MetaEvents = {
  "whatsapp.message": { data: whatsapp, sure: byId },
  "whatsapp.status": { data: status, sure: z.looseObject({ id: text, status: text }) },
  "messenger.message": { data: message, sure: byMid },
  "messenger.message_echo": { data: message, sure: byMid },
  "messenger.postback": { data: postback, sure: tapped },
  "instagram.message": { data: message, sure: byMid },
  "instagram.message_echo": { data: message, sure: byMid },
  "instagram.postback": { data: postback, sure: tapped },
};
