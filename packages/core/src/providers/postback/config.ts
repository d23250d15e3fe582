/** Postback configs: what is sent to `POST /v2/postbackconfigs`, built from a receiver, and what comes back. */
import { z } from "zod";
import { AnswerbackError } from "../../errors.ts";
import type { Registrant } from "../../registration.ts";
import { OptionError } from "../../option-error.ts";

/** What a receiver cannot know of its config. Names and values are the provider's own. @see register.1 */
export interface PostbackRegistration {
  readonly location_id: string;
  readonly resource: string;
  /** 1 to 5. Default 5: with 1 every 5xx of ours loses the event. */
  readonly number_of_attempts?: number | undefined;
  /** Seconds, 300 to 86,400. Default 300. */
  readonly attempt_interval?: number | undefined;
  /** Default: does the receiver handle the resource's `create` events? Likewise the next two. */
  readonly on_create?: boolean | undefined;
  readonly on_update?: boolean | undefined;
  readonly on_delete?: boolean | undefined;
  /** Default `true`. */
  readonly is_active?: boolean | undefined;
  /** Default `""`. */
  readonly expands?: string | undefined;
  /** Default `"api-default"`. */
  readonly format?: string | undefined;
}

/** The body of `POST /v2/postbackconfigs`. It holds the password. */
export interface PostbackConfigBody {
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

/** What the provider answers: the config as it stands, with its id. Fields that are not listed are kept. */
export interface PostbackConfig {
  readonly id: string;
  readonly resource: string;
  readonly url: string;
  readonly number_of_attempts: number;
  readonly attempt_interval: number;
  readonly [field: string]: unknown;
}

type Flag = "1" | "0";

/** The config of a receiver. Throws a TypeError that names the field and its range. @see register.1 */
export function postbackRegistration(
  { url, basic, handles, warn }: Registrant,
  options: PostbackRegistration,
): PostbackConfigBody {
  const { resource, location_id, expands = "", format = "api-default", is_active = true } = options;
  const number_of_attempts = within("number_of_attempts", options.number_of_attempts ?? 5, [1, 5]);
  const attempt_interval = within("attempt_interval", options.attempt_interval ?? 300, [300, 86_400]);
  for (const [name, value] of Object.entries({ resource, location_id })) {
    if (typeof value !== "string" || !/\S/.test(value))
      throw new OptionError(`registration: ${name}`, "missing", "the config needs it");
  }
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
      ...{ expands, format, is_active: flag(is_active), location_id, number_of_attempts },
      on_create: flag(options.on_create ?? handles(`${resource}.create`)),
      on_delete: flag(options.on_delete ?? handles(`${resource}.delete`)),
      on_update: flag(options.on_update ?? handles(`${resource}.update`)),
      ...{ resource, url },
    },
  };
}

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
 * The config in the provider's answer to `POST /v2/postbackconfigs`.
 *
 * @throws AnswerbackError `malformed` when it is none.
 * @see register.1
 */
export function parsePostbackConfig(response: unknown): PostbackConfig {
  const parsed = answer.safeParse(response);
  if (parsed.success) return parsed.data.postbackconfig;
  throw new AnswerbackError("malformed", "the answer holds no postbackconfig", { cause: parsed.error });
}

function within(name: string, value: number, [least, most]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new OptionError(
    `registration: ${name}`,
    "out_of_range",
    `${value} is not a whole number from ${least} to ${most}`,
  );
}

function flag(value: boolean): Flag {
  return value ? "1" : "0";
}
