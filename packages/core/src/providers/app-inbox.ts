/** App Inbox's messages: one, or a list of them, each an event of its own. */
import { z } from "zod";
import { isTextId, textId } from "../decoding/id.ts";
import { isRecord } from "../decoding/json.ts";
import type { Registrant } from "../registration.ts";
import { defineProvider, type Decoded, type EventSpec, type Provider } from "../provider.ts";

/** What {@link appInbox} takes. */
export interface AppInboxOptions {
  /** Answer GET and HEAD with an empty 200, as the sister product asks when a URL is saved. Default `true`. @see inbox.6 */
  readonly probe?: boolean | undefined;
}

/** From event type to its data. */
export interface AppInboxEvents {
  readonly message: EventSpec<AppInboxMessage>;
}

/** A message. Only its id is sure; fields that are not listed are kept. @see inbox.1 */
export interface AppInboxMessage {
  /** Of the interaction; sets its status. A UUID, unchecked. */
  readonly id: string;
  /** Who gets it. */
  readonly externalCustomerId?: string | null | undefined;
  /** ms since the epoch. */
  readonly createdDate?: number | null | undefined;
  readonly title?: string | null | undefined;
  readonly content?: string | null | undefined;
  /** A URL. */
  readonly image?: string | null | undefined;
  /** A URL. */
  readonly link?: string | null | undefined;
  readonly category?: string | null | undefined;
  readonly customData?: unknown;
  readonly [field: string]: unknown;
}

const text = z.string().nullish();

const message: z.ZodType<AppInboxMessage> = z.looseObject({
  id: textId,
  externalCustomerId: text,
  createdDate: z.number().nullish(),
  title: text,
  content: text,
  image: text,
  link: text,
  category: text,
});

/**
 * App Inbox, for `createReceiver`.
 *
 * @example
 * createReceiver(appInbox(), {
 *   authenticate: basicAuth({ username: "inbox", password: process.env.INBOX_PASSWORD }),
 *   handle: { message: ({ data }) => deliver(data.externalCustomerId, data.title) },
 * });
 * @see inbox.1 to inbox.6
 */
export function appInbox({ probe = true }: AppInboxOptions = {}): Provider<
  AppInboxEvents,
  {},
  typeof appInboxRegistration
> {
  return defineProvider({
    name: "app-inbox",
    accepts: ["json"],
    events: { message: { data: message } },
    retention: "7d",
    // its list holds 1,000 messages, and what is too large is answered 400: never sent again (any.3)
    bodyLimit: 8 * 2 ** 20,
    probe,
    registration: appInboxRegistration,
    statuses: {
      hidden: 401,
      https_required: 503,
      malformed: 400,
      too_large: 400,
      unsupported_media_type: 400,
      timeout: 503,
      permanent: 400,
      retry_later: 429,
    },
    decode: ({ body }) => (Array.isArray(body) ? body.map(eventOf) : eventOf(body)),
  });
}

/** A bad item is left to its schema, so that it fails alone. @see inbox.2 */
function eventOf(item: unknown): Decoded {
  const id = isRecord(item) ? item["id"] : undefined;
  return { type: "message", data: item, key: isTextId(id) ? [id] : undefined };
}

/** What to send to App Inbox' people. It holds the password. @see register.2 */
export interface AppInboxRegistration {
  readonly url: string;
  readonly auth?: { readonly type: "basic"; readonly username: string; readonly password: string };
}

/** @see AppInboxRegistration */
export function appInboxRegistration({ url, basic }: Registrant, _options: {}): AppInboxRegistration {
  return basic
    ? { url, auth: { type: "basic", username: basic.username, password: basic.password } }
    : { url };
}
