/** Discord's interactions and answers are typed by discord-api-types. */
import { createReceiver, later } from "@answerback/core";
import { discord, discordWebhookEvents } from "@answerback/providers/discord";
import { ComponentType, InteractionResponseType, MessageFlags } from "discord-api-types/v10";

const publicKey = process.env["DISCORD_PUBLIC_KEY"];
const provider = discord({ publicKey, ephemeral: ({ type }) => type === "APPLICATION_COMMAND" });

createReceiver(provider, {
  handle: {
    APPLICATION_COMMAND: ({ data, locale, id, guild_id }) => ({
      content: `${data.name satisfies string} ${locale} ${id satisfies string} ${guild_id}`,
      flags: MessageFlags.SuppressEmbeds,
    }),
    MESSAGE_COMPONENT: ({ data, message }) => {
      if (data.custom_id === "leave") return;
      if (data.custom_id === "more") return later({ flags: 64 });
      if (data.component_type === ComponentType.Button)
        return { type: InteractionResponseType.ChannelMessageWithSource, data: { content: "Hi" } };
      return { content: message?.content ?? "" };
    },
    APPLICATION_COMMAND_AUTOCOMPLETE: ({ data }) => ({
      choices: data.options.map(({ name }) => ({ name, value: name })),
    }),
    MODAL_SUBMIT: () => ({ type: 7, data: { content: "Hi" } }),
  },
});

createReceiver(provider, {
  handle: {
    // @ts-expect-error: a command has to be answered
    APPLICATION_COMMAND: () => {},
  },
});

createReceiver(provider, {
  handle: {
    // @ts-expect-error: it is content
    APPLICATION_COMMAND: () => ({ contents: "Hi" }),
  },
});

createReceiver(provider, {
  handle: {
    // @ts-expect-error: the token is a secret
    APPLICATION_COMMAND: ({ token }) => ({ content: token }),
  },
});

createReceiver(discordWebhookEvents({ publicKey }), {
  handle: {
    APPLICATION_AUTHORIZED: ({ data, timestamp }) => void [data.user.id, timestamp satisfies string],
    LOBBY_MESSAGE_CREATE: ({ data }) => void data,
  },
});
