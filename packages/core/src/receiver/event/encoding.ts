/** From what a handler returned to how it travels: checked against the provider's schema, table and limits. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkCallbackUrl } from "../../callback-url.ts";
import type { Reply } from "../../delivery.ts";
import { AnswerbackError, isAnswerbackError } from "../../errors.ts";
import type { Encoded, Post, Provider } from "../../provider.ts";
import { emptyReply, jsonReply } from "../../replies.ts";
import { after, rescue, type Soon } from "../../soon.ts";
import { conform, encodable, type EventInHand } from "./event.ts";
import type { Settings } from "../settings.ts";

/**
 * How the answer travels. Throws `invalid_answer` or `callback_too_large` before anything was sent, so that the one use
 * is not spent (upsales.10, upsales.11).
 */
export function encodeAnswer(settings: Settings, event: EventInHand, answer: unknown): Soon<Encoded> {
  const { provider } = settings;
  const schema = event.spec?.answer;
  if (!schema) return acceptable(settings, { reply: acknowledgement(provider, event) });
  return after(checked({ provider, event, schema }, answer), (encoded) => acceptable(settings, encoded));
}

function acceptable(settings: Settings, encoded: Encoded): Encoded {
  const { provider, readable } = settings;
  if (!readable.has(encoded.reply.status)) {
    throw new AnswerbackError("invalid_answer", `${provider.name} reads no status ${encoded.reply.status}`);
  }
  if (encoded.post) checkPost(provider, encoded.post);
  for (const warning of encoded.warnings ?? []) settings.warn(warning);
  return encoded;
}

/** The acknowledgement: nothing to say, or nothing yet. */
export function acknowledgement(provider: Provider, event?: EventInHand): Reply {
  if (!event || !provider.encode) return emptyReply();
  return provider.encode(undefined, encodable(event)).reply;
}

/** The post, if it is within the provider's terms. */
export function checkPost({ name, callback }: Provider, post: Post): Post {
  if (!callback) throw new AnswerbackError("invalid_answer", `${name} has no callback address`);
  const bytes = Buffer.byteLength(post.body);
  if (bytes >= callback.maxBytes) {
    throw new AnswerbackError(
      "callback_too_large",
      `the callback is ${bytes} bytes as JSON; ${name} takes less than ${callback.maxBytes}`,
    );
  }
  return { ...post, url: checkCallbackUrl(post.url, callback.hosts) };
}

function checked(
  { provider, event, schema }: { provider: Provider; event: EventInHand; schema: StandardSchemaV1 },
  answer: unknown,
): Soon<Encoded> {
  return rescue(
    () => after(conform(schema, answer, "invalid_answer"), (one) => encode(provider, event, one)),
    (error) => {
      if (isAnswerbackError(error)) throw error;
      throw new AnswerbackError("invalid_answer", "the answer cannot be written as JSON", { cause: error });
    },
  );
}

function encode(provider: Provider, event: EventInHand, answer: unknown): Encoded {
  if (provider.encode) return provider.encode(answer, encodable(event));
  return { reply: answer === undefined ? emptyReply() : jsonReply(answer) };
}
