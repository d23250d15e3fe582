/** From an opened delivery to the events in it, each keyed and its address checked. */
import { checkCallbackUrl } from "../../callback-url.ts";
import type { Reply } from "../../delivery.ts";
import { toMs } from "../../duration.ts";
import type { Decoded } from "../../provider.ts";
import type { Soon } from "../../soon.ts";
import { inHand, type EventInHand, type StoredEvent } from "../event/event.ts";
import { callbackKey, eventKey } from "../event/keys.ts";
import type { OpenedDelivery } from "./open-delivery.ts";
import { asMalformed } from "../event/refusal.ts";
import type { Route } from "./route.ts";
import type { Runtime } from "../runtime.ts";

/** An authenticated delivery. */
export interface Admitted {
  readonly opened: OpenedDelivery;
  readonly route: Route;
  readonly identity: string | undefined;
}

/** What a delivery says: one event, a batch of them, or a reply that needs no handler. Throws `malformed`. */
export function decode(
  { provider }: Runtime,
  { opened, route }: Admitted,
  body: unknown,
): Decoded | readonly Decoded[] | Reply {
  const { type, params } = route;
  const { format } = opened.media;
  try {
    return provider.decode({ type, params, format, body, headers: opened.headers });
  } catch (error) {
    throw asMalformed(error);
  }
}

/** An event that is what its provider says it can be. Throws `malformed` or `callback_url_refused`. */
export function admit(
  runtime: Runtime,
  decoded: Decoded,
  { opened, route, identity }: Admitted,
): Soon<EventInHand> {
  const { provider } = runtime;
  const { type, data, attempt, callbackUrl, retention } = decoded;
  if (typeof type !== "string") throw new TypeError(`${provider.name}'s decode gave an event without a type`);
  if (callbackUrl !== undefined) checkCallbackUrl(callbackUrl, provider.callback?.hosts ?? []);
  const stored: StoredEvent = {
    type,
    data,
    attempt,
    identity,
    callbackUrl,
    params: route.params,
    receivedAt: opened.receivedAt,
    extra: { ...decoded.extra },
    key: keyOf(runtime, decoded, identity),
    retentionMs: retention === undefined ? runtime.retentionMs : toMs(retention, "retention"),
  };
  return inHand(provider, stored);
}

/** What a person waits on has no record of its own: only a callback of it has one, under its address (upsales.16). */
function keyOf(
  { provider }: Runtime,
  { type, key, callbackUrl }: Decoded,
  identity: string | undefined,
): string {
  const person = Object.hasOwn(provider.events, type) && provider.events[type].person;
  return person && callbackUrl ? callbackKey(callbackUrl) : eventKey(person ? undefined : key, identity);
}
