/** App Inbox: a delivery is one message, or a list of messages, each an event of its own. */
import { z } from "../decoding/zod.ts";
import { AnswerbackError } from "../contract/errors.ts";
import {
  schemaOptions,
  withSchemas,
  type EventsWithData,
  type OwnData,
  type SchemaOptions,
} from "../contract/event-schemas.ts";
import { idIn, isTextId, textId } from "../decoding/id.ts";
import { defineProvider } from "../contract/define-provider.ts";
import { flag, optional, wholeNumber, withDefault } from "../contract/kinds.ts";
import type { EventSpec } from "../contract/event-spec.ts";
import type { Provider } from "../contract/provider.ts";
import type { Decoded } from "../contract/provider-view.ts";
import { readOptions, takesAtMost } from "../contract/read-options.ts";
import {
  mountOptions,
  type Register,
  type Registrant,
  type RegistrationOptions,
} from "../contract/registration.ts";

/** What {@link appInbox} takes. */
export interface AppInboxOptions<Data extends OwnData<AppInboxEvents> = {}> extends SchemaOptions<
  AppInboxEvents,
  Data
> {
  /**
   * Answer GET and HEAD with an empty 200: the sister product sends such a probe when a URL is saved. Default `true`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.6 inbox.6}
   */
  readonly probe?: boolean | undefined;
  /**
   * How many messages a list may have; a longer one is answered 429, as the provider's page has it. Default: any number, since
   * the provider sends 1,000 at most unless it was asked for more, and sends a refused list again as long as it is.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.7 inbox.7}
   */
  readonly maxMessages?: number | undefined;
}

/** The one event type of App Inbox. */
export interface AppInboxEvents {
  /** A message for a contact. */
  readonly message: EventSpec<AppInboxMessage>;
}

/**
 * A message. Only its `id` is sure; fields that are not listed are kept.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.1 inbox.1}
 */
export interface AppInboxMessage {
  /** Interaction id, used to set the status: a UUID. Any text of up to 1,000 characters is taken, if it is not blank. */
  readonly id: string;
  /** Receiver identifier: the contact who gets the message. */
  readonly externalCustomerId?: string | null | undefined;
  /** When the message was created: ms since the epoch. */
  readonly createdDate?: number | null | undefined;
  /** The title: text. */
  readonly title?: string | null | undefined;
  /** The content: text. */
  readonly content?: string | null | undefined;
  /** The URL of an image. */
  readonly image?: string | null | undefined;
  /** The URL of a link. */
  readonly link?: string | null | undefined;
  /** Message category: `"promo"`. */
  readonly category?: string | null | undefined;
  /** Not on the provider's page: some deliveries carry a JSON text, `"{\"k\":\"v\"}"`. */
  readonly customData?: unknown;
  /** Any other field, as it was sent. */
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

/** What is sure of a message. */
const sure = z.looseObject({ id: textId });

const events: AppInboxEvents = { message: { data: message, sure } };

/**
 * The provider App Inbox, for `createReceiver`.
 *
 * @throws OptionError `unknown` for an option that there is not; for `probe` `invalid` when it is neither true nor false; for
 *   `maxMessages` `invalid` for what is no whole number, `out_of_range` for a number below 1; for `schema` `invalid`; for `data`
 *   `unknown`, `missing` or `invalid`.
 * @example
 * createReceiver(appInbox(), {
 *   authenticate: basicAuth({ username: "inbox", password: process.env.INBOX_PASSWORD }),
 *   handle: { message: ({ data }) => deliver(data.externalCustomerId, data.title) },
 * });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.1 inbox.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.7 inbox.7}
 */
export function appInbox<Data extends OwnData<AppInboxEvents> = {}>(
  options: AppInboxOptions<Data> = {},
): Provider<EventsWithData<AppInboxEvents, Data>, {}, Register<RegistrationOptions, AppInboxRegistration>> {
  takesAtMost(1, "appInbox", arguments);
  const { probe, maxMessages, ...schemas } = readOptions("appInbox", options, {
    probe: withDefault(flag, true),
    maxMessages: optional(wholeNumber),
    ...schemaOptions,
  });
  return defineProvider<any, {}, Register<RegistrationOptions, AppInboxRegistration>>({
    name: "app-inbox",
    accepts: ["json"],
    events: withSchemas("appInbox", events, schemas),
    retention: "7d",
    // a list holds up to 1,000 messages, unless the provider was asked for more
    bodyLimit: 8 * 2 ** 20,
    probe,
    registration: appInboxRegistration,
    statuses: {
      hidden: 401,
      https_required: 503,
      malformed: 400,
      too_large: 429,
      unsupported_media_type: 400,
      timeout: 503,
      permanent: 400,
      retry_later: 429,
    },
    decode({ body }) {
      if (!Array.isArray(body)) return eventOf(body);
      if (maxMessages !== undefined && body.length > maxMessages) throw tooMany(body.length, maxMessages);
      return body.map(eventOf);
    },
  });
}

/**
 * The provider sends the list again: 400 would lose all of its messages.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.7 inbox.7}
 */
function tooMany(count: number, most: number): AnswerbackError {
  return new AnswerbackError("too_large", `a list of ${count} messages; maxMessages is ${most}`);
}

/**
 * The event of an item. The schema judges a bad item, so that it fails alone.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.2 inbox.2}
 */
function eventOf(item: unknown): Decoded {
  const id = idIn(item, "id");
  return { type: "message", data: item, key: isTextId(id) ? [id] : undefined, id };
}

/**
 * What to send to the people of App Inbox, who configure the webhook. It holds the password.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.2 register.2}
 */
export interface AppInboxRegistration {
  /** The webhook URL, where the messages are received. */
  readonly url: string;
  /** Basic authorization, if the receiver asks for it. */
  readonly auth?: { readonly type: "basic"; readonly username: string; readonly password: string };
}

/**
 * The registration of a receiver with App Inbox.
 *
 * @throws OptionError `unknown` for an option that there is not.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.2 register.2}
 */
export function appInboxRegistration(
  registrant: Registrant,
  options: RegistrationOptions,
): AppInboxRegistration {
  readOptions("registration", options, mountOptions);
  const { url, basic } = registrant;
  return basic
    ? { url, auth: { type: "basic", username: basic.username, password: basic.password } }
    : { url };
}
