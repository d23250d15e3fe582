/** Slack: slash commands and interactivity, answered in 3 s or at their response_url, and events with their challenge. */
import { readOptions, setting } from "@answerback/core/provider";
import { hmac, inSeconds } from "../lib/digest.ts";
import { isObject, parsed, parsedObject } from "../lib/json.ts";
import type { Seen } from "../protocols/conclusion.ts";
import type { CallbackReply, CallbackRequest, Opinion, RefusalReason, Sign } from "../protocols/protocol.ts";
import { textOf } from "../protocols/protocol.ts";
import type { CallbackOptions } from "../protocols/terms.ts";
import type { SenderBuilder } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import { blockActions, command, event, urlVerification, viewSubmission } from "./slack-bodies.ts";
import type { Sender } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What Slack has to be told. */
export interface SlackOptions {
  /** The app's signing secret, which the receiver has, too. */
  readonly signingSecret: string;
}

/** Slack as a sender. */
export interface Slack {
  /** A slash command, a form. Its `response_url` takes five messages in thirty minutes. */
  readonly command: SenderBuilder;
  /** A click on a button: a form whose `payload` is JSON, with a `response_url`. */
  readonly blockActions: SenderBuilder;
  /** A modal that was sent: a form whose `payload` is JSON, without a `response_url`. */
  readonly viewSubmission: SenderBuilder;
  /** An event in its envelope, JSON: an `app_mention`, unless `fields` say otherwise. Sent up to four times. */
  readonly event: SenderBuilder;
  /** The challenge that comes before the first event. */
  readonly urlVerification: SenderBuilder;
  /** Commands, interactions and events, for the judge: `scenariosFor(...slack.senders)`. */
  readonly senders: readonly Sender[];
}

/**
 * Slack as a sender.
 *
 * @throws OptionError for a mistake in the options.
 * @example
 * const acme = slack({ signingSecret });
 * await play(app, acme.command({ mount: "/slack", fields: { text: "weather" } }), { callbacks });
 * @see {@link https://docs.slack.dev/interactivity/handling-user-interaction}
 */
export function slack(options: SlackOptions): Slack {
  const { signingSecret } = readOptions("slack", options, { signingSecret: setting });
  const sign = signature(signingSecret);
  const common = { name: "slack", patience: "3s", sign, tolerance: "5m" } as const;
  const commands = simulate({
    ...common,
    taken: ({ status }) => status === 200,
    callback: {
      ...responseUrl,
      urlOf: ({ body }) => new URLSearchParams(textOf(body)).get("response_url") ?? undefined,
      inline: messageIn,
    },
    example: exampleOf(command),
  });
  const interactions = simulate({
    ...common,
    taken: ({ status }) => status === 200,
    callback: { ...responseUrl, urlOf: ({ body }) => responseUrlIn(textOf(body)) },
    example: exampleOf(blockActions),
  });
  const events = simulate({
    ...common,
    retries: ({ attempt, seen }) =>
      saysNoRetry(seen) ? undefined : (["0s", "1m", "5m"] as const)[attempt - 1],
    again: (delivery, attempt, seen) => ({
      ...delivery,
      headers: { ...delivery.headers, ...retryHeaders(attempt, seen) },
    }),
    example: exampleOf(event),
    handshakes: [exampleOf(urlVerification)(1)],
  });
  return {
    command: builder(commands, command),
    blockActions: builder(interactions, blockActions),
    viewSubmission: builder(interactions, viewSubmission),
    event: builder(events, event),
    urlVerification: builder(events, urlVerification),
    senders: [commands, interactions, events],
  };
}

/** `v0=` and the digest of version, timestamp and body. */
function signature(signingSecret: string): Sign {
  return ({ body }, { at }) => {
    const timestamp = inSeconds(at);
    return {
      "X-Slack-Request-Timestamp": timestamp,
      "X-Slack-Signature": `v0=${hmac({ key: signingSecret, as: "hex" }, `v0:${timestamp}:`, body)}`,
    };
  };
}

/** "up to 5 times within 30 minutes"; an answer in time spends none of them. */
const responseUrl: Omit<CallbackOptions, "urlOf"> = {
  uses: 5,
  expires: "30m",
  inlineSpends: false,
  judge,
  refusal,
};

function judge({ how, headers, body }: CallbackRequest): Opinion {
  if (how === "inline") return undefined;
  const message = headers["content-type"]?.startsWith("application/json") ? parsed(body) : undefined;
  if (!isObject(message)) return { ...error(400, "invalid_payload"), refused: "not a JSON object" };
  const says = ["text", "blocks", "attachments", "delete_original"].some(
    (field) => message[field] !== undefined,
  );
  if (!says) return { ...error(400, "no_text"), refused: "neither text nor blocks" };
  return { status: 200, body: "ok", headers: { "content-type": "text/html" } };
}

/** The names of the errors were seen; the page has none. */
function refusal(why: RefusalReason): CallbackReply {
  if (why === "already used") return error(404, "used_url");
  return why === "expired" ? error(404, "expired_url") : {};
}

const error = (status: number, name: string) => ({ status, body: { ok: false, error: name } });

/** The message in an answer: plain text, or JSON that says something. */
function messageIn({ body }: { readonly body: string }): unknown {
  const message = body.trim() === "" ? undefined : (parsedObject(body) ?? { text: body });
  return message && (message["text"] !== undefined || message["blocks"] !== undefined) ? message : undefined;
}

function responseUrlIn(form: string): string | undefined {
  const url = parsedObject(new URLSearchParams(form).get("payload") ?? "")?.["response_url"];
  return typeof url === "string" ? url : undefined;
}

const saysNoRetry = (seen: Seen) => seen.kind === "answered" && seen.headers["x-slack-no-retry"] === "1";

function retryHeaders(attempt: number, seen: Seen | undefined): Record<string, string> {
  const reasons = {
    answered: "http_error",
    "timed out": "http_timeout",
    "connection lost": "connection_failed",
    refused: "connection_failed",
  };
  const reason = seen ? reasons[seen.kind] : "unknown_error";
  return { "X-Slack-Retry-Num": String(attempt - 1), "X-Slack-Retry-Reason": reason };
}
