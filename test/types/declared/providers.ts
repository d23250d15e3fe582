/** What apps export of the providers that people have: providers, and receivers of them. */
import { createReceiver } from "@answerback/core";
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
