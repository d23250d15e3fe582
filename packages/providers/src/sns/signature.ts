/** The signature in a message of SNS: of a topic that is let in, by a certificate of that topic's own region. */
import { verify } from "node:crypto";
import type { Authenticator } from "@answerback/core/provider";
import { z } from "zod";
import type { Certificates } from "./certificate.ts";

/** A topic, by its ARN. */
export const anArn: RegExp = /^arn:(aws[a-z-]*):sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}$/;

/** The host of SNS in the region of a topic: `"sns.eu-west-1.amazonaws.com"`. */
export function hostOf(topicArn: string): string {
  const [, partition, region] = anArn.exec(topicArn)!;
  return `sns.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
}

/** Nothing but the message itself may have lines, or a signature would fit other messages as well. */
const line = z
  .string()
  .max(4_096)
  .regex(/^[^\n]*$/);

const signed = z.looseObject({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  Message: z.string(),
  MessageId: line,
  Subject: line.optional(),
  SubscribeURL: line.optional(),
  Timestamp: line,
  Token: line.optional(),
  TopicArn: line,
  SignatureVersion: z.enum(["1", "2"]),
  Signature: line,
  SigningCertURL: line,
});

type Signed = z.infer<typeof signed>;

/**
 * Lets a message in that SNS has signed for one of the topics.
 *
 * @see {@link https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#sns.1 sns.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#sns.3 sns.3}
 */
export function snsSignature(topics: readonly string[], certificates: Certificates): Authenticator {
  return {
    needs: "body",
    async verify(delivery) {
      const { headers, receivedAt } = delivery;
      if (headers["x-amz-sns-rawdelivery"]) return delivery.deny(raw);
      const [told] = headers["x-amz-sns-topic-arn"] ?? [];
      if (told !== undefined && !topics.includes(told)) return delivery.deny(foreign);
      const message = messageIn(await delivery.body());
      if (!message) return delivery.deny(noMessage);
      if (!topics.includes(message.TopicArn)) return delivery.deny(foreign);
      if (!isOurs(message)) return delivery.deny(elsewhere);
      const { SigningCertURL, SignatureVersion, Signature, text } = message;
      const { publicKey, validFromDate, validToDate } = await certificates(SigningCertURL, receivedAt);
      if (receivedAt < validFromDate.getTime() || receivedAt > validToDate.getTime())
        return delivery.deny(outdated);
      const algorithm = SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256";
      const isGood = verify(algorithm, Buffer.from(text), publicKey, Buffer.from(Signature, "base64"));
      return isGood ? true : delivery.deny(another);
    },
    registers: () => ({ in: "signature", secret: undefined }),
  };
}

const raw = "raw message delivery is not signed; switch RawMessageDelivery off for this subscription";
const foreign = "it is from a topic that the option topicArn does not name";
const noMessage = "it is no signed message of SNS";
const elsewhere = "its certificate is not at SNS in the region of its topic";
const outdated = "its certificate is not valid now; is the clock right?";
const another = "SNS has not signed it";

/** A message, with the text that is signed: names and values, a line each. `undefined`: it is none, or a part is missing. */
function messageIn(body: unknown): (Signed & { readonly text: string }) | undefined {
  const { data: message } = signed.safeParse(body);
  if (!message) return undefined;
  const subject = message.Subject === undefined ? [] : ["Subject"];
  const names =
    message.Type === "Notification"
      ? ["Message", "MessageId", ...subject, "Timestamp", "TopicArn", "Type"]
      : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  if (names.some((name) => message[name] === undefined)) return undefined;
  return { ...message, text: names.map((name) => `${name}\n${message[name] as string}\n`).join("") };
}

/** Does SNS itself have the certificate, in the region of the topic? */
function isOurs({ SigningCertURL, TopicArn }: Signed): boolean {
  const [, host, path = ""] = /^https:\/\/([a-z0-9.-]+)\/(.*)$/.exec(SigningCertURL) ?? [];
  return host === hostOf(TopicArn) && /^[\w-]{1,200}\.pem$/.test(path);
}
