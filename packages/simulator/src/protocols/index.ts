/** The four senders by name. */
import type { ProviderName } from "../deliveries/delivery.ts";
import type { AppInboxBehaviour } from "./app-inbox.ts";
import { appInboxProtocol } from "./app-inbox.ts";
import type { PostbackBehaviour } from "./postback.ts";
import { postbackProtocol } from "./postback.ts";
import type { Protocol } from "./protocol.ts";
import type { UphanceBehaviour } from "./uphance.ts";
import { uphanceProtocol } from "./uphance.ts";
import type { UpsalesBehaviour } from "./upsales.ts";
import { upsalesProtocol } from "./upsales.ts";

/** How each provider behaves, where its page leaves it open or its configuration decides. */
export interface Behaviours {
  readonly upsales?: UpsalesBehaviour;
  readonly uphance?: UphanceBehaviour;
  readonly appInbox?: AppInboxBehaviour;
  readonly postback?: PostbackBehaviour;
}

/** The four senders. */
export function protocols(behaviours: Behaviours = {}): Readonly<Record<ProviderName, Protocol>> {
  return {
    upsales: upsalesProtocol(behaviours.upsales),
    uphance: uphanceProtocol(behaviours.uphance),
    appInbox: appInboxProtocol(behaviours.appInbox),
    postback: postbackProtocol(behaviours.postback),
  };
}
