/** What comes as a form: slash commands, and the payloads of interactions. */
import { isTextId } from "@answerback/core/provider";
import { z } from "zod";

/**
 * A slash command as it was typed.
 *
 * @see {@link https://docs.slack.dev/interactivity/implementing-slash-commands Slack's page on slash commands}
 */
export interface SlackCommand {
  /** The command with its slash: `"/deploy"`. */
  readonly command: string;
  /** What was typed behind it; `""`: nothing. */
  readonly text: string;
  /** Opens a modal, within 3 s. */
  readonly trigger_id: string;
  /** Who typed it. */
  readonly user_id: string;
  /** Where it was typed. */
  readonly channel_id: string;
  /** The workspace in which it was typed. */
  readonly team_id: string;
  /** The organization in which it was typed. */
  readonly enterprise_id?: string | undefined;
  /** The app that has the command. */
  readonly api_app_id?: string | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/**
 * What the payloads of all interactions have.
 *
 * @see {@link https://docs.slack.dev/reference/interaction-payloads Slack's list of payloads}
 */
export interface SlackInteraction {
  /** The user who did it. */
  readonly user: { readonly id: string; readonly [field: string]: unknown };
  /** The workspace in which it was done; `null`: the app is the whole organization's. */
  readonly team?: { readonly id: string; readonly [field: string]: unknown } | null | undefined;
  /** The organization in which it was done. */
  readonly enterprise?: { readonly id: string; readonly [field: string]: unknown } | null | undefined;
  /** The app that is told. */
  readonly api_app_id?: string | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** Somebody used a button, a menu or another element of a message, a modal or a Home tab. */
export interface SlackBlockActions extends SlackInteraction {
  /** Opens a modal, within 3 s. */
  readonly trigger_id: string;
  /** What was used. */
  readonly actions: readonly SlackAction[];
  /** The message that it is in; `undefined`: it is in a view. */
  readonly message?: { readonly ts: string; readonly [field: string]: unknown } | undefined;
  /** The channel of the message. */
  readonly channel?: { readonly id: string; readonly [field: string]: unknown } | undefined;
  /** The view that it is in. */
  readonly view?: SlackView | undefined;
}

/** An element that was used. What was chosen stands under a name of its kind: `value`, `selected_option`, `selected_date`. */
export interface SlackAction {
  /** Its kind: `"button"`. */
  readonly type: string;
  /** The app's name for it. */
  readonly action_id: string;
  /** The app's name for its block. */
  readonly block_id: string;
  /** The value of a button. */
  readonly value?: string | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** A modal or a Home tab, as it was when it was used. */
export interface SlackView {
  /** Slack's id of it. */
  readonly id: string;
  /** Changes with each update of the view. */
  readonly hash: string;
  /** The app's name for it. */
  readonly callback_id?: string | undefined;
  /** What the app put in when it opened it. */
  readonly private_metadata?: string | undefined;
  /** What was put in, by `block_id` and `action_id`. */
  readonly state?: { readonly values: Readonly<Record<string, Readonly<Record<string, any>>>> } | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

/** Somebody submitted a modal. */
export interface SlackViewSubmission extends SlackInteraction {
  /** The modal, with what was put in. */
  readonly view: SlackView;
  /** Opens a modal, within 3 s. */
  readonly trigger_id?: string | undefined;
}

/** Somebody closed a modal that was opened with `notify_on_close`. */
export interface SlackViewClosed extends SlackInteraction {
  /** The modal. */
  readonly view: SlackView;
  /** Were all modals of the app closed? */
  readonly is_cleared: boolean;
}

/** Somebody used a shortcut, which belongs to no message. */
export interface SlackShortcut extends SlackInteraction {
  /** The app's name for it. */
  readonly callback_id: string;
  /** Opens a modal, within 3 s. */
  readonly trigger_id: string;
}

/** Somebody used a shortcut in the menu of a message. */
export interface SlackMessageAction extends SlackShortcut {
  /** The message. */
  readonly message: { readonly ts: string; readonly [field: string]: unknown };
  /** The channel of the message. */
  readonly channel: { readonly id: string; readonly [field: string]: unknown };
}

/** Somebody types into a menu whose options the app has. */
export interface SlackBlockSuggestion extends SlackInteraction {
  /** The app's name for the menu. */
  readonly action_id: string;
  /** The app's name for its block. */
  readonly block_id: string;
  /** What was typed so far. */
  readonly value: string;
}

/** A command before its other fields are looked at. */
interface SureCommand extends Pick<SlackCommand, "command" | "trigger_id" | "enterprise_id"> {
  readonly team_id?: string | undefined;
  readonly response_url?: string | undefined;
  readonly [field: string]: unknown;
}

/** A payload before its type is looked at. */
export interface Payload extends SlackInteraction {
  readonly type: string;
  readonly trigger_id?: string | undefined;
  readonly view?: { readonly id: string; readonly hash: string } | undefined;
  readonly response_url?: string | undefined;
}

const id = z.custom<string>(isTextId, "must be a string that is not blank, of at most 1,000 characters");
const withId = z.looseObject({ id });
const view = z.looseObject({ id, hash: z.string() });
const interaction = { user: withId, team: withId.nullish(), enterprise: withId.nullish() };

/** What is sure of a command: what its key is made of, and its address. */
export const sureCommand: z.ZodType<SureCommand> = z.looseObject({
  command: id,
  trigger_id: id,
  team_id: id.optional(),
  enterprise_id: id.optional(),
  response_url: z.string().optional(),
});

/** What is sure of a payload: its type, who did it, and what its key is made of. */
export const surePayload: z.ZodType<Payload> = z.looseObject({
  ...interaction,
  type: id,
  trigger_id: id.optional(),
  view: view.optional(),
  response_url: z.string().optional(),
});

/** A command as it is documented. */
export const command: z.ZodType<SlackCommand> = z.looseObject({
  command: id,
  text: z.string(),
  trigger_id: id,
  user_id: id,
  channel_id: id,
  team_id: id,
});

/** The payloads as they are documented, by their type. */
export const payloads: Payloads = {
  block_actions: z.looseObject({
    ...interaction,
    trigger_id: id,
    actions: z.array(z.looseObject({ type: id, action_id: id, block_id: id })),
  }),
  view_submission: z.looseObject({ ...interaction, view }),
  view_closed: z.looseObject({ ...interaction, view, is_cleared: z.boolean() }),
  shortcut: z.looseObject({ ...interaction, callback_id: id, trigger_id: id }),
  message_action: z.looseObject({
    ...interaction,
    callback_id: id,
    trigger_id: id,
    message: z.looseObject({ ts: id }),
    channel: withId,
  }),
  block_suggestion: z.looseObject({ ...interaction, action_id: id, block_id: id, value: z.string() }),
};

/** Their schemas. */
interface Payloads {
  readonly block_actions: z.ZodType<SlackBlockActions>;
  readonly view_submission: z.ZodType<SlackViewSubmission>;
  readonly view_closed: z.ZodType<SlackViewClosed>;
  readonly shortcut: z.ZodType<SlackShortcut>;
  readonly message_action: z.ZodType<SlackMessageAction>;
  readonly block_suggestion: z.ZodType<SlackBlockSuggestion>;
}
