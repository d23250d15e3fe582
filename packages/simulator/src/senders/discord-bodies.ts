/** What Discord sends, field by field, each from its seed. */
import { Buffer } from "node:buffer";
import type { Fields } from "../deliveries/delivery.ts";
import { idOf, isObject, parsedObject } from "../lib/json.ts";
import type { Random } from "../lib/random.ts";
import type { Answered } from "../protocols/conclusion.ts";
import type { Make } from "./builder.ts";
import type { TextOptions } from "./simulate.ts";

/** The bodies of one application. */
export function bodiesOf(
  application_id: string,
): Readonly<Record<"ping" | "command" | "component" | "webhookPing" | "webhookEvent", Make>> {
  const interaction = (random: Random, given: Fields, own: Fields): TextOptions => {
    const { guild, user, channel_id } = world(random);
    const json: Fields = {
      app_permissions: "562949953601536",
      application_id,
      attachment_size_limit: 10_485_760,
      authorizing_integration_owners: { "0": guild.id },
      channel: { id: channel_id, guild_id: guild.id, name: "general", type: 0 },
      channel_id,
      context: 0,
      entitlements: [],
      guild,
      guild_id: guild.id,
      guild_locale: "en-US",
      id: snowflake(random),
      locale: random.pick(["en-US", "sv-SE", "de"]),
      member: {
        user,
        nick: null,
        roles: [],
        joined_at: "2024-02-03T10:11:12.345000+00:00",
        permissions: "2248473465835073",
        deaf: false,
        mute: false,
        pending: false,
        flags: 0,
      },
      token: Buffer.from(`interaction:${snowflake(random)}:${random.hex(64)}`).toString("base64url"),
      version: 1,
      ...own,
      ...given,
    };
    return {
      event: eventName(json),
      id: String(json["id"]),
      json,
      headers: agent,
    };
  };
  return {
    command: (random, given) =>
      interaction(random, given, {
        type: 2,
        data: {
          id: snowflake(random),
          name: "crunch",
          type: 1,
          options: [{ name: "text", type: 3, value: random.sentence() }],
        },
      }),
    component: (random, given) =>
      interaction(random, given, {
        type: 3,
        data: { id: 2, component_type: 2, custom_id: "approve" },
        message: {
          id: snowflake(random),
          type: 0,
          content: random.sentence(),
          channel_id: snowflake(random),
          attachments: [],
          components: [],
          embeds: [],
          flags: 0,
        },
      }),
    ping(random, given) {
      const json = {
        application_id,
        entitlements: [],
        id: snowflake(random),
        token: random.hex(64),
        type: 1,
        user: world(random).user,
        version: 1,
        ...given,
      };
      const taken = ({ status, body }: Answered) =>
        status === 200 && (parsedObject(body)?.["type"] === 1 || 'it must be {"type":1}');
      return { event: "PING", json, headers: agent, taken };
    },
    webhookPing: (_, given) => ({
      event: "PING",
      json: { version: 1, application_id, type: 0, ...given },
      headers: agent,
    }),
    webhookEvent(random, given) {
      const { user, guild } = world(random);
      const timestamp = new Date(random.instant()).toISOString().replace("Z", "834");
      const data = { integration_type: 0, scopes: ["applications.commands"], user, guild };
      const event: Fields = { type: "APPLICATION_AUTHORIZED", timestamp, data, ...given };
      const json = { version: 1, application_id, type: 1, event };
      return {
        event: String(event["type"]),
        id: `${timestamp} ${user.id}`,
        json,
        headers: agent,
      };
    },
  };
}

const agent = { "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)" };

function eventName({ data }: Fields): string {
  const { name, custom_id } = isObject(data) ? data : {};
  return name === undefined ? `component ${idOf(custom_id)}` : `command ${idOf(name)}`;
}

function world(random: Random) {
  return {
    guild: { id: snowflake(random), locale: "en-US", features: [] },
    channel_id: snowflake(random),
    user: {
      id: snowflake(random),
      username: random.name().first.toLowerCase(),
      global_name: null,
      avatar: null,
      discriminator: "0",
      public_flags: 0,
    },
  };
}

/** Nineteen digits. */
const snowflake = (random: Random) => `1${random.int(1e8, 9e8)}${random.int(1e8, 9e8)}`;
