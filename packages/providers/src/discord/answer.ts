/** How the answer to an interaction travels: in the reply, or, once a reply has deferred it, as an edit or a message. */
import { AnswerbackError, emptyReply, isRecord, jsonReply, toJson } from "@answerback/core/provider";
import type { EncodableEvent, Encoded, Post, Reply } from "@answerback/core/provider";
/** @ts-ignore an optional peer: without it these are any */
import type {
  APIApplicationCommandAutocompleteResponse,
  APICommandAutocompleteInteractionResponseCallbackData,
  APIInteractionResponseCallbackData,
  APIInteractionResponseChannelMessageWithSource,
  APIInteractionResponseDeferredMessageUpdate,
  APIInteractionResponseLaunchActivity,
  APIInteractionResponseUpdateMessage,
  APIModalInteractionResponse,
} from "discord-api-types/v10";
import { z } from "zod";

/**
 * A message: it answers a command, and updates the message that a component is on.
 *
 * @see {@link https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-messages}
 */
export type DiscordMessage = APIInteractionResponseCallbackData;

/** A whole interaction response with a new message, type 4, or with an activity, type 12. */
export type DiscordResponse =
  APIInteractionResponseChannelMessageWithSource | APIInteractionResponseLaunchActivity;

/** A whole interaction response that updates the message of a component, type 7, or leaves it as it is, type 6. */
export type DiscordUpdate = APIInteractionResponseUpdateMessage | APIInteractionResponseDeferredMessageUpdate;

/** A whole interaction response that shows a modal, type 9. */
export type DiscordModal = APIModalInteractionResponse;

/** The choices that are offered to who types an option, at most 25; or the whole interaction response, type 8. */
export type DiscordChoices =
  APICommandAutocompleteInteractionResponseCallbackData | APIApplicationCommandAutocompleteResponse;

const message = {
  content: z.string().max(2_000).nullish(),
  embeds: z.array(z.looseObject({})).max(10).nullish(),
  components: z.array(z.looseObject({})).nullish(),
  attachments: z.array(z.looseObject({})).nullish(),
  poll: z.looseObject({}).nullish(),
  allowed_mentions: z.looseObject({}).nullish(),
  flags: z.int().min(0).optional(),
};

/** The schema of a message, or of a response of one of these types. */
export const responseOf = (...types: [number, ...number[]]): z.ZodType<any> =>
  z.looseObject({ ...message, type: z.literal(types).optional(), data: z.looseObject(message).optional() });

const offered = { choices: z.array(z.looseObject({})).max(25).optional() };

/** The schema of choices, or of a response with them. */
export const choices: z.ZodType<any> = z.looseObject({
  ...offered,
  type: z.literal(8).optional(),
  data: z.looseObject(offered).optional(),
});

/** An answer as its schema leaves it. */
type Answer = Readonly<Record<string, unknown>>;

/** An interaction response: of which type, and with which data. */
interface Response {
  readonly type: number;
  readonly data?: Answer | undefined;
}

/**
 * Makes `encode`.
 *
 * @param isEphemeral Does the user alone see the answer to this command?
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.3 discord.3}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.4 discord.4}
 */
export function createEncode(isEphemeral: (event: EncodableEvent) => boolean) {
  return (answer: unknown, event: EncodableEvent): Encoded => {
    const given = isRecord(answer) ? answer : undefined;
    if (!takesMessage(event)) return { reply: offer(given) };
    if (event.accepted) return { reply: jsonReply(deferral(given, event, isEphemeral)) };
    if (!given) return { reply: unanswered(event) };
    return encodeResponse(responseTo(given, event, isEphemeral), event);
  };
}

/** May it be answered with a message? Who types an option is offered choices. */
export function takesMessage({ type }: EncodableEvent): boolean {
  return type !== "APPLICATION_COMMAND_AUTOCOMPLETE";
}

/** The message that tells the user, and nobody else, that there will be no answer: a new one, whatever it answers. */
export function encodeFailure(data: DiscordMessage, event: EncodableEvent): Encoded {
  return encodeResponse({ type: 4, data: withFlag({ ...data }, ephemeralFlag) }, event);
}

function offer(answer: Answer | undefined): Reply {
  if (answer?.["type"] !== undefined) return jsonReply(answer);
  return jsonReply({ type: 8, data: answer ?? { choices: [] } });
}

/**
 * The reply that defers the answer: a loading message, or nothing to be seen where a message is to be updated.
 *
 * @param given What `later()` was given: flags, or a whole response of type 5 or 6.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.5 discord.5}
 */
