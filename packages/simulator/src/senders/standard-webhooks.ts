/** Standard Webhooks, as Svix and many others send: an id, a time and a digest in headers; 410 ends it. */
import { Buffer } from "node:buffer";
import { matching, readOptions, setting } from "@answerback/core/provider";
import { hmac, inSeconds } from "../lib/digest.ts";
import type { Seen } from "../protocols/conclusion.ts";
import type { AnyDelivery, RawDelivery, Sign } from "../protocols/protocol.ts";
import type { FieldOptions, Make } from "./builder.ts";
import { builder, exampleOf } from "./builder.ts";
import type { Sender } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** What a sender of Standard Webhooks has to be told. */
export interface StandardWebhooksOptions {
  /** The secret: base64, with or without `whsec_` in front. */
  readonly secret: string;
}

/** A sender of Standard Webhooks. */
export interface StandardWebhooks {
  /** A webhook of any type: `event("user.created")`; `fields` are those of `data`. */
  readonly event: (type: string, options?: FieldOptions) => RawDelivery;
  /** Webhooks, for the judge. */
  readonly senders: readonly Sender[];
}

/**
 * A sender of Standard Webhooks. Its id of an event is `webhook-id`, the same in every attempt.
 *
 * @throws OptionError for a mistake in the options.
 * @see {@link https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md}
 */
export function standardWebhooks(options: StandardWebhooksOptions): StandardWebhooks {
  const { secret } = readOptions("standardWebhooks", options, {
    secret: matching(/^(?:whsec_)?[A-Za-z0-9+/]+=*$/, "write it as whsec_ and base64", setting),
  });
  const webhooks = simulate({
    name: "standardWebhooks",
    patience: "15s",
    retries: ({ attempt, seen }) => (isGone(seen) ? undefined : schedule[attempt - 1]),
    sign: signature(secret),
    tolerance: "5m",
    example: exampleOf(made("user.created")),
  });
  return { event: (type, given) => builder(webhooks, made(type))(given), senders: [webhooks] };
}

/** The example of the specification. */
const schedule = ["5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h"] as const;

const isGone = (seen: Seen) => seen.kind === "answered" && seen.status === 410;

function signature(secret: string): Sign {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  return ({ headers, body }: AnyDelivery, { at }) => {
    const timestamp = inSeconds(at);
    const digest = hmac({ key, as: "base64" }, `${headers["webhook-id"]}.${timestamp}.`, body);
    return { "webhook-timestamp": timestamp, "webhook-signature": `v1,${digest}` };
  };
}

function made(type: string): Make {
  return (random, given) => {
    const id = `msg_${random.hex(27)}`;
    const timestamp = new Date(random.instant()).toISOString();
    const data = { id: `user_${random.hex(12)}`, email: "lue@example.com", ...given };
    return { event: type, id, json: { type, timestamp, data }, headers: { "webhook-id": id } };
  };
}
