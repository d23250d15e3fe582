/** From what a handler returned to how it travels: checked against the provider's schema, table of statuses and limits. */
import { isCustomReply } from "../../contract/answers.ts";
import { AnswerbackError, isAnswerbackError } from "../../contract/errors.ts";
import type { Reply } from "../../contract/delivery.ts";
import type { Encoded } from "../../contract/callback-terms.ts";
import type { Provider } from "../../contract/provider.ts";
import { asReply, customReply, emptyReply, jsonReply } from "../../contract/replies.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { checkSize, warnNearLimit } from "../callback/address.ts";
import type { Settings } from "../settings.ts";
import { conform, encodable, type LoadedEvent } from "./event.ts";

/**
 * How an answer travels. Throws, or rejects with, `invalid_answer` or `callback_too_large` before anything was sent, so
 * that the one use of the address is not spent. Every provider has `reply()`, so no schema or `encode` is asked about it.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.10 upsales.10}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.11 upsales.11}
 */
export function encodeAnswer(
  settings: Settings,
  event: LoadedEvent,
  answer: unknown,
  { accepted = false }: Acknowledging = {},
): MaybePromise<Encoded> {
  mustBeAnAnswer(event, answer);
  if (isCustomReply(answer) && !answer.callback)
    return checked(settings, event, { reply: customReply(answer), droppedWhenLate: ["reply"] });
  const schema = event.spec?.answer;
  if (!schema) return checked(settings, event, { reply: acknowledgement(settings, event, { accepted }) });
  const encoded = (value: unknown) => checked(settings, event, encode(settings, event, { value, accepted }));
  const value = conform(schema, answer);
  return isPromise(value) ? value.then(encoded) : encoded(value);
}

/** An Error that is returned was to be thrown; and of a Map, a Date or an instance of a class, JSON says what nobody meant. */
function mustBeAnAnswer({ spec }: LoadedEvent, answer: unknown): void {
  if (typeof answer !== "object" || answer === null) return;
  const prototype = prototypeOf(answer);
  if (prototype === null || prototype === Object.prototype) return;
  if (answer instanceof Error)
    throw new AnswerbackError("invalid_answer", "the handler returned an Error: throw it", { cause: answer });
  if (!spec?.answer || Array.isArray(answer)) return;
  throw new AnswerbackError(
    "invalid_answer",
    "the handler returned an instance of a class: return a plain object",
  );
}

function prototypeOf(answer: object): unknown {
  try {
    return Object.getPrototypeOf(answer);
  } catch (cause) {
    throw new AnswerbackError("invalid_answer", "the answer cannot be read", { cause });
  }
}

/** Is the event acknowledged now, and answered later? */
export interface Acknowledging {
  readonly accepted?: boolean;
}

/** The acknowledgement: there is nothing to say, or nothing yet. */
export function acknowledgement(
  { provider, statuses }: Settings,
  event?: LoadedEvent,
  { accepted = false }: Acknowledging = {},
): Reply {
  if (!event || !provider.encode) return emptyReply(accepted ? statuses.accepted : statuses.handled);
  return replyIn(provider, provider.encode(undefined, encodable(event, accepted)));
}

function replyIn({ name }: Provider, encoded: Encoded | undefined): Reply {
  return asReply(`${name}'s encode`, encoded?.reply);
}

function encode(
  settings: Settings,
  event: LoadedEvent,
  { value, accepted }: { readonly value: unknown; readonly accepted: boolean },
): Encoded {
  const { provider, statuses } = settings;
  if (!provider.encode && value === undefined)
    return { reply: acknowledgement(settings, event, { accepted }) };
  if (!provider.encode) return { reply: jsonReply(value, accepted ? statuses.accepted : statuses.handled) };
  try {
    return provider.encode(value, encodable(event, accepted));
  } catch (cause) {
    if (isAnswerbackError(cause)) throw cause;
    throw new AnswerbackError("invalid_answer", `the answer cannot be written: encode threw`, { cause });
  }
}

function checked(settings: Settings, { view, terms }: LoadedEvent, encoded: Encoded): Encoded {
  const { provider, readable, name, warn } = settings;
  const { status, body } = replyIn(provider, encoded);
  if (!readable.has(status)) {
    throw new AnswerbackError(
      "invalid_answer",
      `${provider.name} reads no status ${status}; it reads ${[...readable].join(", ")}`,
    );
  }
  if (status === 204 && body.length > 0)
    throw new AnswerbackError("invalid_answer", "the answer has a body, and a 204 carries none");
  if (encoded.post) {
    checkSize(provider, terms.address, encoded.post);
    warnNearLimit(settings, terms.address!, encoded.post);
  }
  for (const { code, message } of encoded.warnings ?? [])
    warn({ code, message: `${name}: ${view.name}: ${message}` });
  return encoded;
}
