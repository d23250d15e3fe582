/** A delivery made ready for a receiver in another process: to its place, and with an address that nobody has. */
import { protocols, type AnyDelivery, type Protocol, type RawDelivery } from "@answerback/simulator";
import { hostAlone } from "../print/secrets.ts";
import type { Chosen } from "../providers/index.ts";
import type { Making } from "../providers/provider.ts";
import type { Place } from "./options.ts";

/** How a delivery is sent, signed and concluded: as it says itself, or as its provider, one of the four, does. */
export function protocolOf(delivery: AnyDelivery): Protocol {
  const four: Readonly<Record<string, Protocol>> = protocols();
  return delivery.protocol ?? four[delivery.provider]!;
}

/** Makes the delivery of an event for a place. */
export function outgoing({ build, given }: Chosen, making: Making, { query }: Place): RawDelivery {
  const delivery = withQuery(build(making, given), query);
  const address = addressIn(delivery);
  if (address === undefined) return delivery;
  const nowhere = nobodysAddress(address);
  // what is signed in the body is signed over the address, so it is made again with the other one
  const signedInBody = delivery.provider === "sns";
  return signedInBody
    ? withQuery(build({ ...making, fields: { ...making.fields, SubscribeURL: nowhere } }, given), query)
    : { ...delivery, body: replaced(delivery.body, address, nowhere) };
}

/** The address for callbacks in a delivery; `undefined`: there is none. */
export function addressIn(delivery: AnyDelivery): string | undefined {
  return protocolOf(delivery).callback?.urlOf(delivery);
}

/** What is told of the address for callbacks: its host, and that it is nobody's. */
export function aboutAddress(delivery: AnyDelivery): string | undefined {
  const address = addressIn(delivery);
  return address === undefined ? undefined : hostAlone(address);
}

/** A name below the provider's own host, so that the receiver takes it; no such name is there, so nothing can arrive. */
function nobodysAddress(address: string): string {
  const url = new URL(address);
  // Discord's address is no part of what it sends: the receiver makes it, of a token
  if (url.hostname === "discord.com") return address;
  url.hostname = `nobody.${url.hostname}`;
  return url.href;
}

function replaced(body: string, address: string, by: string): string {
  return body.replaceAll(address, by).replaceAll(encodeURIComponent(address), encodeURIComponent(by));
}

function withQuery(delivery: RawDelivery, query: string): RawDelivery {
  if (query === "") return delivery;
  return { ...delivery, path: `${delivery.path}${delivery.path.includes("?") ? "&" : "?"}${query}` };
}
