/** X's Account Activity API, from its page: signed lists of what happened to a user, and a challenge by GET every hour. */
import { createHmac } from "node:crypto";
import {
  AnswerbackError,
  defineProvider,
  hmacSignature,
  isRecord,
  jsonReply,
  textId,
} from "@answerback/core/provider";
import { z } from "zod";

const user = z.looseObject({ id: textId });
const post = z.looseObject({ id_str: textId });
const relation = z.looseObject({ target: user, source: user });

const envelope = z.looseObject({ for_user_id: textId.optional() });

/** Whose subscription it is, and what comes beside the lists: `users` and `apps` by id, `user_has_blocked`. */
export interface XExtra {
  readonly forUserId: string | undefined;
  readonly beside: Readonly<Record<string, unknown>>;
}

/** X as a provider. The consumer secret signs both ways. */
export const x = (consumerSecret: string | undefined) =>
  defineProvider({
    name: "x",
    accepts: ["json"],
    authenticator: hmacSignature({
      header: "x-twitter-webhooks-signature",
      prefix: "sha256=",
      encoding: "base64",
      secret: consumerSecret,
    }),
    events: {
      tweet_create_events: { data: post },
      tweet_delete_events: { data: z.looseObject({ status: user }), deletes: true },
      favorite_events: { data: user },
      follow_events: { data: relation },
      unfollow_events: { data: relation },
      block_events: { data: relation },
      unblock_events: { data: relation },
      mute_events: { data: relation },
      unmute_events: { data: relation },
      direct_message_events: { data: user },
      direct_message_indicate_typing_events: {},
      direct_message_mark_read_events: {},
      user_event: {},
    },
    httpsOnly: true,
    patience: "3s",
    retryWindow: "5m",
    retention: "1d",
    handshake({ method, query }) {
      const token = new URLSearchParams(query).get("crc_token");
      if (method !== "GET" || token === null) return undefined;
      // X signs its events with the same secret: whoever had a body answered as a token would have its signature
      if (token.includes("{")) throw new AnswerbackError("malformed", "this crc_token could be a body");
      const digest = createHmac("sha256", String(consumerSecret)).update(token).digest("base64");
      return jsonReply({ response_token: `sha256=${digest}` });
    },
    decode({ body }) {
      const { for_user_id: forUserId, ...rest } = envelope.parse(body);
      const fields = Object.entries(rest);
      const lists = fields.filter(([name]) => isListOfEvents(name));
      if (lists.length === 0) throw new AnswerbackError("malformed", "no events are in it");
      const beside = Object.fromEntries(fields.filter(([name]) => !isListOfEvents(name)));
      const extra: XExtra = { forUserId, beside };
      return lists.flatMap(([type, list]) =>
        [list].flat().map((data) => ({ type, data, key: [forUserId ?? "", type, idOf(data)], extra })),
      );
    },
  });

/** All are lists, but for `user_event`. */
function isListOfEvents(name: string): boolean {
  return name === "user_event" || name.endsWith("_events");
}

/** The id inside; a number as `id` of a post has lost its last digits. A follow has none, and is told by all that it says. */
function idOf(item: unknown): unknown {
  if (!isRecord(item)) return item;
  const { id_str, id, status } = item;
  return id_str ?? id ?? (isRecord(status) ? status.id : undefined) ?? item;
}
