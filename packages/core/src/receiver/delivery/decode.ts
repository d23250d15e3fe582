/** From an opened delivery to the events in it, each with its key. */
import type { Reply } from "../../contract/delivery.ts";
import { toMs } from "../../contract/duration.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import type { Decoded, DecodedDelivery } from "../../contract/provider-view.ts";
import { isId } from "../../decoding/id.ts";
import { differencesOf, differing, issuesIn } from "../../decoding/schema.ts";
import { isPromise, type MaybePromise } from "../../lib/maybe-promise.ts";
import { checkCallbackUrl } from "../callback/address.ts";
import { loadEvent, tellOnce, type LoadedEvent } from "../event/event.ts";
import { callbackKey, eventKey } from "../record/keys.ts";
import type { Runtime } from "../runtime.ts";
import { handlerFor } from "../handlers.ts";
import { asOurs } from "../thrown.ts";
import type { OpenedDelivery } from "./open-delivery.ts";

/**
 * What a delivery says: one event, a batch of them, or a reply that needs no handler. Throws `malformed`, or with another
 * code what `decode` says with it; `failed` for a mistake in `decode`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.27 any.27}
 */
export function decode(
  { provider }: Runtime,
  delivery: DecodedDelivery,
): Decoded | readonly Decoded[] | Reply {
  try {
    return provider.decode(delivery);
  } catch (error) {
    throw asRefusal(error, provider.name);
  }
}

/** The delivery as `decode` gets it. */
export function decodable(opened: OpenedDelivery, body: unknown): DecodedDelivery {
  const { route, media, travelled: bytes, method, query, url, headers, receivedAt } = opened;
  const { type, params } = route;
  return { type, params, format: media.format, body, bytes, method, query, url, headers, receivedAt };
}

/** An error of ours says itself what is wrong, and so does a schema. Any other error says nothing about the body. */
function asRefusal(error: unknown, name: string): AnswerbackError {
  const ours = asOurs(error, `${name}'s decode`);
  const issues = ours === error ? undefined : issuesIn(error);
  return issues ? differing("malformed", differencesOf(issues)) : ours;
}

/** An event that is what its provider says it can be. Throws, or rejects with, `malformed`. */
export function toEvent(
  runtime: Runtime,
  decoded: Decoded,
  opened: OpenedDelivery,
): MaybePromise<LoadedEvent> {
  const { provider } = runtime;
  const terms = runtime.terms(decoded.type);
  const { params, identity, receivedAt } = opened;
  const { type, data, id, deliveryAttempt, retention } = decoded;
  if (typeof type !== "string") throw new TypeError(`${provider.name}'s decode gave an event without a type`);
  if (ArrayBuffer.isView(data))
    throw new TypeError(
      `${provider.name}'s decode gave bytes as data, which is stored as JSON: make it a text`,
    );
  // a type without an address has none, whatever the delivery says; a provider without terms is told of one
  const hasNone = decoded.callbackUrl !== undefined && provider.callback && !terms.address;
  const callbackUrl = hasNone ? undefined : decoded.callbackUrl;
  const key = keyOf(runtime, hasNone ? { ...decoded, callbackUrl } : decoded, identity);
  if (callbackUrl !== undefined) tellOfAddress(runtime, { callbackUrl, key, name: type });
  const loading = loadEvent(runtime, {
    type,
    data,
    deliveryAttempt,
    identity,
    callbackUrl,
    params,
    receivedAt,
    extra: { ...decoded.extra },
    key,
    id: idOf(provider.name, id),
    trace: opened.followed?.trace,
    retentionMs: retention === undefined ? terms.retentionMs : toMs(retention, "retention"),
  });
  if (decoded.key && !decoded.warnings) return loading;
  const told = (event: LoadedEvent) => tellOfDecoded(runtime, decoded, event);
  return isPromise(loading) ? loading.then(told) : told(loading);
}

/** Tells what `decode` found, and that a handled event, which its provider may send again, has no key (any.10). */
function tellOfDecoded(runtime: Runtime, { key, warnings = [] }: Decoded, event: LoadedEvent): LoadedEvent {
  tellOnce(runtime, warnings);
  const { name, provider, warnOnce } = runtime;
  const retries = event.spec?.retries ?? provider.retries ?? true;
  if (key || !retries || event.spec?.interactive || !handlerFor(runtime, event.view.type)) return event;
  const advice = provider.keyAdvice ? `: ${provider.keyAdvice}` : "";
  warnOnce("no_key", `${name}: ${event.view.name} has no key, so it may be handled twice${advice}`);
  return event;
}

/** An event whose address may not be posted to is handled all the same: it may be answered inline (upsales.17). */
function tellOfAddress(
  { terms, tell }: Runtime,
  { callbackUrl, key, name }: { readonly callbackUrl: string; readonly key: string; readonly name: string },
): void {
  try {
    checkCallbackUrl(callbackUrl, terms(name).address);
  } catch (error) {
    tell(error, { stage: "post", key, name });
  }
}

/** An interactive event has no record; only a callback of it has one, under its address (upsales.16). */
function keyOf(
  { provider }: Runtime,
  { type, key, callbackUrl }: Decoded,
  identity: string | undefined,
): string {
  const isInteractive = Object.hasOwn(provider.events, type) && provider.events[type].interactive;
  if (isInteractive && callbackUrl) return callbackKey(callbackUrl);
  if (!isInteractive && key) checkKey(provider.name, key);
  return eventKey(isInteractive ? undefined : key, identity);
}

/** The id as text. Nothing hangs on it: one that a sender has spoilt is none, and its event is as good as any. */
function idOf(name: string, id: unknown): string | undefined {
  if (id !== undefined && typeof id !== "string" && typeof id !== "number")
    throw new TypeError(
      `${name}'s decode gave an id that is neither a text nor a number; leave out what is none`,
    );
  return isId(id) ? String(id) : undefined;
}

/** A key with a hole is the key of every event with that hole: all but the first would be taken for duplicates. */
function checkKey(name: string, key: readonly unknown[]): void {
  const hole = key.findIndex((part) => part === undefined || part === null || Number.isNaN(part));
  if (hole < 0 && key.length > 0) return;
  const what = hole < 0 ? "without a part" : `whose part ${hole} is ${String(key[hole])}`;
  throw new AnswerbackError(
    "failed",
    `${name}'s decode gave a key ${what}; leave the key out for an event that nothing tells apart`,
  );
}
