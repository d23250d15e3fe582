/** What comes by the Events API: the names of the events, typed as `@slack/types` has them, and their envelope. */
import type { EventSpec } from "@answerback/core/provider";
/** @ts-ignore an optional peer: without it these are any */
import type { SlackEvent } from "@slack/types";
import { z } from "zod";

/** The names of the events, as of `@slack/types` 3.2. Another one goes to `"*"`. */
export const eventNames = [
  "agent_session_stopped",
  "agent_session_title_changed",
  "app_context_changed",
  "app_deleted",
  "app_home_opened",
  "app_installed",
  "app_mention",
  "app_requested",
  "app_uninstalled",
  "app_uninstalled_team",
  "assistant_thread_context_changed",
  "assistant_thread_started",
  "call_rejected",
  "channel_archive",
  "channel_created",
  "channel_deleted",
  "channel_history_changed",
  "channel_id_changed",
  "channel_left",
  "channel_rename",
  "channel_shared",
  "channel_unarchive",
  "channel_unshared",
  "dnd_updated",
  "dnd_updated_user",
  "email_domain_changed",
  "emoji_changed",
  "entity_details_requested",
  "file_change",
  "file_comment_deleted",
  "file_created",
  "file_deleted",
  "file_public",
  "file_shared",
  "file_unshared",
  "function_executed",
  "grid_migration_finished",
  "grid_migration_started",
  "group_archive",
  "group_close",
  "group_deleted",
  "group_history_changed",
  "group_left",
  "group_open",
  "group_rename",
  "group_unarchive",
  "im_close",
  "im_created",
  "im_history_changed",
  "im_open",
  "invite_requested",
  "link_shared",
  "member_joined_channel",
  "member_left_channel",
  "message",
  "message_metadata_deleted",
  "message_metadata_posted",
  "message_metadata_updated",
  "pin_added",
  "pin_removed",
  "reaction_added",
  "reaction_removed",
  "shared_channel_invite_accepted",
  "shared_channel_invite_approved",
  "shared_channel_invite_declined",
  "shared_channel_invite_received",
  "shared_channel_invite_requested",
  "star_added",
  "star_removed",
  "subteam_created",
  "subteam_members_changed",
  "subteam_self_added",
  "subteam_self_removed",
  "subteam_updated",
  "team_access_granted",
  "team_access_revoked",
  "team_domain_change",
  "team_join",
  "team_rename",
  "tokens_revoked",
  "user_change",
  "user_huddle_changed",
  "user_profile_changed",
  "user_status_changed",
  "workflow_deleted",
  "workflow_published",
  "workflow_step_deleted",
  "workflow_step_execute",
  "workflow_unpublished",
] as const;

/**
 * The events of the Events API by their `type`; the data of each is the inner event. Their types are those of `@slack/types`:
 * Slack is taken at its word.
 *
 * @see {@link https://docs.slack.dev/reference/events Slack's list of events}
 */
export type SlackApiEvents = {
  readonly [Name in (typeof eventNames)[number]]: EventSpec<Extract<SlackEvent, { type: Name }>>;
};

/** The fields of the envelope, which stand beside the data of an event. Commands and interactions have none of them. */
export interface SlackEnvelope {
  /** The workspace in which it happened. */
  readonly team_id?: string | null | undefined;
  /** The organization in which it happened. */
  readonly enterprise_id?: string | null | undefined;
  /** The app that is told. */
  readonly api_app_id?: string | undefined;
  /** The id of the event, the same at each attempt. */
  readonly event_id?: string | undefined;
  /** When it happened: seconds since the epoch. */
  readonly event_time?: number | undefined;
  /** An installation of the app that the event is visible to. */
  readonly authorizations?: readonly SlackAuthorization[] | undefined;
  /** Is its channel shared with another organization? */
  readonly is_ext_shared_channel?: boolean | undefined;
}

/** An installation of the app. */
export interface SlackAuthorization {
  /** Its organization; `null`: none. */
  readonly enterprise_id: string | null;
  /** Its workspace; `null`: the whole organization. */
  readonly team_id: string | null;
  /** Who installed it, or its bot. */
  readonly user_id: string;
  /** Is `user_id` the bot's? */
  readonly is_bot: boolean;
}

const name = z.string().min(1).max(1_000);

/** What every JSON body has. */
export const typed: z.ZodType<{ readonly type: string; readonly [field: string]: unknown }> = z.looseObject({
  type: name,
});

/** What a `url_verification` has. */
export const challenge: z.ZodType<{ readonly challenge: string }> = z.object({ challenge: z.string() });

/** What an `event_callback` has: what its key is made of, and the inner event. */
export const envelope: z.ZodType<Envelope> = z.looseObject({
  event: z.looseObject({ type: name }),
  event_id: name,
  team_id: name.nullish(),
  enterprise_id: name.nullish(),
});

/** An event in its envelope. */
interface Envelope extends SlackEnvelope {
  readonly event: { readonly type: string };
  readonly event_id: string;
  readonly [field: string]: unknown;
}
