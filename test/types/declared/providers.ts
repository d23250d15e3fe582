/** What apps export of the providers that people have: providers, and receivers of them. */
import { createReceiver } from "@answerback/core";
import { discord, discordWebhookEvents } from "@answerback/providers/discord";
import { github } from "@answerback/providers/github";
import { slack } from "@answerback/providers/slack";
import { standardWebhooks } from "@answerback/providers/standard-webhooks";
import { z } from "zod";

export const commands = slack({ signingSecret: "a-secret" });

export const createCommands = () =>
  createReceiver(commands, {
    handle: {
      command: async ({ data }, { post }) => {
        await post(`Deploying ${data.text}`);
        return { response_type: "in_channel", text: `Deployed ${data.text}` };
      },
    },
  });

export const clerk = standardWebhooks({
  name: "clerk",
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  events: { "user.created": { data: z.looseObject({ id: z.string() }) } },
});

export const users = createReceiver(clerk, {
  handle: { "user.created": ({ data, webhookId }) => console.log(data.id, webhookId) },
});

const publicKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

export const bot = discord({ publicKey });

export const interactions = createReceiver(bot, {
  handle: { APPLICATION_COMMAND: ({ data }) => ({ content: data.name }) },
});

export const webhookEvents = createReceiver(discordWebhookEvents({ publicKey }), {
  handle: { APPLICATION_AUTHORIZED: ({ data }) => console.log(data.user.id) },
});

export const gate = github({ secret: "a-secret" });

export const createGate = () =>
  createReceiver(gate, {
    handle: {
      "issues.opened": ({ data }) => console.log(data.issue.number),
      "deployment_protection_rule.requested": () => ({ state: "approved" }),
    },
  });
