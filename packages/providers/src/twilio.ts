/** Twilio: messages and calls, which are answered with TwiML in the reply, and status callbacks. */
import {
  defineProvider,
  emptyReply,
  idIn,
  isRecord,
  isTextId,
  mountOptions,
  oneOrMore,
  readOptions,
  setting,
  takesAtMost,
  type Decoded,
  type DecodedDelivery,
  type EventSpec,
  type Provider,
  type Register,
  type RegistrationOptions,
  type Reply,
  type Secret,
  type Signing,
} from "@answerback/core/provider";
import { z } from "zod";
import { twilioSignature } from "./twilio/signature.ts";

/** What {@link twilio} takes. */
export interface TwilioOptions {
  /** The account's primary auth token, with which Twilio signs; a list while it is promoted. */
  readonly authToken: Secret;
}

/** The fields of a request, under Twilio's names; more come without notice. */
export interface TwilioFields {
  /** The account: `"AC…"`. */
  readonly AccountSid?: string;
  /** Who sent or called: a number, `"+46701234567"`, or an address such as `"whatsapp:+46701234567"`. */
  readonly From?: string;
  /** Who was written to or called: a number or an address, as in `From`. */
  readonly To?: string;
  /** Any other field, as it was sent. */
  readonly [field: string]: string | undefined;
}

/** A message that came in. */
export interface TwilioMessage extends TwilioFields {
  /** The message: `"SM…"` or `"MM…"`. */
  readonly MessageSid: string;
  /** Its text. */
  readonly Body?: string;
}

/** What became of a message of yours. */
export interface TwilioMessageStatus extends TwilioFields {
  /** The sid of the message: `"SM…"` or `"MM…"`. */
  readonly MessageSid: string;
  /** `"queued"`, `"sent"`, `"delivered"`, `"undelivered"`, `"failed"`, `"read"`. */
  readonly MessageStatus: string;
}

/** A call that waits for instructions, or what became of one. */
export interface TwilioCall extends TwilioFields {
  /** The call: `"CA…"`. */
  readonly CallSid: string;
  /** `"ringing"`, `"in-progress"`, `"completed"` and others. */
  readonly CallStatus?: string;
}

/** What became of a recording. */
export interface TwilioRecordingStatus extends TwilioFields {
  /** The recording: `"RE…"`. */
  readonly RecordingSid: string;
  /** `"in-progress"`, `"completed"`, `"absent"`. */
  readonly RecordingStatus: string;
}

/** TwiML, such as `twiml.toString()` of Twilio's package; nothing is an empty `<Response/>`. */
export type TwiML = string | void;

/** Twilio's events. Requests about anything else go to `"*"`. */
export interface TwilioEvents {
  /** A message that came in. */
  readonly message: EventSpec<TwilioMessage, TwiML>;
  /** What became of a message of yours. */
  readonly "message.status": EventSpec<TwilioMessageStatus>;
  /** A call that waits for instructions: a new one, or after `<Gather>`, `<Dial>`, `<Record>`. */
  readonly call: EventSpec<TwilioCall, TwiML>;
  /** What became of a call. */
  readonly "call.status": EventSpec<TwilioCall>;
  /** What became of a recording. */
  readonly "recording.status": EventSpec<TwilioRecordingStatus>;
}

/** The fields beside the data of an event. */
export interface TwilioEnvelope {
  /** The account that the request is about. */
  readonly accountSid?: string | undefined;
}

const twiml = z
  .string()
  .regex(/^\s*<(?:\?xml|Response\b)/, "must be TwiML: <Response>…</Response>, such as twiml.toString()")
  .optional();

const withFields = <Name extends string>(...names: readonly Name[]) =>
  z.intersection(
    z.record(z.string(), z.string()),
    z.object(Object.fromEntries(names.map((name) => [name, z.string().min(1)])) as Record<Name, z.ZodString>),
  );

const events: TwilioEvents = {
  message: { data: withFields("MessageSid"), answer: twiml },
  "message.status": { data: withFields("MessageSid", "MessageStatus") },
  // somebody holds the phone
  call: { data: withFields("CallSid"), answer: twiml, interactive: true },
  "call.status": { data: withFields("CallSid") },
  "recording.status": { data: withFields("RecordingSid", "RecordingStatus") },
};

