/** Discord: interactions, answered or deferred in 3 s and edited for 15 minutes; and webhook events. Signed by Ed25519. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
  type KeyObject,
} from "node:crypto";
import { Buffer } from "node:buffer";
import { anything, matching, optional, readOptions } from "@answerback/core/provider";
import { inSeconds } from "../lib/digest.ts";
import { idOf, isObject, parsed, parsedObject } from "../lib/json.ts";
import type { Answered } from "../protocols/conclusion.ts";
import type {
  AnyDelivery,
  CallbackReply,
  CallbackRequest,
  CallbackState,
  Opinion,
  RefusalReason,
  Sign,
} from "../protocols/protocol.ts";
import { textOf } from "../protocols/protocol.ts";
import type { SenderBuilder } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import { bodiesOf } from "./discord-bodies.ts";
import type { Sender } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What Discord has to be told. */
export interface DiscordOptions {
  /** Discord's own Ed25519 key, as PEM or as a key of `node:crypto`. Default: a new one, whose public half is `publicKey`. */
  readonly privateKey?: string | KeyObject;
  /** The id of the application: digits. Default `"1234560123453231555"`. */
  readonly applicationId?: string;
}

/** Discord as a sender. */
export interface Discord {
  /** What the receiver verifies with: 64 hexadecimal digits, as the developer portal shows them. */
  readonly publicKey: string;
  /** The PING that comes before the first interaction. */
  readonly ping: SenderBuilder;
  /** A slash command in a server. Its token takes edits and follow-ups for fifteen minutes. */
  readonly command: SenderBuilder;
  /** A click on a button of a message. */
  readonly component: SenderBuilder;
  /** The PING that comes before the first webhook event. */
  readonly webhookPing: SenderBuilder;
  /** A webhook event: `APPLICATION_AUTHORIZED`, unless `fields` say otherwise. */
  readonly webhookEvent: SenderBuilder;
  /** Interactions and webhook events, for the judge: `scenariosFor(...discord.senders)`. */
  readonly senders: readonly Sender[];
}

/**
 * Discord as a sender.
 *
 * @throws OptionError for a mistake in the options.
 * @example
 * const bot = discord();
 * await play(app, bot.command({ mount: "/discord" }), { callbacks });
 * @see {@link https://docs.discord.com/developers/interactions/receiving-and-responding}
 */
export function discord(options: DiscordOptions = {}): Discord {
  const { privateKey, applicationId = "1234560123453231555" } = readOptions("discord", options, {
    privateKey: anything,
    applicationId: optional(matching(/^\d{1,20}$/, "write its digits")),
  });
  const key = keyOf(privateKey);
  const sign = signature(key);
  const made = bodiesOf(applicationId);
  const common = { name: "discord", patience: "3s", sign, tolerance: "5m" } as const;
  const interactions = simulate({
    ...common,
    taken: answersInteraction,
    callback: {
      urlOf,
      covers,
      uses: Infinity,
      expires: "15m",
      inlineSpends: false,
      acknowledgedFirst: true,
      inline: messageIn,
      judge,
      refusal,
      methods: ["POST", "PATCH", "GET", "DELETE"],
    },
    example: exampleOf(made.command),
    handshakes: [exampleOf(made.ping)(1)],
    answer: { content: "Done" },
  });
  const webhooks = simulate({
    ...common,
    retries: ["10s", "30s", "1m", "2m", "5m"],
    taken: isEmpty204,
    example: exampleOf(made.webhookEvent),
    handshakes: [exampleOf(made.webhookPing)(1)],
  });
  return {
    publicKey: rawPublicKey(key),
    ping: builder(interactions, made.ping),
    command: builder(interactions, made.command),
    component: builder(interactions, made.component),
    webhookPing: builder(webhooks, made.webhookPing),
    webhookEvent: builder(webhooks, made.webhookEvent),
    senders: [interactions, webhooks],
  };
}

function keyOf(given: string | KeyObject | undefined): KeyObject {
  if (given === undefined) return generateKeyPairSync("ed25519").privateKey;
  return typeof given === "string" ? createPrivateKey(given) : given;
}

/** The last 32 bytes of the key as SPKI are the key itself. */
function rawPublicKey(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
}

