/** Amazon SNS: JSON as text/plain, signed in the body with a certificate; a subscription is confirmed by a GET. */
import { createSign } from "node:crypto";
import { oneOf, optional, readOptions, text } from "@answerback/core/provider";
import type { Fields } from "../deliveries/delivery.ts";
import { selfSigned, type Certified } from "../lib/certificate.ts";
import { parsedObject } from "../lib/json.ts";
import type { Random } from "../lib/random.ts";
import type { AnyDelivery } from "../protocols/protocol.ts";
import { textOf } from "../protocols/protocol.ts";
import type { Make, SenderBuilder } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import type { Sender, TextOptions } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What SNS has to be told. */
export interface SnsOptions {
  /** Its RSA key and certificate, as PEM. Default: new ones, made by itself. */
  readonly certificate?: Certified;
  /** `"1"` is SHA-1, which a topic has unless it is set; `"2"` is SHA-256. Default `"1"`. */
  readonly signatureVersion?: "1" | "2";
  /** The topic. Default `"arn:aws:sns:eu-west-1:123456789012:MyTopic"`. */
  readonly topicArn?: string;
}

/** SNS as a sender. */
export interface Sns {
  /** What is found at `certificateUrl`: PEM. */
  readonly certificate: string;
  /** The `SigningCertURL` of every message; what a receiver gets there, a test answers with `certificate`. */
  readonly certificateUrl: string;
  /** A message of the topic. */
  readonly notification: SenderBuilder;
  /** What comes first; a GET of its `SubscribeURL` confirms the subscription. */
  readonly subscriptionConfirmation: SenderBuilder;
  /** Notifications, for the judge. */
  readonly senders: readonly Sender[];
}

/**
 * SNS as a sender. Its id of an event is the `MessageId`.
 *
 * @throws OptionError for a mistake in the options.
 * @see {@link https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html}
 */
export function sns(options: SnsOptions = {}): Sns {
  const { signatureVersion = "1", topicArn = "arn:aws:sns:eu-west-1:123456789012:MyTopic" } = readOptions(
    "sns",
    options,
    {
      certificate: optional((_, value) => value),
      signatureVersion: optional(oneOf("1", "2")),
      topicArn: optional(text),
    },
  );
  const { key, certificate } = options.certificate ?? selfSigned("sns.amazonaws.com");
  const sign = (message: Fields): Fields => signed(message, { key, signatureVersion });
  const notification = made("Notification", (random) => ({ TopicArn: topicArn, ...notified(random) }), sign);
  const messages = simulate({
    name: "sns",
    patience: "15s",
    retries: ["20s", "20s", "20s"],
    callback: { urlOf: subscribeUrlOf, methods: ["GET"], uses: Infinity },
    example: exampleOf(notification),
    forged: (delivery) => [
      { ...delivery, body: textOf(delivery.body).replace('"Message" : "', '"Message" : "Not ') },
    ],
  });
  return {
    certificate,
    certificateUrl,
    notification: builder(messages, notification),
    subscriptionConfirmation: builder(
      messages,
      made("SubscriptionConfirmation", (random) => subscription(random, topicArn), sign),
    ),
    senders: [messages],
  };
}

const certificateUrl =
  "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem";

function subscribeUrlOf({ body }: AnyDelivery): string | undefined {
  const url = parsedObject(textOf(body))?.["SubscribeURL"];
  return typeof url === "string" ? url : undefined;
}

/** The names and values of what is signed, a line each, in the order of their names. */
function signed(
  message: Fields,
  { key, signatureVersion }: { key: string; signatureVersion: "1" | "2" },
): Fields {
  const fields = [
    "Message",
    "MessageId",
    "Subject",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
  ];
  const text = fields.flatMap((name) => (typeof message[name] === "string" ? [name, message[name]] : []));
  const algorithm = signatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256";
  const Signature = createSign(algorithm)
    .update(`${text.join("\n")}\n`)
    .sign(key, "base64");
  return { ...message, SignatureVersion: signatureVersion, Signature, SigningCertURL: certificateUrl };
}

function made(type: string, own: (random: Random) => Fields, sign: (message: Fields) => Fields): Make {
  return (random, given): TextOptions => {
    const id = random.uuid();
    const message = sign({ Type: type, MessageId: id, ...own(random), ...given });
    const lines = Object.entries(message).filter(([, value]) => value !== undefined);
    const body = `{\n${lines.map(([name, value]) => `  ${JSON.stringify(name)} : ${JSON.stringify(value)}`).join(",\n")}\n}`;
    const headers = {
      "Content-Type": "text/plain; charset=UTF-8",
      "User-Agent": "Amazon Simple Notification Service Agent",
      "x-amz-sns-message-id": id,
      "x-amz-sns-message-type": type,
      "x-amz-sns-topic-arn": String(message["TopicArn"]),
    };
    return { event: type, id, body, headers };
  };
}

const notified = (random: Random): Fields => ({
  Subject: "An order",
  Message: random.sentence(),
  Timestamp: new Date(random.instant()).toISOString(),
});

function subscription(random: Random, TopicArn: string): Fields {
  const Token = random.hex(256);
  const query = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn, Token }).toString();
  return {
    Token,
    TopicArn,
    Message: `You have chosen to subscribe to the topic ${TopicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `https://sns.eu-west-1.amazonaws.com/?${query}`,
    Timestamp: new Date(random.instant()).toISOString(),
  };
}
