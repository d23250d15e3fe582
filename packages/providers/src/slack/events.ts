/** Slack's events by type: commands, interactions with what they are answered with, and what comes by the Events API. */
import type { EventSpec } from "@answerback/core/provider";
import { z } from "zod";
import {
  messageAnswer,
  optionsAnswer,
  viewAnswer,
  type SlackMessage,
  type SlackOptionsAnswer,
  type SlackViewAnswer,
} from "./answers.ts";
import { eventNames, type SlackApiEvents } from "./api-events.ts";
import {
  command,
  payloads,
  sureCommand,
  type SlackBlockActions,
  type SlackBlockSuggestion,
  type SlackCommand,
  type SlackMessageAction,
  type SlackShortcut,
  type SlackViewClosed,
  type SlackViewSubmission,
} from "./payloads.ts";

/**
 * The events of Slack. A command has one type, whatever its name, which is `data.command`; an interaction has the `type` of its
 * payload; an event of the Events API has the `type` of the inner event.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.2 slack.2}
 */
export interface SlackEvents extends SlackApiEvents {
  /** A slash command, answered with a message: in time in the reply, else at its `response_url`. */
  readonly command: EventSpec<SlackCommand, string | SlackMessage | undefined>;
  /** An element was used. Its answer is posted to its `response_url`; without one, from a view, there is nowhere to post to. */
  readonly block_actions: EventSpec<SlackBlockActions, string | SlackMessage | undefined>;
  /** A shortcut of a message. Its answer is posted to its `response_url`. */
  readonly message_action: EventSpec<SlackMessageAction, string | SlackMessage | undefined>;
  /** A modal was submitted. Without an answer, or with one that comes late, it closes. */
  readonly view_submission: EventSpec<SlackViewSubmission, SlackViewAnswer | undefined>;
  /** Somebody types into a menu, and waits for its options. */
  readonly block_suggestion: EventSpec<SlackBlockSuggestion, SlackOptionsAnswer | undefined>;
  /** A modal was closed. */
  readonly view_closed: EventSpec<SlackViewClosed>;
  /** A shortcut was used. */
  readonly shortcut: EventSpec<SlackShortcut>;
}

// what is sure of a payload was checked before its type was looked at
const sure = z.looseObject({});
const once = { sure, retries: false } as const;

const interactions: Omit<SlackEvents, keyof SlackApiEvents> = {
  command: { data: command, sure: sureCommand, answer: messageAnswer, retries: false },
  block_actions: { data: payloads.block_actions, answer: messageAnswer, ...once },
  message_action: { data: payloads.message_action, answer: messageAnswer, ...once },
  view_submission: { data: payloads.view_submission, answer: viewAnswer, ...once },
  block_suggestion: { data: payloads.block_suggestion, answer: optionsAnswer, interactive: true, ...once },
  view_closed: { data: payloads.view_closed, ...once },
  shortcut: { data: payloads.shortcut, ...once },
};

/** All of them. Slack is taken at its word for the data of the Events API. */
export const events: SlackEvents = {
  ...(Object.fromEntries(eventNames.map((name) => [name, {}])) as SlackApiEvents),
  ...interactions,
};
