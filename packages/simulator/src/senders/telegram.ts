/** Telegram: updates with a secret in a header; a method of the Bot API in the answer is called. */
import { matching, readOptions, setting } from "@answerback/core/provider";
import type { Fields } from "../deliveries/delivery.ts";
import { inSeconds } from "../lib/digest.ts";
import type { Random } from "../lib/random.ts";
import type { Make, SenderBuilder } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import type { Sender, TextOptions } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What Telegram has to be told. */
export interface TelegramOptions {
  /** The `secret_token` of `setWebhook`: letters, digits, `_` and `-`. */
  readonly secretToken: string;
}

/** Telegram as a sender. */
export interface Telegram {
  /** A message to the bot; `fields` are those of `message`. */
  readonly message: SenderBuilder;
  /** A click on a button of the bot's; `fields` are those of `callback_query`. */
  readonly callbackQuery: SenderBuilder;
  /** Updates, for the judge. */
  readonly senders: readonly Sender[];
}

/**
 * Telegram as a sender. Its page says of retries only that there is "a reasonable amount" of them.
 *
 * @throws OptionError for a mistake in the options.
 * @see {@link https://core.telegram.org/bots/api#setwebhook}
 */
export function telegram(options: TelegramOptions): Telegram {
  const { secretToken } = readOptions("telegram", options, {
    secretToken: matching(/^[\w-]{1,256}$/, "write it with letters, digits, _ and -", setting),
  });
  const updates = simulate({
    name: "telegram",
    retries: ["1s", "5s", "30s", "1m", "5m", "30m", "1h"],
    sign: () => ({ "X-Telegram-Bot-Api-Secret-Token": secretToken }),
    example: exampleOf(message),
    answer: { method: "sendMessage", chat_id: 1_111_111, text: "Done" },
  });
  return {
    message: builder(updates, message),
    callbackQuery: builder(updates, callbackQuery),
    senders: [updates],
  };
}

const message: Make = (random, given) => update(random, "message", { ...messageOf(random), ...given });

const callbackQuery: Make = (random, given) => {
  const sent = messageOf(random);
  const query = { id: String(random.int(1e15, 9e15)), from: sent.from, message: sent, data: "approve" };
  return update(random, "callback_query", {
    ...query,
    chat_instance: String(random.int(1e15, 9e15)),
    ...given,
  });
};

function update(random: Random, name: string, value: Fields): TextOptions {
  const update_id = random.int(1e8, 9e8);
  return { event: name, id: String(update_id), json: { update_id, [name]: value } };
}

function messageOf(random: Random) {
  const { first, last } = random.name();
  const person = { id: random.int(1e8, 9e8), first_name: first, last_name: last };
  return {
    message_id: random.int(1, 9_999),
    from: { ...person, is_bot: false, language_code: "sv" },
    chat: { ...person, type: "private" },
    date: Number(inSeconds(random.instant())),
    text: random.sentence(),
  };
}
