/** Twilio: flat forms, signed over the registered address and the fields, answered with TwiML in fifteen seconds. */
import { optional, readOptions, setting, text } from "@answerback/core/provider";
import { hmac } from "../lib/digest.ts";
import type { Random } from "../lib/random.ts";
import type { Sign } from "../protocols/protocol.ts";
import { textOf } from "../protocols/protocol.ts";
import type { Make, SenderBuilder } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import type { Sender } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What Twilio has to be told. */
export interface TwilioOptions {
  /** The account's auth token. */
  readonly authToken: string;
  /** The origin of the address that is registered: `"https://example.com"`. Default: where the delivery is sent. */
  readonly origin?: string;
}

/** Twilio as a sender. */
export interface Twilio {
  /** A message that came in. */
  readonly message: SenderBuilder;
  /** A call that came in. */
  readonly call: SenderBuilder;
  /** Webhooks, for the judge. */
  readonly senders: readonly Sender[];
}

/**
 * Twilio as a sender. It tries once more, and only where there was no connection.
 *
 * @throws OptionError for a mistake in the options.
 * @see {@link https://www.twilio.com/docs/usage/webhooks/webhooks-security}
 */
export function twilio(options: TwilioOptions): Twilio {
  const { authToken, origin } = readOptions("twilio", options, {
    authToken: setting,
    origin: optional(text),
  });
  const message = made("message", received);
  const webhooks = simulate({
    name: "twilio",
    patience: "15s",
    retries: ({ attempt, seen }) => (attempt === 1 && seen.kind === "refused" ? "0s" : undefined),
    sign: signature(authToken, origin),
    example: exampleOf(message),
    answer: "<Response><Message>Done</Message></Response>",
  });
  return {
    message: builder(webhooks, message),
    call: builder(webhooks, made("call", called)),
    senders: [webhooks],
  };
}

/** The address, then each field's name and value, sorted by name. */
function signature(authToken: string, origin: string | undefined): Sign {
  return ({ body }, { url }) => {
    const address = origin === undefined ? url : new URL(url.pathname + url.search, origin);
    const fields = [...new URLSearchParams(textOf(body))].toSorted(([a], [b]) =>
      a < b ? -1 : Number(a > b),
    );
    const message = [address.href, ...fields.flat()].join("");
    return { "X-Twilio-Signature": hmac({ algorithm: "sha1", key: authToken, as: "base64" }, message) };
  };
}

function made(event: string, own: (random: Random) => Readonly<Record<string, string>>): Make {
  return (random, given) => {
    const form = { ...own(random), ...(given as Readonly<Record<string, string | undefined>>) };
    const headers = {
      Accept: "*/*",
      "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
      "I-Twilio-Idempotency-Token": random.uuid(),
      "User-Agent": "TwilioProxy/1.1",
    };
    return { event, id: form["MessageSid"] ?? form["CallSid"], form, headers };
  };
}

function received(random: Random) {
  const sid = `SM${random.hex(32)}`;
  return {
    ToCountry: "SE",
    SmsMessageSid: sid,
    NumMedia: "0",
    SmsSid: sid,
    SmsStatus: "received",
    Body: random.sentence(),
    To: "+46701234567",
    NumSegments: "1",
    MessageSid: sid,
    AccountSid: `AC${random.hex(32)}`,
    From: `+4670${random.int(1e6, 9e6)}`,
    ApiVersion: "2010-04-01",
  };
}

function called(random: Random) {
  const From = `+4670${random.int(1e6, 9e6)}`;
  return {
    CallSid: `CA${random.hex(32)}`,
    AccountSid: `AC${random.hex(32)}`,
    From,
    To: "+46701234567",
    CallStatus: "ringing",
    Direction: "inbound",
    ApiVersion: "2010-04-01",
  };
}
