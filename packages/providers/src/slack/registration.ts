/** Registering with Slack: the part of an app's manifest that names this receiver. */
import {
  mountOptions,
  objectWith,
  optional,
  OptionError,
  readOptions,
  text,
  type Registrant,
  type RegistrationOptions,
} from "@answerback/core/provider";
import { eventNames } from "./api-events.ts";
import { payloads } from "./payloads.ts";

/** What `receiver.registration` takes. */
export interface SlackRegistrationOptions extends RegistrationOptions {
  /** The commands, each with its description: `{ "/deploy": "Deploys a branch" }`. Default: none. */
  readonly commands?: Readonly<Record<string, string>> | undefined;
}

/**
 * The part of the app's manifest that names the receiver: merge it into the one on the app's page "App Manifest".
 *
 * @see {@link https://docs.slack.dev/reference/app-manifest Slack's page on manifests}
 */
export interface SlackRegistration {
  /** What the app has. */
  readonly features: {
    /** The commands that were given. */
    readonly slash_commands: readonly {
      readonly command: string;
      readonly url: string;
      readonly description: string;
    }[];
  };
  /** Where Slack sends. */
  readonly settings: {
    /** Interactions; on, where one has a handler. */
    readonly interactivity: {
      readonly is_enabled: boolean;
      readonly request_url: string;
      readonly message_menu_options_url: string;
    };
    /** The events that have a handler. Those of which a bot may not hear belong into `user_events`. */
    readonly event_subscriptions: { readonly request_url: string; readonly bot_events: readonly string[] };
  };
}

/**
 * The registration of a receiver with Slack. The signing secret is Slack's own, so there is none to register.
 *
 * @throws OptionError `unknown` for an option that there is not; `invalid` for an address that is not https, and for a command
 *   without its slash; `missing`, `empty` or `invalid` for a description that is none.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.11 slack.11}
 */
export function slackRegistration(
  { url, handles }: Registrant,
  options: SlackRegistrationOptions,
): SlackRegistration {
  const { commands = {} } = readOptions("registration", options, {
    ...mountOptions,
    commands: optional(
      objectWith<Record<string, string>>('descriptions by command, such as { "/deploy": "Deploys" }'),
    ),
  });
  if (!url.startsWith("https:"))
    throw new OptionError("registration: url", "invalid", "Slack sends to https addresses only");
  return {
    features: {
      slash_commands: Object.entries(commands).map(([command, description]) => {
        const option = `registration: commands["${command}"]`;
        if (!command.startsWith("/"))
          throw new OptionError(option, "invalid", `write it with its slash: "/${command}"`);
        return { command, url, description: text(option, description) };
      }),
    },
    settings: {
      interactivity: {
        is_enabled: Object.keys(payloads).some(handles),
        request_url: url,
        message_menu_options_url: url,
      },
      event_subscriptions: { request_url: url, bot_events: eventNames.filter(handles) },
    },
  };
}
