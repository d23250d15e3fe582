/** The four senders by name. */
import { anything, readOptions, type Kinds } from "@answerback/core/provider";
import type { AppInboxBehaviour } from "./app-inbox.ts";
import { appInboxProtocol } from "./app-inbox.ts";
import type { PostbackBehaviour } from "./postback.ts";
import { postbackProtocol } from "./postback.ts";
import type { Protocol, ProviderName } from "./protocol.ts";
import type { UphanceBehaviour } from "./uphance.ts";
import { uphanceProtocol } from "./uphance.ts";
import type { UpsalesBehaviour } from "./upsales.ts";
import { upsalesProtocol } from "./upsales.ts";

/** How each provider behaves, where its page leaves it open or its configuration decides. */
export interface Behaviours {
  /** Default: one attempt, 30 s of patience. */
  readonly upsales?: UpsalesBehaviour;
  /** Default: for 48 h, after a minute that doubles up to four hours. */
  readonly uphance?: UphanceBehaviour;
  /** Default: ten attempts, a minute apart. */
  readonly appInbox?: AppInboxBehaviour;
  /** Default: five attempts, 300 s apart. */
  readonly postback?: PostbackBehaviour;
}

/** For `readOptions`: the names of {@link Behaviours}. Each protocol reads its own behaviour. */
export const behaviours: Kinds<Behaviours> = {
  upsales: anything,
  uphance: anything,
  appInbox: anything,
  postback: anything,
};

/**
 * The four senders.
 *
 * @throws OptionError for a mistake in the options: `out_of_range` when a number is out of the range that its provider takes.
 */
export function protocols(options: Behaviours = {}): Readonly<Record<ProviderName, Protocol>> {
  readOptions("protocols", options, behaviours);
  return protocolsOf(options);
}

/** {@link protocols}, from options that hold more than behaviours. */
export function protocolsOf(options: Behaviours): Readonly<Record<ProviderName, Protocol>> {
  return {
    upsales: upsalesProtocol(options.upsales),
    uphance: uphanceProtocol(options.uphance),
    appInbox: appInboxProtocol(options.appInbox),
    postback: postbackProtocol(options.postback),
  };
}
