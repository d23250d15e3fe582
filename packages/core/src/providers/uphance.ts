/** Uphance's webhooks: an event name, and the object, or only its id, under a key of that name. */
import { z } from "zod";
import { id, isId, isTextId, type Id } from "../decoding/id.ts";
import { canonicalJson, isRecord } from "../decoding/json.ts";
import { toMs, type Duration } from "../duration.ts";
import type { Registrant } from "../registration.ts";
import { defineProvider, type Decoded, type EventSpec, type Provider } from "../provider.ts";
import { OptionError } from "../option-error.ts";

/** What {@link uphance} takes. */
export interface UphanceOptions {
  /**
   * For how long two updates of one object that say the same, neither with an `updated_at`, count as one. Default: they
   * never do, since handling one twice is harmless and losing one is not.
   */
  readonly sameUpdateWithin?: Duration | undefined;
}

/** From event type to its data: `pick_ticket.update`. @see uphance.2 */
export type UphanceEvents = {
  readonly [
    Type in `${"invoice" | "credit_note" | "pick_ticket" | "receiving_ticket"}.${"create" | "update" | "delete"}`
  ]: KnownEvent;
} & { readonly [Type in `product.${"create" | "update"}`]: KnownEvent };

type KnownEvent = EventSpec<UphanceObject>;

/** The object as Uphance sent it: all its fields, or its id alone. */
export interface UphanceObject {
  readonly id: Id;
  readonly updated_at?: string | null | undefined;
  readonly [field: string]: unknown;
}

const envelope = z.looseObject({ event: z.custom<string>(isTextId, "must be the name of an event") });

const known: KnownEvent = { data: z.looseObject({ id, updated_at: z.string().nullish() }) };

const deletion: KnownEvent = { ...known, deletes: true };

const events: UphanceEvents = {
  "invoice.create": known,
  "invoice.update": known,
  "invoice.delete": deletion,
  "credit_note.create": known,
  "credit_note.update": known,
  "credit_note.delete": deletion,
  "pick_ticket.create": known,
  "pick_ticket.update": known,
  "pick_ticket.delete": deletion,
  "receiving_ticket.create": known,
  "receiving_ticket.update": known,
  "receiving_ticket.delete": deletion,
  "product.create": known,
  "product.update": known,
};

/**
 * Uphance, for `createReceiver`.
 *
 * @throws OptionError when `sameUpdateWithin` is not a duration.
 * @example
 * createReceiver(uphance(), {
 *   authenticate: urlSecret(process.env.UPHANCE_SECRET),
 *   handle: { "pick_ticket.update": ({ data }) => ship(data.id) },
 * });
 * @see uphance.1 to uphance.6
 */
export function uphance({ sameUpdateWithin }: UphanceOptions = {}): Provider<
  UphanceEvents,
  {},
  typeof uphanceRegistration
> {
  if (sameUpdateWithin !== undefined) toMs(sameUpdateWithin, "uphance: sameUpdateWithin");
  return defineProvider({
    name: "uphance",
    accepts: ["json"],
    events,
    retention: "72h",
    retryWindow: "48h",
    httpsOnly: true,
    registration: uphanceRegistration,
    decode({ body }) {
      const { event, ...fields } = envelope.parse(body);
      const [, name = event, verb] = /^(.+)_(create|update|delete)$/.exec(event) ?? [];
      const type = `${name}.${verb}`;
      const object = objectOf(name, fields);
      return {
        type: Object.hasOwn(events, type) ? type : event,
        data: object,
        ...keyOf(event, object),
        ...(verb === "update" && sameUpdate(event, object, sameUpdateWithin)),
      };
    },
  });
}

/** What stands under the object's name; in the flat form `{ event, id }` the object is all but the event. @see uphance.1 */
function objectOf(name: string, fields: Readonly<Record<string, unknown>>): unknown {
  const value = Object.hasOwn(fields, name) ? fields[name] : fields;
  return isId(value) ? { id: value } : value;
}

/** @see uphance.4 */
function keyOf(event: string, object: unknown): Pick<Decoded, "key"> {
  if (!isRecord(object) || !isId(object["id"])) return {};
  const { id: given, updated_at: updatedAt } = object;
  if (isTextId(updatedAt)) return { key: [event, given, updatedAt] };
  return /_(create|delete)$/.test(event) ? { key: [event, given] } : {};
}

function sameUpdate(
  event: string,
  object: unknown,
  retention: Duration | undefined,
): Pick<Decoded, "key" | "retention"> {
  if (!retention || !isRecord(object) || isTextId(object["updated_at"])) return {};
  return { key: [event, canonicalJson(object)], retention };
}

/** What to paste into Uphance. @see register.3 */
export interface UphanceRegistration {
  /** The address with its secret. */
  readonly url: string;
  readonly where: "Apps > Uphance API > New Webhook";
  /** The events to choose there: those that the receiver handles, under Uphance's own names. */
  readonly events: readonly string[];
}

/** Throws a TypeError for an address that Uphance does not send to. */
export function uphanceRegistration({ url, handles }: Registrant, _options: {}): UphanceRegistration {
  if (!url.startsWith("https:"))
    throw new OptionError("registration: url", "invalid", "Uphance sends to https addresses only");
  const handled = Object.keys(events).filter(handles);
  return {
    url,
    where: "Apps > Uphance API > New Webhook",
    events: handled.map((type) => type.replace(".", "_")),
  };
}
