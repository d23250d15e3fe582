/** What handlers return, as Slack's pages show it: messages, what becomes of a modal, options. */
/** @ts-ignore an optional peer: without it these are any */
import type { AnyBlock, MessageAttachment, ModalView, Option, OptionGroup } from "@slack/types";
import { z } from "zod";

/**
 * A message that answers a command, an action or a message shortcut: in the reply, or at the `response_url`.
 *
 * @see {@link https://docs.slack.dev/interactivity/handling-user-interaction#message_responses Slack's page on responses}
 */
export interface SlackMessage {
  /** Its text, or what notifications show in the place of its blocks. */
  readonly text?: string | undefined;
  /** Its blocks, at most 50. */
  readonly blocks?: readonly AnyBlock[] | undefined;
  /** Its attachments. */
  readonly attachments?: readonly MessageAttachment[] | undefined;
  /** Who sees it: `"ephemeral"`, the user alone, which is what Slack takes where it is left out; `"in_channel"`, all. */
  readonly response_type?: "ephemeral" | "in_channel" | undefined;
  /** Does it take the place of the message that was acted on? */
  readonly replace_original?: boolean | undefined;
  /** Is the message that was acted on deleted? */
  readonly delete_original?: boolean | undefined;
  /** The thread in which it appears: the `ts` of its first message. */
  readonly thread_ts?: string | undefined;
  /** Is `text` formatted? Slack says yes where it is left out. */
  readonly mrkdwn?: boolean | undefined;
  /** Are links in it unfurled? */
  readonly unfurl_links?: boolean | undefined;
  /** Are links to media in it unfurled? */
  readonly unfurl_media?: boolean | undefined;
}

/**
 * What becomes of a modal that was submitted. Without an answer it closes.
 *
 * @see {@link https://docs.slack.dev/surfaces/modals#updating_views Slack's page on modals}
 */
export type SlackViewAnswer =
  | {
      /** It stays, and shows what is wrong. */
      readonly response_action: "errors";
      /** A sentence by the `block_id` of the input that is wrong. */
      readonly errors: Readonly<Record<string, string>>;
    }
  | {
      /** Another view takes its place, or is shown on top of it. */
      readonly response_action: "update" | "push";
      /** The other view. */
      readonly view: ModalView;
    }
  | {
      /** All modals of the app close. */
      readonly response_action: "clear";
    };

/**
 * The options of a menu, at most 100, or groups of them.
 *
 * @see {@link https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select Slack's page on menus}
 */
export type SlackOptionsAnswer =
  | {
      /** The options. */
      readonly options: readonly Option[];
    }
  | {
      /** The options in groups. */
      readonly option_groups: readonly OptionGroup[];
    };

const object = z.looseObject({});
const list = z.array(object);

const message = z
  .looseObject({
    text: z.string().optional(),
    blocks: list.max(50).optional(),
    attachments: list.optional(),
    response_type: z.enum(["ephemeral", "in_channel"]).optional(),
    replace_original: z.boolean().optional(),
    delete_original: z.boolean().optional(),
    thread_ts: z.string().optional(),
  })
  .refine(
    ({ text, blocks, attachments, delete_original }) => text || blocks || attachments || delete_original,
    "expected text, blocks, attachments or delete_original",
  );

/** A message, or its text, which becomes one; or nothing. */
export const messageAnswer: z.ZodType<string | SlackMessage | undefined> = z.preprocess(
  (answer) => (typeof answer === "string" ? { text: answer } : answer),
  message.optional(),
) as any;

/** What becomes of a modal; or nothing. */
export const viewAnswer: z.ZodType<SlackViewAnswer | undefined> = z
  .discriminatedUnion("response_action", [
    z.looseObject({ response_action: z.literal("errors"), errors: z.record(z.string(), z.string()) }),
    z.looseObject({ response_action: z.enum(["update", "push"]), view: object }),
    z.looseObject({ response_action: z.literal("clear") }),
  ])
  .optional() as z.ZodType<any>;

/** Options, or groups of them; or nothing, which shows none. */
export const optionsAnswer: z.ZodType<SlackOptionsAnswer | undefined> = z
  .looseObject({ options: list.max(100).optional(), option_groups: list.max(100).optional() })
  .refine(({ options, option_groups }) => options ?? option_groups, "expected options or option_groups")
  .optional() as z.ZodType<any>;
