/** App Inbox's deliveries: one message, or the list of all available ones. */
import { anything, optional, readOptions, wholeNumberIn } from "@answerback/core/provider";
import { idOf } from "../lib/json.ts";
import { seeded } from "../lib/random.ts";
import type { Random } from "../lib/random.ts";
import type { RawDelivery } from "../protocols/protocol.ts";
import type { BuildOptions, Credentials, Fields } from "./delivery.ts";
import { buildOptions, credentials, fields, jsonDelivery, pathUnder } from "./delivery.ts";

/**
 * What makes one message.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.1 inbox.1}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.3 inbox.3}
 */
export interface AppInboxOptions extends BuildOptions {
  /** Default: none are sent. */
  readonly auth?: Credentials;
  /** Any field of the message; of a list, of every message. Default: random ones. */
  readonly message?: Fields;
}

/**
 * What makes a list.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.2 inbox.2}
 */
export interface AppInboxListOptions extends AppInboxOptions {
  /** How many messages; the provider's own limit is 1,000 by default. Default 5. */
  readonly count?: number;
  /** The list itself, for one with a bad item. Default: random messages. */
  readonly messages?: readonly unknown[];
}

/** The builders of App Inbox. */
export interface AppInboxDeliveries {
  /**
   * One message.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.1 inbox.1}
   */
  message(options?: AppInboxOptions): RawDelivery;
  /**
   * The list of all available messages.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.2 inbox.2}
   */
  list(options?: AppInboxListOptions): RawDelivery;
}

/**
 * The builders of App Inbox.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.1 inbox.1}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.2 inbox.2}
 */
export const appInbox: AppInboxDeliveries = {
  message(options = {}) {
    readOptions("deliveries.appInbox.message", options, known);
    const value = message(seeded(options.seed ?? 1), options.message);
    return build("message", idOf(value), { ...options, value });
  },
  list(options = {}) {
    readOptions("deliveries.appInbox.list", options, knownOfLists);
    const random = seeded(options.seed ?? 1);
    const value =
      options.messages ?? Array.from({ length: options.count ?? 5 }, () => message(random, options.message));
    return build("list", idOf(value[0]), { ...options, value });
  },
};

const known = { ...buildOptions, auth: optional(credentials), message: optional(fields) };

const knownOfLists = {
  ...known,
  count: optional(wholeNumberIn(0, Number.MAX_SAFE_INTEGER)),
  messages: anything,
};

function build(
  event: string,
  id: string,
  options: AppInboxOptions & { readonly value: unknown },
): RawDelivery {
  return jsonDelivery({ provider: "appInbox", event, id, path: pathUnder(options.mount) }, options);
}

function message(random: Random, fields: Fields = {}): Fields {
  return {
    externalCustomerId: `cust-${random.int(1, 9_999)}`,
    id: random.uuid(),
    createdDate: random.instant(),
    title: random.sentence(),
    content: `${random.sentence()} ${random.sentence()}`,
    image: `https://example.com/${random.hex(8)}.png`,
    link: `https://example.com/offers/${random.hex(6)}?utm=inbox`,
    category: random.pick(["promo", "news", "order", "reminder"]),
    customData: JSON.stringify({ campaign: random.int(1, 99) }),
    ...fields,
  };
}
