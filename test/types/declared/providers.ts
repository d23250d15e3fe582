/** What apps export of the providers that people have: providers, and receivers of them. */
import { createReceiver } from "@answerback/core";
import { discord, discordWebhookEvents } from "@answerback/providers/discord";
import { github } from "@answerback/providers/github";
import { meta } from "@answerback/providers/meta";
import { shopify } from "@answerback/providers/shopify";
import { slack } from "@answerback/providers/slack";
import { sns } from "@answerback/providers/sns";
import { standardWebhooks } from "@answerback/providers/standard-webhooks";
import { stripe } from "@answerback/providers/stripe";
import { telegram } from "@answerback/providers/telegram";
import { twilio } from "@answerback/providers/twilio";
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

const secret = "a-secret-of-the-endpoint";

export const payments = createReceiver(stripe({ secret }), {
  handle: { "invoice.paid": ({ data, livemode }) => console.log(data.object["id"], livemode) },
});

export const shop = createReceiver(shopify({ clientSecret: secret, moreTopics: ["disputes/create"] }), {
  handle: { "disputes/create": ({ data, shopDomain }) => console.log(data.id, shopDomain) },
});

export const phone = createReceiver(twilio({ authToken: secret }), {
  publicUrl: "https://app.example/twilio",
  handle: { message: ({ data }) => `<Response><Message>${data.Body}</Message></Response>` },
});

export const chats = createReceiver(meta({ appSecret: secret, verifyToken: secret }), {
  handle: { "whatsapp.message": ({ data, metadata }) => console.log(data.text?.body, metadata) },
});

export const updates = createReceiver(telegram({ secretToken: secret }), {
  handle: { message: ({ data }) => ({ method: "sendMessage", chat_id: data.chat.id, text: "Hello!" }) },
});

export const topic = sns({ topicArn: "arn:aws:sns:eu-west-1:123456789012:MyTopic", fetch });

export const notified = createReceiver(topic, {
  handle: { Notification: ({ data }) => console.log(data.Message) },
});
