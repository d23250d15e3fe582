/** Amazon SNS over HTTPS: messages of topics, signed with a certificate, and subscriptions that confirm themselves. */
import {
  aClock,
  defineProvider,
  emptyReply,
  idIn,
  matching,
  mountOptions,
  oneOrMore,
  optional,
  readOptions,
  setting,
  takesAtMost,
  textId,
  wrongKind,
  type Clock,
  type Encoded,
  type EventSpec,
  type Kind,
  type Provider,
  type Register,
  type RegistrationOptions,
  type Signing,
  type Transport,
} from "@answerback/core/provider";
import { z } from "zod";
import { fetchedCertificates } from "./sns/certificate.ts";
import { anArn, hostOf, snsSignature } from "./sns/signature.ts";

/** What {@link sns} takes. */
export interface SnsOptions {
  /** The topics that are let in, by ARN; a message of any other is refused, since anybody may have a topic. */
  readonly topicArn: string | undefined | readonly (string | undefined)[];
  /** Fetches the certificates of signatures: `guardedFetch` of `@answerback/node`. */
  readonly fetch: Transport;
  /** The time in which a certificate has to be fetched, for tests. Default: the process's clock. */
  readonly clock?: Clock | undefined;
}

/** A message of a topic. Amazon signs neither `UnsubscribeURL` nor `MessageAttributes`. */
export interface SnsNotification {
  /** The message's id, the same at each attempt. */
  readonly MessageId: string;
  /** The ARN of the topic. */
  readonly TopicArn: string;
  /** What was published, as a text; often it is JSON. */
  readonly Message: string;
  /** The subject, where there is one. */
  readonly Subject?: string | undefined;
  /** When it was published: ISO 8601. */
  readonly Timestamp: string;
  /** Where whoever has it ends the subscription. */
  readonly UnsubscribeURL?: string | undefined;
  /** Attributes by name, where there are some. */
  readonly MessageAttributes?:
    Readonly<Record<string, { readonly Type: string; readonly Value: string }>> | undefined;
}

/** A subscription that is to be confirmed, or was ended. */
export interface SnsSubscription {
  /** The message's id, the same at each attempt. */
  readonly MessageId: string;
  /** The ARN of the topic. */
  readonly TopicArn: string;
  /** What Amazon says of it. */
  readonly Message: string;
  /** When: ISO 8601. */
  readonly Timestamp: string;
  /** Of one that was ended, where whoever has it subscribes again. */
  readonly SubscribeURL?: string | undefined;
}

/** What a handler says to a subscription. */
export interface SnsConfirmation {
  /** Is it to be confirmed? */
  readonly confirm: boolean;
}

/** The events of SNS. */
export interface SnsEvents {
  /** A message of a topic. */
  readonly Notification: EventSpec<SnsNotification>;
  /** A subscription of this address. Without a handler of yours it is confirmed, since its topic is let in. */
  readonly SubscriptionConfirmation: EventSpec<SnsSubscription, SnsConfirmation>;
  /** A subscription was ended. */
  readonly UnsubscribeConfirmation: EventSpec<SnsSubscription>;
}

const text = z.string();
const message = z.looseObject({ MessageId: textId, TopicArn: text, Message: text, Timestamp: text });
const subscription = message.extend({ SubscribeURL: text.optional() });
const notification = message.extend({
  Subject: text.optional(),
  UnsubscribeURL: text.optional(),
  MessageAttributes: z.record(text, z.looseObject({ Type: text, Value: text })).optional(),
});

const envelope = z.looseObject({ Type: textId, MessageId: textId, SubscribeURL: text.optional() });

const topicArns = oneOrMore(
  matching(
    anArn,
    "it is no ARN of a standard topic, such as arn:aws:sns:eu-west-1:123456789012:MyTopic",
    setting,
  ),
);