function deferral(
  given: Answer | undefined,
  event: EncodableEvent,
  isEphemeral: (event: EncodableEvent) => boolean,
): Response {
  if (!given && updates(event)) return { type: 6 };
  if (!given) return isEphemeral(event) ? { type: 5, data: { flags: ephemeralFlag } } : { type: 5 };
  const { type = 5, data = given } = given as Partial<Response>;
  if (type === 6 && updates(event)) return { type };
  if (type !== 5 || Object.keys(data).some((name) => name !== "flags" && name !== "type"))
    throw wrong("Discord takes no answer with a deferral; give later() { flags: 64 }, or nothing");
  return typeof data["flags"] === "number" ? { type, data: { flags: data["flags"] } } : { type };
}

/** Nothing to say: the message of a component stays as it is; of a command Discord says that nobody responded. */
function unanswered(event: EncodableEvent): Reply {
  return updates(event) ? jsonReply({ type: 6 }) : emptyReply();
}

/** The response that an answer is, or is the data of. */
function responseTo(
  answer: Answer,
  event: EncodableEvent,
  isEphemeral: (event: EncodableEvent) => boolean,
): Response {
  const isWhole = answer["type"] !== undefined;
  const response = isWhole ? (answer as unknown as Response) : { type: updates(event) ? 7 : 4, data: answer };
  const { type, data } = response;
  return type === 4 && data && isEphemeral(event) ? { type, data: withFlag(data, ephemeralFlag) } : response;
}

function encodeResponse(response: Response, event: EncodableEvent): Encoded {
  const { type, data = {} } = response;
  if (type === 5) throw wrong("type 5 defers an answer: return later(), and the answer by receiver.answer");
  if ((type === 6 || type === 7) && !updates(event))
    throw wrong(`type ${type} is about the message of a component, and there is none`);
  if (type === 9 || type === 12) return { reply: jsonReply(response), droppedWhenLate: [`type ${type}`] };
  if (type === 6) return { reply: jsonReply({ type }) };
  if (!contents.some((name) => data[name] !== undefined && data[name] !== null))
    throw wrong(`the message is empty; Discord needs one of ${contents.join(", ")}`);
  return {
    reply: jsonReply(response),
    repeat: jsonReply({ type: updates(event) ? 6 : 5 }),
    ...(type === 4 && updates(event) ? followUp(data, event) : edit(data, event)),
  };
}

/** What makes a message of more than nothing. */
const contents = ["content", "embeds", "components", "attachments", "poll"] as const;

/** A new message, beside that of the component. */
function followUp(data: Answer, event: EncodableEvent): Pick<Encoded, "post"> {
  return { post: post(event, { path: "", method: "POST" }, data) };
}

/**
 * An edit of the message that the reply deferred. It may set two flags; whether the user alone sees it, the reply has said.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#discord.6 discord.6}
 */
function edit(
  { tts, flags, ...data }: Answer,
  event: EncodableEvent,
): Pick<Encoded, "post" | "droppedWhenLate"> {
  const given = typeof flags === "number" ? flags : 0;
  const kept = flags === undefined ? data : { ...data, flags: given & editableFlags };
  return {
    post: post(event, { path: "/messages/@original", method: "PATCH" }, kept),
    droppedWhenLate: tts ? ["tts"] : [],
  };
}

function post(
  { callbackUrl = "" }: EncodableEvent,
  { path, method }: { readonly path: string; readonly method: "POST" | "PATCH" },
  data: Answer,
): Post {
  const headers = { "content-type": "application/json", "user-agent": userAgent };
  return { url: callbackUrl + path, method, body: toJson(data), headers };
}

/** Discord wants to be told an address and a version. */
const userAgent = "DiscordBot (https://github.com/answerback/answerback, 0)";

/** Is there a message that an answer updates? There is with a component, and with a modal that a component has shown. */
function updates({ message: shown }: EncodableEvent): boolean {
  return shown !== undefined;
}

/** Only the user sees the message. */
const ephemeralFlag = 1 << 6;

/** `SUPPRESS_EMBEDS` and `IS_COMPONENTS_V2`. */
const editableFlags = (1 << 2) | (1 << 15);

function withFlag(data: Answer, flag: number): Answer {
  return { ...data, flags: (typeof data["flags"] === "number" ? data["flags"] : 0) | flag };
}

function wrong(why: string): AnswerbackError {
  return new AnswerbackError("invalid_answer", why);
}
