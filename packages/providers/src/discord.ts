/** Discord: interactions, answered in three seconds or edited for fifteen minutes; and its webhook events. */
import {
  aFunction,
  defineProvider,
  flag,
  idIn,
  jsonReply,
  mountOptions,
  oneOrMore,
  optional,
  readOptions,
  setting,
  takesAtMost,
  withDefault,
  type EncodableEvent,
  type ErrorCode,
  type Kind,
  type PostResponse,
  type Provider,
  type Register,
  type RegistrationOptions,
  type Signing,
} from "@answerback/core/provider";
import { z } from "zod";
import { createEncode, encodeFailure, takesMessage, type DiscordMessage } from "./discord/answer.ts";
import { events, typeOf, type DiscordEvents, type DiscordInteraction } from "./discord/events.ts";
import { signature, type DiscordPublicKey } from "./discord/signature.ts";

export type {
  DiscordChoices,
  DiscordMessage,
  DiscordModal,
  DiscordResponse,
  DiscordUpdate,
} from "./discord/answer.ts";
export type { DiscordEvents, DiscordInteraction } from "./discord/events.ts";
export type { DiscordPublicKey } from "./discord/signature.ts";
export {
  discordWebhookEvents,
  type DiscordWebhookEnvelope,
  type DiscordWebhookEvents,
  type DiscordWebhookEventsOptions,
  type DiscordWebhookRegistration,
} from "./discord/webhook-events.ts";

/** What {@link discord} takes. */
export interface DiscordOptions {
  /** The application's public key. */
  readonly publicKey: DiscordPublicKey;
  /**
   * Does the user alone see the answer to a command? Of all commands, or as a function says. Discord wants to know it when
   * the command is acknowledged, so a late answer cannot say it by its `flags`. Default `false`.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.5 discord.5}
   */
  readonly ephemeral?: boolean | ((interaction: AnyDiscordInteraction) => boolean) | undefined;
  /**
   * The message that tells the user that there will be no answer, in the reply or later; the user alone sees it where it is
   * a message of its own. Default: Discord says that the application did not respond.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.7 discord.7}
   */
  readonly whenFailed?:
    ((interaction: AnyDiscordInteraction, code: ErrorCode) => DiscordMessage | undefined) | undefined;
}

/** An interaction of any type, as the functions among the options see it. */
export interface AnyDiscordInteraction extends DiscordInteraction {
  /** A type of {@link DiscordEvents}, or `"*"`. */
  readonly type: string;
  /** What was used: a command, a component or a modal. */
  readonly data: unknown;
}

/** The part of the body of `PATCH /applications/@me` that registers a receiver. */
export interface DiscordRegistration {
  /** The public address of the mount. */
  readonly interactions_endpoint_url: string;
}

/**
 * The provider Discord, for `createReceiver`: an interactions endpoint. A handler returns a message, or a whole interaction
 * response; the receiver decides whether it goes out in the reply, or the reply defers and a message is edited.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a public key that is not there, or is none; `unknown` for an option
 *   that there is not; `invalid` for `ephemeral` or `whenFailed` of another kind.
 * @example
 * createReceiver(discord({ publicKey: process.env.DISCORD_PUBLIC_KEY }), {
 *   handle: { APPLICATION_COMMAND: async ({ data }) => ({ content: await crunch(data.name) }) },
 * });
 * @see {@link https://docs.discord.com/developers/interactions/receiving-and-responding Receiving and Responding}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.1 discord.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.8 discord.8}
 */
export function discord(
  options: DiscordOptions,
): Provider<DiscordEvents, DiscordInteraction, Register<RegistrationOptions, DiscordRegistration>> & Signing {
  takesAtMost(1, "discord", arguments);
  const { publicKey, ephemeral, whenFailed } = readOptions("discord", options, {
    publicKey: oneOrMore(setting),
    ephemeral: withDefault(aFlagOrFunction, false),
    whenFailed: optional(aFunction),
  });
  const isEphemeral = (event: EncodableEvent): boolean =>
    typeof ephemeral === "function" ? ephemeral(interactionOf(event)) : ephemeral;
  const failure = (event: EncodableEvent, code: ErrorCode) => {
    const message = takesMessage(event) ? whenFailed?.(interactionOf(event), code) : undefined;
    return message && encodeFailure(message, event);
  };
  return defineProvider<any, DiscordInteraction, Register<RegistrationOptions, DiscordRegistration>, Signing>(
    {
      name: "discord",
      accepts: ["json"],
      authenticator: signature(publicKey),
      events,
      patience: "3s",
      retries: false,
      httpsOnly: true,
      secrets: ["token"],
      callback: {
        uses: Infinity,
        inlineSpends: false,
        expires: "15m",
        maxBytes: 1_048_576,
        hosts: ["discord.com"],
      },
      decode({ body }) {
        if (typed.parse(body).type === 1) return jsonReply({ type: 1 });
        const { type, data, token, ...extra } = interaction.parse(body);
        return {
          type: typeOf(type),
          data,
          key: [extra.id],
          id: idIn(extra, "member", "user", "id") ?? idIn(extra, "user", "id"),
          callbackUrl: `https://discord.com/api/v10/webhooks/${extra.application_id}/${encodeURIComponent(token)}`,
          extra: extra as object as DiscordInteraction,
        };
      },
      encode: createEncode(isEphemeral),
      refuse: (_row, { code, event }) => event && failure(event, code)?.reply,
      whenDead: (event, { code }) => failure(event, code)?.post,
      judge,
      registration(registrant, given) {
        readOptions("registration", given, mountOptions);
        return { interactions_endpoint_url: registrant.url };
      },
    },
  );
}

const aFlagOrFunction: Kind<boolean | ((event: any) => boolean)> = (option, value) =>
  typeof value === "function" ? (value as (event: any) => boolean) : flag(option, value);

/** The event without its address, which holds the token. */
function interactionOf({ callbackUrl: _, accepted: __, ...event }: EncodableEvent): AnyDiscordInteraction {
  return event as object as AnyDiscordInteraction;
}

const typed = z.looseObject({ type: z.int() });

/** An id of Discord's: digits, always as a text. */
const snowflake = z.string().regex(/^\d{1,20}$/, "must be a snowflake");

const interaction = typed.extend({
  id: snowflake,
  application_id: snowflake,
  token: z.string().min(1).max(1_000),
  data: z.unknown().optional(),
});

/**
 * A rate limit says in its body when to come again: in seconds, with a fraction.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.8 discord.8}
 */
function judge({ status, body }: PostResponse): { readonly againMs: number } | undefined {
  if (status !== 429) return undefined;
  const [, seconds] = /"retry_after"\s*:\s*(\d+(?:\.\d+)?)/.exec(body) ?? [];
  return seconds === undefined ? undefined : { againMs: Math.ceil(Number(seconds) * 1_000) };
}
