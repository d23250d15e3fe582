/** Standard Webhooks: what Clerk, OpenAI, Resend, Svix and their like send, each with events of its own. */
import {
  defineProvider,
  idIn,
  objectWith,
  readOptions,
  standardWebhooks as signature,
  takesAtMost,
  text,
  anything,
  withDefault,
  type Provider,
  type Secret,
  type Signing,
} from "@answerback/core/provider";
import type { EventSpecs } from "@answerback/core/provider";
import { z } from "zod";

/** What {@link standardWebhooks} takes. */
export interface StandardWebhooksOptions<Events extends EventSpecs<Events>> {
  /** The endpoint's signing secret, `whsec_…`, or its public key, `whpk_…`; a list while it rotates. */
  readonly secret: Secret;
  /** The sender's name, which is the default name of a receiver and scopes its keys: `"clerk"`. Default `"standard-webhooks"`. */
  readonly name?: string | undefined;
  /**
   * The events that you handle, by type, each with a schema of its `data` where you have one; others go to `"*"`. Default:
   * none is known, and all go to `"*"`.
   *
   * @example
   * events: { "user.created": { data: z.looseObject({ id: z.string() }) } },
   */
  readonly events?: Events | undefined;
}

/** The fields of the body that stand beside its `data`. */
export interface StandardWebhooksEnvelope {
  /** The id of the message, the same at each attempt: the header `webhook-id`. */
  readonly webhookId: string;
  /** When what happened did: ISO 8601. Senders differ: OpenAI and Resend have `created_at` instead. */
  readonly timestamp?: string | number | undefined;
}

const envelope = z.looseObject({ type: z.string().min(1).max(1_000), data: z.unknown() });

/**
 * A provider that keeps Standard Webhooks, for `createReceiver`.
 *
 * @throws OptionError `missing`, `empty` or `invalid` for a secret that is not there, or is none; `unknown` for an option that
 *   there is not; `invalid` for a name or events of another kind.
 * @example
 * createReceiver(standardWebhooks({ name: "clerk", secret: process.env.CLERK_WEBHOOK_SECRET }), {
 *   handle: { "*": ({ name, data }) => console.log(name, data) },
 * });
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md the specification}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#standard.1 standard.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#standard.4 standard.4}
 */
export function standardWebhooks<const Events extends EventSpecs<Events> = {}>(
  options: StandardWebhooksOptions<Events>,
): Provider<Events, StandardWebhooksEnvelope> & Signing {
  takesAtMost(1, "standardWebhooks", arguments);
  const { secret, name, events } = readOptions("standardWebhooks", options, {
    secret: anything,
    name: withDefault(text, "standard-webhooks"),
    events: withDefault(objectWith<object>('events by type, such as { "user.created": {} }'), {}),
  });
  return defineProvider<Events, StandardWebhooksEnvelope, never, Signing>({
    name,
    accepts: ["json"],
    authenticator: signature(secret),
    events: events as Events,
    patience: "15s",
    retention: "7d",
    retryWindow: "76h",
    httpsOnly: true,
    decode({ body, headers }) {
      const { type, data, ...rest } = envelope.parse(body);
      // signed, so it is there, once
      const webhookId = (headers["webhook-id"] ?? headers["svix-id"])![0]!;
      const id = idIn(data, "id") ?? idIn(data, "email_id");
      return { type, data, key: [webhookId], id, extra: { ...rest, webhookId } };
    },
  });
}
