/** Stripe: events of its API, each handled once, and card authorizations, which wait two seconds for a yes or a no. */
import {
  AnswerbackError,
  defineProvider,
  emptyReply,
  hmacSignature,
  idIn,
  jsonReply,
  listOf,
  matching,
  mountOptions,
  oneOrMore,
  optional,
  readOptions,
  setting,
  takesAtMost,
  text,
  textId,
  type EventSpec,
  type Provider,
  type Register,
  type Registrant,
  type RegistrationOptions,
  type Secret,
  type Signing,
} from "@answerback/core/provider";
import { z } from "zod";
import { types } from "./stripe/types.ts";

/** What {@link stripe} takes. */
export interface StripeOptions<Event extends AnyStripeEvent = StripeEvent> {
  /** The endpoint's signing secret, `whsec_…`; a list while it rotates, or where several endpoints send here. */
  readonly secret: Secret;
  /**
   * The `Stripe-Version` of a decision about a card: `"2025-09-30.clover"`. Default: the `api_version` of the event.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#stripe.4 stripe.4}
   */
  readonly apiVersion?: string | undefined;
  /** Types that Stripe has added since this list of them was made. Default: none; they go to `"*"`. */
  readonly moreTypes?: readonly Event["type"][] | undefined;
}

/** What types the events: {@link StripeEvent}, or `Stripe.Event` of the package `stripe`. */
export interface AnyStripeEvent {
  /** The type: `"invoice.paid"`. */
  readonly type: string;
  /** What the event is about: `object`, and the `previous_attributes` of an update. */
  readonly data: unknown;
}

/** A type that Stripe's reference lists. */
export type StripeEventType = (typeof types)[number];

/** An event as its reference promises it, whatever its type is about. */
export interface StripeEvent<Type extends string = StripeEventType> {
  /** The type: `"invoice.paid"`. */
  readonly type: Type;
  /** What the event is about. */
  readonly data: StripeData;
}