const aFetch: Kind<Transport> = (option, value) => {
  if (typeof value === "function") return value as Transport;
  throw wrongKind(option, value, "what fetches certificates, such as guardedFetch of @answerback/node");
};

/**
 * The provider Amazon SNS, for `createReceiver`. A subscription to one of the topics is confirmed by itself, by a GET that is
 * stored, tried again, and told where it fails.
 *
 * @throws OptionError `missing` or `empty` for a topic that is not there, `missing` for no `fetch`; `invalid` for what is no ARN
 *   of a standard topic; `unknown` for an option that there is not.
 * @example
 * createReceiver(sns({ topicArn: process.env.TOPIC_ARN, fetch: guardedFetch }), {
 *   handle: { Notification: ({ data }) => book(JSON.parse(data.Message)) },
 * });
 * @see {@link https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#sns.1 sns.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#sns.7 sns.7}
 */
export function sns(
  options: SnsOptions,
): Provider<SnsEvents, {}, Register<RegistrationOptions, SnsRegistration>> & Signing {
  takesAtMost(1, "sns", arguments);
  const { topicArn, fetch, clock } = readOptions("sns", options, {
    topicArn: topicArns,
    fetch: aFetch,
    clock: optional(aClock),
  });
  return defineProvider<SnsEvents, {}, Register<RegistrationOptions, SnsRegistration>, Signing>({
    name: "sns",
    accepts: ["json", { type: "text/plain", as: "json" }],
    authenticator: snsSignature(topicArn, fetchedCertificates({ fetch, clock })),
    events: eventsOf(topicArn.map(hostOf)),
    patience: "15s",
    retention: "7d",
    retryWindow: "1h",
    // it sends again after 5xx alone
    statuses: { timeout: 503, overloaded: 503 },
    secrets: ["Token", "SubscribeURL", "UnsubscribeURL"],
    registration(registrant, given) {
      readOptions("registration", given, mountOptions);
      const { url: Endpoint } = registrant;
      const Protocol = Endpoint.startsWith("https:") ? "https" : "http";
      return { subscriptions: topicArn.map((TopicArn) => ({ TopicArn, Protocol, Endpoint })) };
    },
    decode({ body }) {
      const { Type: type, MessageId: id, ...rest } = envelope.parse(body);
      if (type === "Notification") return { type, data: body, key: [id], id };
      const topic = idIn(rest, "TopicArn");
      if (type !== "SubscriptionConfirmation") return { type, data: body, key: [id], id: topic };
      const { SubscribeURL: callbackUrl, Token: _secret, ...data } = rest;
      return { type, data: { ...data, MessageId: id }, key: [id], id: topic, callbackUrl };
    },
    encode: (answer, { callbackUrl, accepted }) =>
      (answer as SnsConfirmation | undefined)?.confirm && callbackUrl && !accepted
        ? visit(callbackUrl)
        : { reply: emptyReply() },
  });
}

function eventsOf(hosts: readonly string[]): SnsEvents {
  return {
    Notification: { data: notification },
    SubscriptionConfirmation: {
      data: subscription,
      answer: z.object({ confirm: z.boolean() }),
      handle: () => ({ confirm: true }),
      callback: {
        // visited twice it confirms once
        uses: Infinity,
        expires: "3d",
        maxBytes: 1,
        hosts,
        accepts: ({ searchParams }) => searchParams.get("Action") === "ConfirmSubscription",
      },
    },
    UnsubscribeConfirmation: { data: subscription },
  };
}

/** The GET that confirms a subscription. */
function visit(url: string): Encoded {
  return { reply: emptyReply(), post: { url, method: "GET", body: "", headers: {} } };
}

/** What `Subscribe` of the API takes, once for each topic. */
export interface SnsRegistration {
  /** A subscription for each topic. */
  readonly subscriptions: readonly {
    readonly TopicArn: string;
    readonly Protocol: "https" | "http";
    readonly Endpoint: string;
  }[];
}
