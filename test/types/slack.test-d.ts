/** What compiles and what does not of Slack's handlers; and that every event of `@slack/types` is listed. */
import { createReceiver, later } from "@answerback/core";
import { slack, type SlackEvents } from "@answerback/providers/slack";
import type { types } from "@slack/bolt";

const provider = slack({ signingSecret: process.env["SLACK_SIGNING_SECRET"] });

// the type of the event types its data, and what may be returned
createReceiver(provider, {
  handle: {
    command: async ({ data }, { post }) => {
      await post(`Working on ${data.text satisfies string}`);
      return { response_type: "in_channel", text: data.command, blocks: [{ type: "divider" }] };
    },
    block_actions: ({ data }) => data.actions.map(({ value }) => value).join(),
    message_action: () => later(),
    view_submission: ({ data }) =>
      data.view.callback_id ? { response_action: "clear" } : { response_action: "errors", errors: {} },
    block_suggestion: () => ({ options: [{ text: { type: "plain_text", text: "Berlin" }, value: "ber" }] }),
    app_mention: ({ data, event_id }) =>
      void [data.text satisfies string, event_id satisfies string | undefined],
    message: ({ data }) =>
      void (data.subtype === "message_deleted" && (data.previous_message satisfies object)),
    "*": ({ name }) => void name,
  },
});

createReceiver(provider, {
  // @ts-expect-error a message has no field tekst
  handle: { command: () => ({ tekst: "Deployed." }) },
});

createReceiver(provider, {
  // @ts-expect-error a message is for everybody or for one
  handle: { command: async () => ({ text: "Deployed.", response_type: "public" }) },
});

createReceiver(provider, {
  // @ts-expect-error a modal is told what becomes of it, not a message
  handle: { view_submission: () => ({ text: "Thank you." }) },
});

// @ts-expect-error there is no such event
createReceiver(provider, { handle: { slash_command: () => {} } });

/** Told by its outer type, it goes to `"*"`. */
type Outer = "app_rate_limited";
type Unlisted = Exclude<types.SlackEvent["type"], keyof SlackEvents | Outer>;
null! as Unlisted satisfies never;