/** What an event is about. */
export interface StripeData {
  /** The object of the API, in the version of the endpoint. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Of an update, the old values of what was changed. */
  readonly previous_attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** The fields of an event beside `type` and `data`, under Stripe's names. */
export interface StripeEnvelope {
  /** The event's id: `"evt_…"`. */
  readonly id: string;
  /** The version of the API that `data` was written in. */
  readonly api_version?: string | null | undefined;
  /** When it was created: seconds since the epoch. */
  readonly created?: number | undefined;
  /** Is it about real money? */
  readonly livemode?: boolean | undefined;
  /** The connected account that it comes from; `undefined`: your own. */
  readonly account?: string | undefined;
  /** The request to the API that caused it. */
  readonly request?:
    { readonly id: string | null; readonly idempotency_key: string | null } | null | undefined;
}

/** A decision about a card, as Stripe's page shows it. */
export interface IssuingDecision {
  /** Is the authorization approved? `false` declines it. */
  readonly approved: boolean;
  /** How much to hold, where `pending_request.is_amount_controllable`: in the smallest unit of the currency. */
  readonly amount?: number | undefined;
  /** What Stripe is to store with the authorization. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Stripe's events, each with its data and, where Stripe reads one, its answer. */
export type StripeEvents<Event extends AnyStripeEvent> = {
  readonly [Type in Event["type"]]: EventSpec<
    DataOf<Event, Type>,
    Type extends "issuing_authorization.request" ? IssuingDecision : any
  >;
};

/** Of a union of events, the data of the one of this type. */
type DataOf<Event extends AnyStripeEvent, Type> = Event extends AnyStripeEvent
  ? Type extends Event["type"]
    ? Event["data"]
    : never
  : never;

const envelope = z.looseObject({ id: textId, type: textId, data: z.unknown().optional() });

const data: z.ZodType<StripeData> = z.looseObject({
  object: z.looseObject({}),
  previous_attributes: z.looseObject({}).optional(),
});

/** Stripe decides itself after 2 s, by the settings of the webhook. Whatever we said before that would be a wrong decision. */
const authorization: EventSpec<StripeData, IssuingDecision> = {
  data,
  answer: z.looseObject({
    approved: z.boolean(),
    amount: z.int().positive().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
  }),
  interactive: true,
  answerWithin: "2s",
  patience: "3s",
};

const notOfTheApi = matching(
  /^(?![spr]k_)/,
  "it is a key of Stripe's API; give the endpoint's signing secret, whsec_…",
  setting,
);

const known = {
  secret: oneOrMore(notOfTheApi),
  apiVersion: optional(
    matching(/^\d{4}-\d{2}-\d{2}(?:\.\w+)?$/, 'write it as Stripe does: "2025-09-30.clover"'),
  ),
  moreTypes: optional(listOf(text)),
};

/**
 * The provider Stripe, for `createReceiver`. Handlers get `event.data.object`, as in Stripe's own documentation; with
 * `Stripe.Event` of its package they are typed by it.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a secret that is not there, is no text, or is a key of
 *   Stripe's API; `invalid` for an `apiVersion` or `moreTypes` of another kind; `unknown` for an option that there is not.
 * @example
 * createReceiver(stripe<Stripe.Event>({ secret: process.env.STRIPE_WEBHOOK_SECRET }), {
 *   handle: { "invoice.paid": ({ data }) => book(data.object.amount_paid) },
 * });
 * @see {@link https://docs.stripe.com/webhooks}
 * @see {@link https://docs.stripe.com/issuing/controls/real-time-authorizations}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#stripe.1 stripe.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#stripe.5 stripe.5}
 */
export function stripe<Event extends AnyStripeEvent = StripeEvent>(
  options: StripeOptions<Event>,
): Provider<StripeEvents<Event>, StripeEnvelope, Register<RegistrationOptions, StripeRegistration>> &
  Signing {
  takesAtMost(1, "stripe", arguments);
  const { secret, apiVersion, moreTypes = [] } = readOptions("stripe", options, known);
  const listed = [...types, ...moreTypes].map((type) => [type, { data }]);
  const events = { ...Object.fromEntries(listed), "issuing_authorization.request": authorization };
  return defineProvider<any, StripeEnvelope, Register<RegistrationOptions, StripeRegistration>, Signing>({
    name: "stripe",
    accepts: ["json"],
    authenticator: hmacSignature({
      header: "Stripe-Signature",
      separator: ",",
      prefix: "v1=",
      signed: "{timestamp}.{body}",
      timestamp: { prefix: "t=" },
      secret,
    }),
    events,
    patience: "20s",
    retention: "7d",
    retryWindow: "3d",
    httpsOnly: true,
    registration: (registrant, given) =>
      registrationOf(Object.keys(events), apiVersion, { registrant, given }),
    decode({ body }) {
      const { type, data: about, ...extra } = envelope.parse(body);
      const id = idIn(about, "object", "id") ?? idIn(extra, "related_object", "id");
      return { type, data: about, key: [extra.id], id, extra };
    },
    encode(answer, event) {
      if (answer === undefined) return { reply: emptyReply() };
      const version = apiVersion ?? event["api_version"];
      if (typeof version !== "string")
        throw new AnswerbackError(
          "invalid_answer",
          "the event has no api_version, without which Stripe reads no decision; give stripe({ apiVersion })",
        );
      const reply = jsonReply(answer);
      return { reply: { ...reply, headers: { ...reply.headers, "stripe-version": version } } };
    },
  });
}

/** What `stripe.webhookEndpoints.create` takes. */
export interface StripeRegistration {
  /** Where Stripe is to send. */
  readonly url: string;
  /** The types that the receiver handles; `["*"]`: all. */
  readonly enabled_events: readonly string[];
  /** The version of the API in which events are to be written; absent: the account's. */
  readonly api_version?: string;
}

function registrationOf(
  all: readonly string[],
  apiVersion: string | undefined,
  { registrant, given }: { readonly registrant: Registrant; readonly given: RegistrationOptions },
): StripeRegistration {
  readOptions("registration", given, mountOptions);
  const handled = all.filter((type) => registrant.handles(type));
  return {
    url: registrant.url,
    enabled_events: handled.length === all.length ? ["*"] : handled,
    ...(apiVersion !== undefined && { api_version: apiVersion }),
  };
}
