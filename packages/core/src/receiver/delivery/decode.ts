/** From an opened delivery to the events in it, each with its key, its address checked. */
import type { Reply } from "../../contract/delivery.ts";
import { toMs } from "../../contract/duration.ts";
import type { Decoded } from "../../contract/provider.ts";
import type { MaybePromise } from "../../lib/maybe-promise.ts";
import { checkCallbackUrl } from "../callback/address.ts";
import { loadEvent, type LoadedEvent } from "../event/event.ts";
import { callbackKey, eventKey } from "../record/keys.ts";
import { asMalformed } from "../refusal.ts";
import type { Runtime } from "../runtime.ts";
import type { OpenedDelivery } from "./open-delivery.ts";

/** What a delivery says: one event, a batch of them, or a reply that needs no handler. Throws `malformed`. */
export function decode(
  { provider }: Runtime,
  { route, media, headers }: OpenedDelivery,
  body: unknown,
): Decoded | readonly Decoded[] | Reply {
  const { type, params } = route;
  try {
    return provider.decode({ type, params, format: media.format, body, headers });
  } catch (error) {
    throw asMalformed(error);
  }
}

/** An event that is what its provider says it can be. Throws, or rejects with, `malformed` or `callback_url_refused`. */
export function toEvent(
  runtime: Runtime,
  decoded: Decoded,
  { params, identity, receivedAt }: OpenedDelivery,
): MaybePromise<LoadedEvent> {
  const { provider, retentionMs } = runtime;
  const { type, data, attempt, callbackUrl, retention } = decoded;
  if (typeof type !== "string") throw new TypeError(`${provider.name}'s decode gave an event without a type`);
  if (callbackUrl !== undefined) checkCallbackUrl(callbackUrl, provider.callback?.hosts ?? []);
  return loadEvent(provider, {
    type,
    data,
    attempt,
    identity,
    callbackUrl,
    params,
    receivedAt,
    extra: { ...decoded.extra },
    key: keyOf(runtime, decoded, identity),
    retentionMs: retention === undefined ? retentionMs : toMs(retention, "retention"),
  });
}

/** An interactive event has no record; only a callback of it has one, under its address (upsales.16). */
function keyOf(
  { provider }: Runtime,
  { type, key, callbackUrl }: Decoded,
  identity: string | undefined,
): string {
  const isInteractive = Object.hasOwn(provider.events, type) && provider.events[type].interactive;
  if (isInteractive && callbackUrl) return callbackKey(callbackUrl);
  return eventKey(isInteractive ? undefined : key, identity);
}