/**
 * The provider Twilio, for `createReceiver`, whose option `publicUrl` it needs: Twilio signs the address that it was given.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a token that is not there, or is no text; `unknown` for an option
 *   that there is not.
 * @example
 * createReceiver(twilio({ authToken: process.env.TWILIO_AUTH_TOKEN }), {
 *   publicUrl: "https://app.example/twilio",
 *   handle: { message: ({ data }) => `<Response><Message>You said ${data.Body.length} letters</Message></Response>` },
 * });
 * @see {@link https://www.twilio.com/docs/usage/webhooks/webhooks-security}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#twilio.1 twilio.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#twilio.6 twilio.6}
 */
export function twilio(
  options: TwilioOptions,
): Provider<TwilioEvents, TwilioEnvelope, Register<RegistrationOptions, TwilioRegistration>> & Signing {
  takesAtMost(1, "twilio", arguments);
  const { authToken } = readOptions("twilio", options, { authToken: oneOrMore(setting) });
  return defineProvider<
    TwilioEvents,
    TwilioEnvelope,
    Register<RegistrationOptions, TwilioRegistration>,
    Signing
  >({
    name: "twilio",
    accepts: ["form", "json"],
    authenticator: twilioSignature(authToken),
    events,
    patience: "15s",
    answerWithin: "13s",
    retention: "1d",
    retries: false,
    registration(registrant, given) {
      readOptions("registration", given, mountOptions);
      const { url, handles } = registrant;
      return {
        ...(handles("message") && { smsUrl: url, smsMethod: "POST" as const }),
        ...(handles("call") && { voiceUrl: url, voiceMethod: "POST" as const }),
        ...(handles("call.status") && { statusCallback: url, statusCallbackMethod: "POST" as const }),
      };
    },
    decode: ({ body, headers }) => eventIn(body, headers),
    encode(answer, { type }) {
      if (typeof answer === "string") return { reply: xml(answer), droppedWhenLate: ["TwiML"] };
      return { reply: type === "message" || type === "call" ? xml("<Response/>") : emptyReply() };
    },
  });
}

/**
 * What a request is about, by the fields that only its kind has.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#twilio.2 twilio.2}
 */
function eventIn(body: unknown, headers: DecodedDelivery["headers"]): Decoded<TwilioEnvelope> {
  const fields = (isRecord(body) ? body : {}) as TwilioFields;
  const { MessageSid, MessageStatus, CallSid, CallStatus, RecordingSid, RecordingStatus } = fields;
  const [token] = headers["i-twilio-idempotency-token"] ?? [];
  const event = (type: string, ...parts: readonly (string | undefined)[]) => {
    const key = [type, ...parts, token].filter((part) => part !== undefined);
    const isKnown = parts.every(isTextId) && key.length > 1;
    const extra = { accountSid: fields["AccountSid"] };
    return { type, data: body, id: idIn(parts[0]), extra, ...(isKnown && { key }) };
  };
  if (RecordingStatus !== undefined) return event("recording.status", RecordingSid, RecordingStatus);
  if (MessageStatus !== undefined && MessageStatus !== "received")
    return event("message.status", MessageSid, MessageStatus);
  if (MessageSid !== undefined) return event("message", MessageSid);
  if (CallSid === undefined) return event(fields["StatusCallbackEvent"] ?? fields["EventType"] ?? "request");
  const isStatus = fields["CallbackSource"] !== undefined || fields["SequenceNumber"] !== undefined;
  return isStatus ? event("call.status", CallSid, CallStatus) : event("call", CallSid);
}

function xml(body: string): Reply {
  return { status: 200, headers: { "content-type": "text/xml; charset=utf-8" }, body };
}

/** What `incomingPhoneNumbers(sid).update` of Twilio's package takes. */
export interface TwilioRegistration {
  /** Where messages go. */
  readonly smsUrl?: string;
  /** How. */
  readonly smsMethod?: "POST";
  /** Where calls go. */
  readonly voiceUrl?: string;
  /** How. */
  readonly voiceMethod?: "POST";
  /** Where it goes what became of a call. */
  readonly statusCallback?: string;
  /** How. */
  readonly statusCallbackMethod?: "POST";
}
