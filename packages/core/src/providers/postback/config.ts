/** Postback configs: what is sent to `POST /v2/postbackconfigs`, built from a receiver, and what comes back. */
import { z } from "../../decoding/zod.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { flag, optional, text, textOr, wholeNumberIn, withDefault, type Kind } from "../../contract/kinds.ts";
import { readOptions } from "../../contract/read-options.ts";
import { mountOptions, type Registrant, type RegistrationOptions } from "../../contract/registration.ts";

/**
 * The fields of a config that a receiver cannot know, under the provider's own names.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.1 register.1}
 */
export interface PostbackRegistration {
  /** The id of the location whose events are sent: `"23948sdnfia1129i9asf92"`. */
  readonly location_id: string;
  /** The name of the resource: `"contact"`. One config is for one resource. */
  readonly resource: string;
  /** How often an event is sent at most, 1 to 5. Default 5: with 1 our first 5xx loses the event. */
  readonly number_of_attempts?: number | undefined;
  /** The time between two attempts: seconds, 300 to 86,400. Default 300. */
  readonly attempt_interval?: number | undefined;
  /** Send an event when a record is created. Default: if the receiver has a handler for it. */
  readonly on_create?: boolean | undefined;
  /** Send an event when a record is updated. Default: if the receiver has a handler for it. */
  readonly on_update?: boolean | undefined;
  /** Send an event when a record is deleted. Default: if the receiver has a handler for it. */
  readonly on_delete?: boolean | undefined;
  /** Is the config in force? Default `true`. */
  readonly is_active?: boolean | undefined;
  /** As the Postbackconfigs endpoint takes it. Default `""`, as in the sample on the provider's page. */
  readonly expands?: string | undefined;
  /** As the Postbackconfigs endpoint takes it. Default `"api-default"`, as in the sample on the provider's page. */
  readonly format?: string | undefined;
}

/** The body of `POST /v2/postbackconfigs`. It holds the password. */
export interface PostbackConfigBody {
  /** The config, all fields given; flags are `"1"` and `"0"`. */
  readonly postbackconfig: {
    readonly attempt_interval: number;
    readonly basic_auth_username: string | null;
    readonly basic_auth_password: string | null;
    readonly expands: string;
    readonly format: string;
    readonly is_active: Flag;
    readonly location_id: string;
    readonly number_of_attempts: number;
    readonly on_create: Flag;
    readonly on_delete: Flag;
    readonly on_update: Flag;
    readonly resource: string;
    readonly url: string;
  };
}

/**
 * A config as the provider answers with it. Fields that are not listed are kept.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.1 register.1}
 */
export interface PostbackConfig {
  /** The id that the provider gave the config: `"1028asnfias9f2j9sddf92jrwfskd"`. */
  readonly id: string;
  /** The name of the resource: `"contact"`. */
  readonly resource: string;
  /** The URL that events are posted to. */
  readonly url: string;
  /** How often an event is sent at most. */
  readonly number_of_attempts: number;
  /** The time between two attempts: seconds. */
  readonly attempt_interval: number;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

type Flag = "1" | "0";

/**
 * The config of a receiver.
 *
 * @throws OptionError `unknown` for an option that there is not; `missing` without a resource or a location, `empty` for a
 *   blank one; for `number_of_attempts` and `attempt_interval` `invalid` for what is no whole number, `out_of_range` for a
 *   number beyond the bounds.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.1 register.1}
 */
export function postbackRegistration(
  registrant: Registrant,
  options: RegistrationOptions & PostbackRegistration,
): PostbackConfigBody {
  const given = readOptions("registration", options, known);
  const { url, basic, handles, warn } = registrant;
  const { attempt_interval, expands, format, location_id, number_of_attempts, resource } = given;
  if (number_of_attempts < 3) {
    const message = `postback: with number_of_attempts ${number_of_attempts} an event is lost at our ${number_of_attempts === 1 ? "first" : "second"} failure; register at least 3`;
    warn({ code: "few_attempts", message });
  }
  return {
    postbackconfig: {
      ...{
        attempt_interval,
        basic_auth_username: basic?.username ?? null,
        basic_auth_password: basic?.password ?? null,
      },
      ...{ expands, format, is_active: flagOf(given.is_active), location_id, number_of_attempts },
      on_create: flagOf(given.on_create ?? handles(`${resource}.create`)),
      on_delete: flagOf(given.on_delete ?? handles(`${resource}.delete`)),
      on_update: flagOf(given.on_update ?? handles(`${resource}.update`)),
      ...{ resource, url },
    },
  };
}

const needed = textOr("the config needs it");

const notBlank: Kind<string> = (option, value) => {
  const given = needed(option, value);
  return /\S/.test(given) ? given : needed(option, "");
};

const textOrEmpty: Kind<string> = (option, value) => (value === "" ? "" : text(option, value));

const known = {
  ...mountOptions,
  location_id: notBlank,
  resource: notBlank,
  number_of_attempts: withDefault(wholeNumberIn(1, 5), 5),
  attempt_interval: withDefault(wholeNumberIn(300, 86_400), 300),
  on_create: optional(flag),
  on_update: optional(flag),
  on_delete: optional(flag),
  is_active: withDefault(flag, true),
  expands: withDefault(textOrEmpty, ""),
  format: withDefault(textOrEmpty, "api-default"),
};

const answer = z.looseObject({
  postbackconfig: z.looseObject({
    id: z.string().min(1),
    resource: z.string(),
    url: z.string(),
    number_of_attempts: z.number(),
    attempt_interval: z.number(),
  }),
});

/**
 * Reads the config in the provider's answer to `POST /v2/postbackconfigs`.
 *
 * @param response The body of the answer, parsed.
 * @throws AnswerbackError `malformed` when it holds no config.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.1 register.1}
 */
export function parsePostbackConfig(response: unknown): PostbackConfig {
  const parsed = answer.safeParse(response);
  if (parsed.success) return parsed.data.postbackconfig;
  throw new AnswerbackError("malformed", "the answer holds no postbackconfig", { cause: parsed.error });
}

function flagOf(value: boolean): Flag {
  return value ? "1" : "0";
}
