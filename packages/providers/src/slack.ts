/** Slack: slash commands and interactions, answered in 3 s or at their `response_url`, and the Events API. */
import {
  canonicalJson,
  defineProvider,
  emptyReply,
  hmacSignature,
  idIn,
  isRecord,
  jsonReply,
  matching,
  oneOrMore,
  parseJson,
  readOptions,
  setting,
  takesAtMost,
  text,
  toJson,
  withDefault,
  type Authenticator,
  type Decoded,
  type DecodedDelivery,
  type EncodableEvent,
  type Encoded,
  type Id,
  type OpenDelivery,
  type PostResponse,
  type Provider,
  type Register,
  type Reply,
  type Secret,
  type Signing,
  type Statuses,
} from "@answerback/core/provider";
import { challenge, envelope, typed, type SlackEnvelope } from "./slack/api-events.ts";
import { events, type SlackEvents } from "./slack/events.ts";
import { sureCommand, surePayload } from "./slack/payloads.ts";
import {
  slackRegistration,
  type SlackRegistration,
  type SlackRegistrationOptions,
} from "./slack/registration.ts";

export type { SlackMessage, SlackOptionsAnswer, SlackViewAnswer } from "./slack/answers.ts";
export type { SlackApiEvents, SlackAuthorization, SlackEnvelope } from "./slack/api-events.ts";
export type { SlackEvents } from "./slack/events.ts";
export type {
  SlackAction,
  SlackBlockActions,
  SlackBlockSuggestion,
  SlackCommand,
  SlackInteraction,
  SlackMessageAction,
  SlackShortcut,
  SlackView,
  SlackViewClosed,
  SlackViewSubmission,
} from "./slack/payloads.ts";
export type { SlackRegistration, SlackRegistrationOptions } from "./slack/registration.ts";

/** What {@link slack} takes. */
export interface SlackOptions {
  /** The app's signing secret, from its page "Basic Information"; a list while it rotates. */
  readonly signingSecret: Secret;
  /** The default name of a receiver, and so the scope of its keys: one for each app. Default `"slack"`. */
  readonly name?: string | undefined;
}

const noToken = matching(
  /^(?!xox|xapp-)/,
  "it is a token of Slack's; give the app's signing secret, from its page \"Basic Information\"",
  setting,
);

/**
 * The provider Slack, for `createReceiver`. One mount takes all: commands, interactions and events.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a signing secret or a name that is none, such as a token; `unknown` for an
 *   option that there is not.
 * @example
 * createReceiver(slack({ signingSecret: process.env.SLACK_SIGNING_SECRET }), {
 *   handle: {
 *     command: async ({ data }) => `Deployed ${await deploy(data.text)}`,
 *     app_mention: ({ data }) => console.log(data.channel, data.text),
 *   },
 * });
 * @see {@link https://docs.slack.dev/interactivity/handling-user-interaction Slack's page on interactions}
 * @see {@link https://docs.slack.dev/apis/events-api Slack's page on the Events API}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.1 slack.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.11 slack.11}
 */
export function slack(
  options: SlackOptions,
): Provider<SlackEvents, SlackEnvelope, Register<SlackRegistrationOptions, SlackRegistration>> & Signing {
  takesAtMost(1, "slack", arguments);
  const { signingSecret, name } = readOptions("slack", options, {
    signingSecret: oneOrMore(noToken),
    name: withDefault(text, "slack"),
  });
  return defineProvider<
    SlackEvents,
    SlackEnvelope,
    Register<SlackRegistrationOptions, SlackRegistration>,
    Signing
  >({
    name,
    accepts: ["form", "json"],
    authenticator: signedOrCheck(signingSecret),
    events,
    patience: "3s",
    answerWithin: "2500ms",
    retention: "7d",
    retryWindow: "24h",
    httpsOnly: true,
    secrets: ["token", "response_url", "trigger_id", "payload"],
    callback: {
      uses: 5,
      inlineSpends: false,
      expires: "30m",
      maxBytes: 1_000_000,
      hosts: ["hooks.slack.com", "hooks.slack-gov.com"],
    },
    registration: slackRegistration,
    decode,
    encode,
    refuse,
    judge,
  });
}

/**
 * Slack signs all but its check of the certificate, a form with `ssl_check=1`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.1 slack.1}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.3 slack.3}
 */
function signedOrCheck(secret: Secret): Authenticator {
  const signed = hmacSignature({
    header: "X-Slack-Signature",
    prefix: "v0=",
    signed: "v0:{timestamp}:{body}",
    timestamp: { header: "X-Slack-Request-Timestamp" },
    secret,
  });
  return {
    ...signed,
    verify: async (delivery) => {
      if (delivery.headers["x-slack-signature"]) return signed.verify(delivery);
      return (await isUnsignedCheck(delivery)) || delivery.deny("no signature of Slack is there");
    },
  };
}

/** Of a stranger no more is read than a check has. */
async function isUnsignedCheck({ headers, body }: OpenDelivery): Promise<boolean> {
  const length = Number(headers["content-length"]?.[0]);
  return length <= longestCheck && isSslCheck(await body().catch(() => undefined));
}

/** Bytes. */
const longestCheck = 1_000;

