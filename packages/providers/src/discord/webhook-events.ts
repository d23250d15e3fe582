/** Discord's webhook events: what happens to an app, told one way, to an endpoint of their own. */
import {
  canonicalJson,
  defineProvider,
  emptyReply,
  idIn,
  mountOptions,
  oneOrMore,
  readOptions,
  setting,
  takesAtMost,
  type EventSpec,
  type EventSpecs,
  type Id,
  type Provider,
  type Register,
  type RegistrationOptions,
  type Signing,
} from "@answerback/core/provider";
/** @ts-ignore an optional peer: without it these are any */
import type {
  APIWebhookEventApplicationAuthorizedData,
  APIWebhookEventApplicationDeauthorizedData,
  APIWebhookEventEntitlementCreateData,
  APIWebhookEventEntitlementDeleteData,
  APIWebhookEventEntitlementUpdateData,
} from "discord-api-types/v10";
import { z } from "zod";
import { signature, type DiscordPublicKey } from "./signature.ts";

/** What {@link discordWebhookEvents} takes. */
export interface DiscordWebhookEventsOptions {
  /** The application's public key. */
  readonly publicKey: DiscordPublicKey;
}

/**
 * Webhook events by type. Of those that have no type here, such as `LOBBY_MESSAGE_CREATE`, the data are unknown.
 *
 * @see {@link https://docs.discord.com/developers/events/webhook-events#event-types}
 */
export interface DiscordWebhookEvents {
  /** A user added the app to a server, or to the user's own account. */
  readonly APPLICATION_AUTHORIZED: EventSpec<APIWebhookEventApplicationAuthorizedData>;
  /** A user removed the app. */
  readonly APPLICATION_DEAUTHORIZED: EventSpec<APIWebhookEventApplicationDeauthorizedData>;
  /** A user bought a SKU, or was given one. */
  readonly ENTITLEMENT_CREATE: EventSpec<APIWebhookEventEntitlementCreateData>;
  /** An entitlement changed. */
  readonly ENTITLEMENT_UPDATE: EventSpec<APIWebhookEventEntitlementUpdateData>;
  /** An entitlement ended. */
  readonly ENTITLEMENT_DELETE: EventSpec<APIWebhookEventEntitlementDeleteData>;
  /** A message of a lobby was created. */
  readonly LOBBY_MESSAGE_CREATE: EventSpec<unknown>;
  /** A message of a lobby was updated. */
  readonly LOBBY_MESSAGE_UPDATE: EventSpec<unknown>;
  /** A message of a lobby was deleted. */
  readonly LOBBY_MESSAGE_DELETE: EventSpec<unknown>;
  /** A direct message was created during a session of the Social SDK. */
  readonly GAME_DIRECT_MESSAGE_CREATE: EventSpec<unknown>;
  /** A direct message was updated during a session of the Social SDK. */
  readonly GAME_DIRECT_MESSAGE_UPDATE: EventSpec<unknown>;
  /** A direct message was deleted during a session of the Social SDK. */
  readonly GAME_DIRECT_MESSAGE_DELETE: EventSpec<unknown>;
}

/** The fields that stand beside the data of a webhook event. */
export interface DiscordWebhookEnvelope {
  /** The app that the event is of. */
  readonly application_id: string;
  /** When it happened: ISO 8601, without a zone in Discord's examples. */
  readonly timestamp: string;
}

/** The part of the body of `PATCH /applications/@me` that registers a receiver. */
export interface DiscordWebhookRegistration {
  /** The public address of the mount. */
  readonly event_webhooks_url: string;
  /** 2: they are enabled. */
  readonly event_webhooks_status: 2;
  /** The event types that the receiver handles. */
  readonly event_webhooks_types: readonly (keyof DiscordWebhookEvents)[];
}

const object = { data: z.looseObject({}) as z.ZodType<any> };

const events: EventSpecs<DiscordWebhookEvents> & DiscordWebhookEvents = {
  APPLICATION_AUTHORIZED: object,
  APPLICATION_DEAUTHORIZED: object,
  ENTITLEMENT_CREATE: object,
  ENTITLEMENT_UPDATE: object,
  ENTITLEMENT_DELETE: object,
  LOBBY_MESSAGE_CREATE: {},
  LOBBY_MESSAGE_UPDATE: {},
  LOBBY_MESSAGE_DELETE: {},
  GAME_DIRECT_MESSAGE_CREATE: {},
  GAME_DIRECT_MESSAGE_UPDATE: {},
  GAME_DIRECT_MESSAGE_DELETE: {},
};

const typed = z.looseObject({ type: z.int() });

const envelope = typed.extend({
  application_id: z.string(),
  event: z.looseObject({
    type: z.string().min(1),
    timestamp: z.string().min(1),
    data: z.unknown().optional(),
  }),
});

/**
 * The provider of Discord's webhook events, for `createReceiver`. They go to an endpoint of their own, so they need a receiver
 * beside that of `discord()`.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a public key that is not there, or is none; `unknown` for an option
 *   that there is not.
 * @example
 * createReceiver(discordWebhookEvents({ publicKey: process.env.DISCORD_PUBLIC_KEY }), {
 *   handle: { APPLICATION_AUTHORIZED: ({ data }) => welcome(data.user) },
 * });
 * @see {@link https://docs.discord.com/developers/events/webhook-events Webhook Events}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.9 discord.9} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.10 discord.10}
 */
export function discordWebhookEvents(
  options: DiscordWebhookEventsOptions,
): Provider<
  DiscordWebhookEvents,
  DiscordWebhookEnvelope,
  Register<RegistrationOptions, DiscordWebhookRegistration>
> &
  Signing {
  takesAtMost(1, "discordWebhookEvents", arguments);
  const { publicKey } = readOptions("discordWebhookEvents", options, { publicKey: oneOrMore(setting) });
  return defineProvider<
    any,
    DiscordWebhookEnvelope,
    Register<RegistrationOptions, DiscordWebhookRegistration>,
    Signing
  >({
    name: "discord-webhook-events",
    accepts: ["json"],
    authenticator: signature(publicKey),
    events,
    patience: "3s",
    retention: "24h",
    retryWindow: "10m",
    httpsOnly: true,
    statuses: { handled: 204, permanent: 204 },
    decode({ body }) {
      if (typed.parse(body).type === 0) return emptyReply(204);
      const { application_id, event } = envelope.parse(body);
      const { type, timestamp, data } = event;
      return {
        type,
        data,
        key: [type, timestamp, canonicalJson(data ?? null)],
        id: userIn(data) ?? idIn(data, "id"),
        extra: { application_id, timestamp },
      };
    },
    registration({ url, handles }, given) {
      readOptions("registration", given, mountOptions);
      const types = Object.keys(events) as (keyof DiscordWebhookEvents)[];
      return {
        event_webhooks_url: url,
        event_webhooks_status: 2,
        event_webhooks_types: types.filter(handles),
      };
    },
  });
}

/** The user whose app or entitlement it is, or who wrote the message. */
function userIn(data: unknown): Id | undefined {
  return idIn(data, "user", "id") ?? idIn(data, "user_id") ?? idIn(data, "author", "id");
}
