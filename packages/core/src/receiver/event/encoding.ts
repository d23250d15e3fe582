/** From what a handler returned to how it travels: checked against the provider's schema, table of statuses and limits. */
import { AnswerbackError, isAnswerbackError } from "../../contract/errors.ts";
import type { Reply } from "../../contract/delivery.ts";
import type { Encoded, Provider } from "../../contract/provider.ts";
import { emptyReply, jsonReply } from "../../contract/replies.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { checkPost } from "../callback/address.ts";
import type { Settings } from "../settings.ts";
import { conform, encodable, type LoadedEvent } from "./event.ts";

/**
 * How an answer travels. Throws, or rejects with, `invalid_answer`, `callback_too_large` or `callback_url_refused` before
 * anything was sent, so that the one use of the address is not spent.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.10 upsales.10}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.11 upsales.11}
 */
export function encodeAnswer(settings: Settings, event: LoadedEvent, answer: unknown): MaybePromise<Encoded> {
  const schema = event.spec?.answer;
  if (!schema) return checked(settings, { reply: acknowledgement(settings.provider, event) });
  const encoded = (value: unknown) => checked(settings, encode(settings.provider, event, value));
  try {
    const value = conform(schema, answer, "invalid_answer");
    return isPromise(value) ? value.then(encoded).catch(unwritable) : encoded(value);
  } catch (error) {
    return unwritable(error);
  }
}

/** The acknowledgement: there is nothing to say, or nothing yet. */
export function acknowledgement(provider: Provider, event?: LoadedEvent): Reply {
  if (!event || !provider.encode) return emptyReply();
  return provider.encode(undefined, encodable(event)).reply;
}

function encode(provider: Provider, event: LoadedEvent, answer: unknown): Encoded {
  if (provider.encode) return provider.encode(answer, encodable(event));
  return { reply: answer === undefined ? emptyReply() : jsonReply(answer) };
}

function checked(settings: Settings, encoded: Encoded): Encoded {
  const { provider, readable } = settings;
  if (!readable.has(encoded.reply.status)) {
    throw new AnswerbackError("invalid_answer", `${provider.name} reads no status ${encoded.reply.status}`);
  }
  if (encoded.post) checkPost(provider, encoded.post);
  for (const warning of encoded.warnings ?? []) settings.warn(warning);
  return encoded;
}

function unwritable(error: unknown): never {
  if (isAnswerbackError(error)) throw error;
  throw new AnswerbackError("invalid_answer", "the answer cannot be written as JSON", { cause: error });
}
