/** What Meta sends: entries, each with changes or with what happened in conversations, as one event for each of those. */
import { canonicalJson, idIn, isRecord, isTextId, type Decoded, type Id } from "@answerback/core/provider";
import { z } from "zod";

/** The fields beside the data of an event, under Meta's names. */
export interface MetaEnvelope {
  /** What was subscribed to: `"whatsapp_business_account"`, `"page"`, `"instagram"`. */
  readonly object: string;
  /** The account or the page, and when Meta sent the notification. */
  readonly entry: { readonly id: string; readonly time?: number | undefined };
  /** The WhatsApp number: `phone_number_id`, with which it is answered, and `display_phone_number`. */
  readonly metadata?: Readonly<Record<string, any>> | undefined;
  /** Who wrote to the WhatsApp number: `wa_id`, and the name in `profile`. */
  readonly contacts?: readonly any[] | undefined;
}

const items = z.array(z.unknown()).optional();

const envelope = z.looseObject({
  object: z.string().min(1).max(100),
  entry: z.array(
    z.looseObject({
      id: z.string().max(1_000),
      time: z.number().optional(),
      changes: z.array(z.looseObject({ field: z.string().min(1).max(100), value: z.unknown() })).optional(),
      messaging: items,
      standby: items,
    }),
  ),
});

/**
 * The events in a body. What a message or a status lacks is left to the schema of its type, so that it fails alone.
 *
 * @throws ZodError for a body that is no notification.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#meta.3 meta.3}
 */
export function eventsIn(body: unknown): Decoded<MetaEnvelope>[] {
  const { object, entry } = envelope.parse(body);
  return entry.flatMap((one) => {
    const extra = { object, entry: { id: one.id, time: one.time } };
    const { changes = [], messaging = [], standby = [] } = one;
    const found = [
      ...changes.flatMap(({ field, value }) => changed(extra, field, value)),
      ...messaging.map((item) => happened(extra, item)),
      ...standby.map((item) => unnamed(extra, `${conversationOf(extra)}.standby`, item)),
    ];
    return found.map((event) => ({ ...event, id: aboutIn(event.data) ?? one.id }));
  });
}

/** The message that it is about, or what else has an id; else who is in the conversation. */
function aboutIn(data: unknown): Id | undefined {
  const fields = isRecord(data) ? Object.keys(data) : [];
  const [message] = fields.flatMap((field) => idIn(data, field, "mid") ?? []);
  return idIn(data, "id") ?? message ?? idIn(data, "sender", "id");
}

/** A change: of WhatsApp's `messages` the messages and statuses in it, of any other field the change itself. */
function changed(extra: MetaEnvelope, field: string, value: unknown): Decoded<MetaEnvelope>[] {
  const { messages, statuses, metadata, contacts } = isRecord(value) ? value : {};
  const isAccount = extra.object === "whatsapp_business_account";
  if (!isAccount || field !== "messages" || !(Array.isArray(messages) || Array.isArray(statuses)))
    return [unnamed(extra, `${isAccount ? "whatsapp" : extra.object}.${field}`, value)];
  const beside: MetaEnvelope = {
    ...extra,
    ...(isRecord(metadata) && { metadata }),
    ...(Array.isArray(contacts) && { contacts }),
  };
  return [
    ...listOf(messages).map((data) => {
      const { id } = isRecord(data) ? data : {};
      return keyed({ type: "whatsapp.message", data, extra: beside }, [id]);
    }),
    ...listOf(statuses).map((data) => {
      const { id, status } = isRecord(data) ? data : {};
      return keyed({ type: "whatsapp.status", data, extra: beside }, [id, status]);
    }),
  ];
}

/** What happened in a conversation; its field beside the parties and the time says what. */
function happened(extra: MetaEnvelope, item: unknown): Decoded<MetaEnvelope> {
  const fields = isRecord(item) ? item : {};
  const { message, postback } = fields;
  if (isRecord(message)) {
    const type = `${conversationOf(extra)}.${message["is_echo"] === true ? "message_echo" : "message"}`;
    return keyed({ type, data: item, extra }, [message["mid"]]);
  }
  if (isRecord(postback) && isTextId(postback["mid"]))
    return keyed({ type: `${conversationOf(extra)}.postback`, data: item, extra }, [postback["mid"]]);
  const field = Object.keys(fields).find((name) => !/^(?:sender|recipient|timestamp)$/.test(name));
  return unnamed(extra, `${conversationOf(extra)}.${field ?? "messaging"}`, item);
}

/** An event whose id we do not know: it is known by all of it, and by when Meta sent it. */
function unnamed(extra: MetaEnvelope, type: string, data: unknown): Decoded<MetaEnvelope> {
  const { id, time = 0 } = extra.entry;
  return { type, data, key: [type, id, time, canonicalJson(data)], extra };
}

/** With its key, where all parts of it are there. */
function keyed(decoded: Decoded<MetaEnvelope>, parts: readonly unknown[]): Decoded<MetaEnvelope> {
  return parts.every(isTextId) ? { ...decoded, key: [decoded.type, ...parts] } : decoded;
}

/** Conversations of a page are Messenger's. */
function conversationOf({ object }: MetaEnvelope): string {
  return object === "page" ? "messenger" : object;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