/** Whatever stands beside it, it is a check and nothing else. */
function isSslCheck(body: unknown): boolean {
  return isRecord(body) && body["ssl_check"] === "1";
}

type Event = Decoded<SlackEnvelope>;

/**
 * What a delivery means: a check, a command or a payload in a form; JSON is the Events API's.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.2 slack.2}
 */
function decode({ format, body, headers }: DecodedDelivery): Event | Reply {
  if (isSslCheck(body)) return emptyReply();
  if (format === "json") return apiEvent(body, headers);
  const { payload } = body as Readonly<Record<string, string | undefined>>;
  return payload === undefined ? slashCommand(body) : interaction(payload);
}

function slashCommand(body: unknown): Event {
  const { token: _token, response_url: callbackUrl, ...data } = sureCommand.parse(body);
  return {
    type: "command",
    data,
    key: ["command", teamOf(data), data.trigger_id],
    id: whoIn(data),
    callbackUrl,
  };
}

/** Only block suggestions, which have no key, come without a `trigger_id` and a view. */
function interaction(payload: string): Event {
  const given = surePayload.parse(parseJson(payload));
  const { token: _token, type, response_url: callbackUrl, ...data } = given;
  const { team, enterprise, trigger_id: trigger, view } = data;
  const what = trigger === undefined ? view && [view.id, view.hash] : [trigger];
  const key = what && [type, team?.id ?? enterprise?.id ?? "", ...what];
  return { type, data, key, id: whoIn(data), callbackUrl };
}

/**
 * An event in its envelope, or a challenge. What is neither is told under its own `type`, such as `app_rate_limited`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.4 slack.4}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.5 slack.5}
 */
function apiEvent(body: unknown, headers: DecodedDelivery["headers"]): Event | Reply {
  const { token: _token, type, ...rest } = typed.parse(body);
  if (type === "url_verification") return jsonReply(challenge.parse(rest));
  if (type !== "event_callback")
    return { type, data: rest, key: [type, canonicalJson(rest)], id: whoIn(rest) };
  const { event, ...extra } = envelope.parse(rest);
  const retry = headers["x-slack-retry-num"]?.[0] ?? "0";
  return {
    type: event.type,
    data: event,
    key: ["event", teamOf(extra), extra.event_id],
    id: whoIn(event) ?? whoIn(extra),
    deliveryAttempt: /^\d$/.test(retry) ? Number(retry) + 1 : undefined,
    extra,
  };
}

/** Who did it: a user; else the channel or the file that it was done to, else the workspace. */
function whoIn(data: unknown): Id | undefined {
  const [who] = whos.flatMap((path) => idIn(data, ...path) ?? []);
  return who;
}

/** The fields with them, which are an id in one event, and an object in another. */
const whos = ["user", "user_id", "channel", "channel_id", "file", "file_id", "team_id"].flatMap((name) => [
  [name],
  [name, "id"],
]);

/** An app that is installed in an organization may be told of no workspace. */
function teamOf({ team_id, enterprise_id }: Pick<SlackEnvelope, "team_id" | "enterprise_id">): string {
  return team_id ?? enterprise_id ?? "";
}

/**
 * How an answer travels. The reply to a command is a message as well; what is said in the reply to an action is not read.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.6 slack.6} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.8 slack.8}
 */
function encode(answer: unknown, { type, callbackUrl, accepted }: EncodableEvent): Encoded {
  const repeat = emptyReply();
  if (answer === undefined) return { reply: repeat };
  const post = accepted ? undefined : postOf(callbackUrl, answer);
  if (type === "command") return { reply: jsonReply(answer), repeat, post };
  if (type !== "block_actions" && type !== "message_action")
    return { reply: jsonReply(answer), droppedWhenLate: Object.keys(answer as object) };
  return { reply: repeat, post, warnings: post ? [] : [unseen(accepted)] };
}

function postOf(url: string | undefined, message: unknown): Encoded["post"] {
  return url === undefined
    ? undefined
    : { url, body: toJson(message), headers: { "content-type": "application/json; charset=utf-8" } };
}

function unseen(accepted: boolean) {
  const why = accepted
    ? "Slack reads no answer in this reply; say it by context.post"
    : "it came without a response_url, as from a view";
  return { code: "callback_dropped", message: `the message was dropped: ${why}` };
}

/**
 * What would be refused again is not sent again.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.9 slack.9}
 */
function refuse(row: keyof Statuses, { code }: { readonly code: string }): Reply | undefined {
  const status = hopeless[row];
  if (status === undefined) return undefined;
  const reply = jsonReply({ code }, status);
  return { ...reply, headers: { ...reply.headers, "x-slack-no-retry": "1" } };
}

const hopeless: Partial<Record<keyof Statuses, number>> = {
  malformed: 400,
  too_large: 413,
  unsupported_media_type: 415,
};

/**
 * A `response_url` may answer `{ "ok": false }` with 200.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#slack.11 slack.11}
 */
function judge({ status, body }: PostResponse): "refused" | undefined {
  return status < 300 && /^\s*\{[^]*"ok"\s*:\s*false\b/.test(body) ? "refused" : undefined;
}
