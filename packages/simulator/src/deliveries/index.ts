/** The builders of all four providers under one name. */
import type { AppInboxDeliveries } from "./app-inbox.ts";
import { appInbox } from "./app-inbox.ts";
import type { PostbackDeliveries } from "./postback.ts";
import { postback } from "./postback.ts";
import type { UphanceDeliveries } from "./uphance.ts";
import { uphance } from "./uphance.ts";
import type { UpsalesDeliveries } from "./upsales.ts";
import { upsales } from "./upsales.ts";

/**
 * Realistic deliveries, exact to the byte, from a seed; any field can be given.
 *
 * @example
 * deliveries.upsales.orderInsert({ seed: 3, mount: "/upsales" });
 * deliveries.appInbox.list({ count: 1_000, auth: { username: "inbox", password: "secret" } });
 */
export const deliveries: {
  /** App requests, by their path. */
  readonly upsales: UpsalesDeliveries;
  /** Webhooks, by their event. */
  readonly uphance: UphanceDeliveries;
  /** One message, or a list. */
  readonly appInbox: AppInboxDeliveries;
  /** Postbacks, by their resource and type. */
  readonly postback: PostbackDeliveries;
} = { upsales, uphance, appInbox, postback };
