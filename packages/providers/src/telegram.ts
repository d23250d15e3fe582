/** Telegram: updates to a bot, each answered by one method of the Bot API in the reply. */
import { headerSecret } from "@answerback/core";
import {
  AnswerbackError,
  defineProvider,
  emptyReply,
  idIn,
  jsonReply,
  matching,
  mountOptions,
  oneOrMore,
  readOptions,
  setting,
  takesAtMost,
  type EventSpec,
  type Id,
  type Provider,
  type Register,
  type RegistrationOptions,
  type Secret,
  type Signing,
} from "@answerback/core/provider";
import { z } from "zod";

/** What {@link telegram} takes. */
export interface TelegramOptions {
  /** The `secret_token` of `setWebhook`: letters, digits, `_` and `-`; a list while it changes. */
  readonly secretToken: Secret;
}

/** A person, or a bot. */
export interface TelegramUser {
  /** The id of the user or the bot. */
  readonly id: number;
  /** The first name. */
  readonly first_name?: string | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** A message in a chat. */
export interface TelegramMessage {
  /** Its id in the chat. */
  readonly message_id: number;
  /** Who sent it; of a channel's own nobody did. */
  readonly from?: TelegramUser | undefined;
  /** Where: its `id` is the `chat_id` of an answer. */
  readonly chat: {
    readonly id: number;
    readonly type?: string | undefined;
    readonly [field: string]: unknown;
  };
  /** When: seconds since the epoch. */
  readonly date: number;
  /** Its text, where it is one. */
  readonly text?: string | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** A click on a button under a message. */
export interface TelegramCallbackQuery {
  /** Its id: `callback_query_id` of `answerCallbackQuery`. */
  readonly id: string;
  /** Who clicked. */
  readonly from: TelegramUser;
  /** The message with the button. */
  readonly message?: TelegramMessage | undefined;
  /** What the button stands for. */
  readonly data?: string | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** What an update of another type is about, with the fields that the Bot API gives it. */
export interface TelegramUpdate {
  /** Any field, as it was sent. */
  readonly [field: string]: unknown;
}

/** One method of the Bot API, with its parameters: `{ method: "sendMessage", chat_id, text }`. */
export interface TelegramAnswer {
  /** The name of the method. */
  readonly method: string;
  /** Its parameters. */
  readonly [parameter: string]: unknown;
}

/** The field beside the id says what happened. */
const messages = ["message", "edited_message", "channel_post", "edited_channel_post"] as const;
const others = [
  "business_connection",
  "business_message",
  "edited_business_message",
  "deleted_business_messages",
  "message_reaction",
  "message_reaction_count",
  "inline_query",
  "chosen_inline_result",
  "shipping_query",
  "pre_checkout_query",
  "purchased_paid_media",
  "poll",
  "poll_answer",
  "my_chat_member",
  "chat_member",
  "chat_join_request",
  "chat_boost",
  "removed_chat_boost",
] as const;

type Answered<Data> = EventSpec<Data, TelegramAnswer | void>;

/** Telegram's events: the field of the update beside its id. */
export type TelegramEvents = { readonly [Type in (typeof messages)[number]]: Answered<TelegramMessage> } & {
  /** A click on a button under a message. */
  readonly callback_query: Answered<TelegramCallbackQuery>;
} & { readonly [Type in (typeof others)[number]]: Answered<TelegramUpdate> };

/** The fields of an update beside its data. */
export interface TelegramEnvelope {
  /** The update's id. */
  readonly update_id: number;
}

const answer = z.looseObject({ method: z.string().regex(/^\w{1,64}$/) }).optional();
const user = z.looseObject({ id: z.number(), first_name: z.string().optional() });
const message = z.looseObject({
  message_id: z.number(),
  from: user.optional(),
  chat: z.looseObject({ id: z.number(), type: z.string().optional() }),
  date: z.number(),
  text: z.string().optional(),
});
const query = z.looseObject({
  id: z.string(),
  from: user,
  message: message.optional(),
  data: z.string().optional(),
});
const object = z.looseObject({});

const specOf = (data: z.ZodType) => ({ data, sure: object, answer });

const events = {
  ...Object.fromEntries(messages.map((type) => [type, specOf(message)])),
  callback_query: specOf(query),
  ...Object.fromEntries(others.map((type) => [type, specOf(object)])),
};

const update = z.looseObject({ update_id: z.int() });

/**
 * The provider Telegram, for `createReceiver`. What a handler returns in time is the one method that Telegram calls; a handler
 * that may take longer calls the Bot API itself.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a `secretToken` that is not there, or has other characters; `unknown`
 *   for an option that there is not.
 * @example
 * createReceiver(telegram({ secretToken: process.env.TELEGRAM_SECRET }), {
 *   handle: { message: ({ data }) => ({ method: "sendMessage", chat_id: data.chat.id, text: "Hello!" }) },
 * });
 * @see {@link https://core.telegram.org/bots/api#setwebhook}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#telegram.1 telegram.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#telegram.5 telegram.5}
 */
export function telegram(
  options: TelegramOptions,
): Provider<TelegramEvents, TelegramEnvelope, Register<RegistrationOptions, TelegramRegistration>> & Signing {
  takesAtMost(1, "telegram", arguments);
  const { secretToken } = readOptions("telegram", options, {
    secretToken: oneOrMore(
      matching(/^[\w-]{1,256}$/, "write it with letters, digits, _ and -, at most 256", setting),
    ),
  });
  const [secret_token] = secretToken;
  return defineProvider<any, TelegramEnvelope, Register<RegistrationOptions, TelegramRegistration>, Signing>({
    name: "telegram",
    accepts: ["json"],
    authenticator: headerSecret("X-Telegram-Bot-Api-Secret-Token", secretToken),
    events,
    patience: "60s",
    answerWithin: "25s",
    retention: "3d",
    retryWindow: "24h",
    httpsOnly: true,
    registration({ url, handles }, given) {
      readOptions("registration", given, mountOptions);
      return { url, secret_token, allowed_updates: Object.keys(events).filter(handles) };
    },
    decode({ body }) {
      const { update_id, ...fields } = update.parse(body);
      const [type = "update", ...more] = Object.keys(fields);
      if (more.length > 0)
        throw new AnswerbackError("malformed", "expected at most one field beside update_id");
      const data = fields[type];
      return { type, data, key: [update_id], id: whoIn(data), extra: { update_id } };
    },
    encode: (method) =>
      method === undefined
        ? { reply: emptyReply() }
        : { reply: jsonReply(method), droppedWhenLate: ["method"] },
  });
}

/** Who did it, else the chat where it was done, else what has an id of its own, such as a poll. */
function whoIn(data: unknown): Id | undefined {
  return idIn(data, "from", "id") ?? idIn(data, "user", "id") ?? idIn(data, "chat", "id") ?? idIn(data, "id");
}

/** What `setWebhook` takes. It holds the secret. */
export interface TelegramRegistration {
  /** Where Telegram is to send. */
  readonly url: string;
  /** The secret of the header. */
  readonly secret_token: string;
  /** The updates that the receiver handles. */
  readonly allowed_updates: readonly string[];
}