function signature(key: KeyObject): Sign {
  return ({ body }, { at }) => {
    const timestamp = inSeconds(at);
    const message = Buffer.concat([Buffer.from(timestamp), Buffer.from(body)]);
    return {
      "X-Signature-Ed25519": signBytes(null, message, key).toString("hex"),
      "X-Signature-Timestamp": timestamp,
    };
  };
}

/** An interaction response with its type, or 202 where the app calls `/callback` instead. */
function answersInteraction({ status, body }: Answered): boolean | string {
  if (status === 202) return true;
  const type = parsedObject(body)?.["type"];
  if (status !== 200) return false;
  return [4, 5, 6, 7, 8, 9, 12].includes(Number(type)) || `${JSON.stringify(type)} is no type of a response`;
}

const isEmpty204 = ({ status }: Answered) => status === 204 || "it must be 204, without a body";

/** The webhook of an interaction, by its application and token. */
function urlOf({ body }: AnyDelivery): string | undefined {
  const { application_id, token } = parsedObject(textOf(body)) ?? {};
  if (typeof token !== "string") return undefined;
  return `https://discord.com/api/v10/webhooks/${idOf(application_id)}/${token}`;
}

/** Any version of the API, or none, and the messages under the webhook. */
function covers(url: string, address: string): boolean {
  const [path, base] = [url, address].map((one) =>
    one.replace(/\?.*$/, "").replace(/\/api\/(?:v\d+\/)?/, "/api/"),
  );
  return path === base || path!.startsWith(`${base}/messages/`);
}

/** The message of an answer of type 4, or the update of type 7. */
function messageIn({ body }: Answered): unknown {
  const answer = parsedObject(body);
  return answer?.["type"] === 4 || answer?.["type"] === 7 ? answer["data"] : undefined;
}

function judge(request: CallbackRequest, state: CallbackState): Opinion {
  const { how, method, url, body } = request;
  if (how === "inline") return undefined;
  if (method === "GET" || method === "DELETE")
    return { status: method === "GET" ? 200 : 204, body: {}, spends: false };
  const isFollowUp = !url.includes("/messages/");
  if (isFollowUp !== (method === "POST"))
    return {
      ...error(405, 0, "405: Method Not Allowed"),
      refused: `${method} of ${isFollowUp ? "the webhook" : "a message"}`,
    };
  const message = parsed(body);
  if (!isObject(message))
    return { ...error(400, 50109, "The request body contains invalid JSON."), refused: "not a JSON object" };
  if (
    !["content", "embeds", "components", "attachments", "poll"].some((field) => message[field] !== undefined)
  )
    return { ...error(400, 50006, "Cannot send an empty message"), refused: "an empty message" };
  if (typeof message["content"] === "string" && message["content"].length > 2_000)
    return { ...error(400, 50035, "Invalid Form Body"), refused: "content of more than 2,000 characters" };
  if (isFollowUp && isUserInstalled(state) && followUps(state) >= 5)
    return {
      ...error(400, 40094, "Interaction has reached its limit of follow up messages"),
      refused: "five follow-ups were sent",
    };
  return { status: 200, body: { id: "1", type: 0, ...message } };
}

/** "only contains USER_INSTALL": five follow-ups, and no more. */
function isUserInstalled({ delivery }: CallbackState): boolean {
  const owners = delivery && parsedObject(textOf(delivery.body))?.["authorizing_integration_owners"];
  return isObject(owners) && Object.keys(owners).join() === "1";
}

/** The first POST after a deferral is an edit of the original. */
function followUps({ taken, answer }: CallbackState): number {
  const posts = taken.filter(({ method }) => method === "POST").length;
  return answer && parsedObject(answer.body)?.["type"] === 5 ? posts - 1 : posts;
}

function refusal(why: RefusalReason): CallbackReply {
  if (why === "not acknowledged") return error(404, 10015, "Unknown Webhook");
  if (why === "expired") return error(401, 50027, "Invalid Webhook Token");
  return why === "method" ? error(405, 0, "405: Method Not Allowed") : {};
}

const error = (status: number, code: number, message: string) => ({ status, body: { message, code } });
