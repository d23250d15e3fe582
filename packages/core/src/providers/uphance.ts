/** Uphance: a webhook carries an event's name and, under the object's name, the object or only its id. */
import { z } from "../decoding/zod.ts";
import { id, idIn, isId, isTextId, type Id } from "../decoding/id.ts";
import { canonicalJson, isRecord } from "../decoding/json.ts";
import { defineProvider } from "../contract/define-provider.ts";
import type { Duration } from "../contract/duration.ts";
import {
  schemaOptions,
  withSchemas,
  type EventsWithData,
  type OwnData,
  type SchemaOptions,
} from "../contract/event-schemas.ts";
import { duration, optional } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import type { EventSpec } from "../contract/event-spec.ts";
import type { Provider } from "../contract/provider.ts";
import type { Decoded } from "../contract/provider-view.ts";
import { readOptions, takesAtMost } from "../contract/read-options.ts";
import {
  mountOptions,
  type Register,
  type Registrant,
  type RegistrationOptions,
} from "../contract/registration.ts";
import type { Warning } from "../contract/warning.ts";
import { parse } from "../decoding/schema.ts";

/** What {@link uphance} takes. */
export interface UphanceOptions<Data extends OwnData<UphanceEvents> = {}> extends SchemaOptions<
  UphanceEvents,
  Data
> {
  /**
   * For how long two equal updates of one object count as one event, where they have no `updated_at`: `"10m"`. Default: each
   * delivery is an event of its own, since an update that is handled twice does less harm than one that is lost.
   *
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.4 uphance.4}
   */
  readonly sameUpdateWithin?: Duration | undefined;
}

/**
 * The event types of Uphance, `pick_ticket.update` and thirteen more.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.2 uphance.2}
 */
export type UphanceEvents = {
  readonly [
    Type in `${"invoice" | "credit_note" | "pick_ticket" | "receiving_ticket"}.${"create" | "update" | "delete"}`
  ]: KnownEvent;
} & { readonly [Type in `product.${"create" | "update"}`]: KnownEvent };

type KnownEvent = EventSpec<UphanceObject>;

/** The object of an event as Uphance sent it: all its fields, or its id alone. */
export interface UphanceObject {
  /** The id with which a GET request to the Uphance API retrieves more data. */
  readonly id: Id;
  /** When the object was changed last: `"2024-03-27T09:20:18.123Z"`. Tells two updates apart, as a number too. */
  readonly updated_at?: string | null | undefined;
  /** Any other field, as it was sent. */
  readonly [field: string]: unknown;
}

const envelope = z.looseObject({ event: z.custom<string>(isTextId, "must be the name of an event") });

const listed: KnownEvent = {
  data: z.looseObject({ id, updated_at: z.string().nullish() }),
  sure: z.looseObject({ id }),
};

const deletion: KnownEvent = { ...listed, deletes: true };

const events: UphanceEvents = {
  "invoice.create": listed,
  "invoice.update": listed,
  "invoice.delete": deletion,
  "credit_note.create": listed,
  "credit_note.update": listed,
  "credit_note.delete": deletion,
  "pick_ticket.create": listed,
  "pick_ticket.update": listed,
  "pick_ticket.delete": deletion,
  "receiving_ticket.create": listed,
  "receiving_ticket.update": listed,
  "receiving_ticket.delete": deletion,
  "product.create": listed,
  "product.update": listed,
};

/**
 * The provider Uphance, for `createReceiver`.
 *
 * @throws OptionError `unknown` for an option that there is not; for `sameUpdateWithin` `invalid` for what is no duration; for
 *   `schema` `invalid`; for `data` `unknown`, `missing` or `invalid`.
 * @example
 * createReceiver(uphance(), {
 *   authenticate: urlSecret(process.env.UPHANCE_SECRET),
 *   handle: { "pick_ticket.update": ({ data }) => ship(data.id) },
 * });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.1 uphance.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.6 uphance.6}
 */
export function uphance<Data extends OwnData<UphanceEvents> = {}>(
  options: UphanceOptions<Data> = {},
): Provider<EventsWithData<UphanceEvents, Data>, {}, Register<RegistrationOptions, UphanceRegistration>> {
  takesAtMost(1, "uphance", arguments);
  const known = { sameUpdateWithin: optional(duration), ...schemaOptions };
  const chosen = withSchemas("uphance", events, readOptions("uphance", options, known));
  const { sameUpdateWithin } = options;
  return defineProvider<any, {}, Register<RegistrationOptions, UphanceRegistration>>({
    name: "uphance",
    accepts: ["json"],
    untyped: "json",
    events: chosen,
    retention: "72h",
    retryWindow: "48h",
    httpsOnly: true,
    keyAdvice: 'uphance({ sameUpdateWithin: "10m" }) takes equal updates without updated_at for one event',
    registration: uphanceRegistration,
    decode({ body }) {
      const { event, ...fields } = parse(envelope, body);
      const [, name = event, verb] = /^(.+)_(create|update|delete)$/.exec(event) ?? [];
      const type = `${name}.${verb}`;
      const object = objectOf(name, fields);
      const spec = Object.hasOwn(chosen, type) ? chosen[type as keyof UphanceEvents] : undefined;
      const isOdd = spec?.sure !== undefined && hasUnknownShape(name, fields);
      return {
        type: spec && !isOdd ? type : event,
        data: object,
        id: idIn(object, "id"),
        ...keyOf(event, object),
        ...(verb === "update" && sameUpdate(event, object, sameUpdateWithin)),
        ...(isOdd && { warnings: [unknownShape(event, name)] }),
      };
    },
  });
}

/**
 * The value under the object's name, or, in the flat form `{ event, id }`, all fields but `event`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.1 uphance.1}
 */
function objectOf(name: string, fields: Readonly<Record<string, unknown>>): unknown {
  const value = Object.hasOwn(fields, name) ? fields[name] : fields;
  return isId(value) ? { id: value } : value;
}

/**
 * Has it fields, but none that the object or its id is known to stand in? Then the event goes to `"*"`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.2 uphance.2}
 */
function hasUnknownShape(name: string, fields: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(fields).length > 0 && !Object.hasOwn(fields, name) && !Object.hasOwn(fields, "id");
}

function unknownShape(event: string, name: string): Warning {
  const message = `${event}: expected ${name} or id, and neither is there; the event goes to "*", with what there is`;
  return { code: "schema_drift", message };
}

/**
 * The key of an event; none for an update without `updated_at`.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.4 uphance.4}
 */
function keyOf(event: string, object: unknown): Pick<Decoded, "key"> {
  if (!isRecord(object) || !isId(object["id"])) return {};
  const { id: given, updated_at: updatedAt } = object;
  if (isTime(updatedAt)) return { key: [event, given, updatedAt] };
  return /_(create|delete)$/.test(event) ? { key: [event, given] } : {};
}

/**
 * The key of an update without `updated_at`, where the option asks for one.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.4 uphance.4}
 */
function sameUpdate(
  event: string,
  object: unknown,
  retention: Duration | undefined,
): Pick<Decoded, "key" | "retention"> {
  if (!retention || !isRecord(object) || isTime(object["updated_at"])) return {};
  return { key: [event, canonicalJson(object)], retention };
}

/** Uphance sends a text; a number would tell two updates apart as well. */
function isTime(updatedAt: unknown): boolean {
  return isTextId(updatedAt) || Number.isFinite(updatedAt);
}

/**
 * What to paste into Uphance. It holds the secret.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.3 register.3}
 */
export interface UphanceRegistration {
  /** The webhook URL, with its secret. */
  readonly url: string;
  /** Where to paste it. */
  readonly where: "Apps > Uphance API > New Webhook";
  /** The events to choose there, under Uphance's own names: those that the receiver handles. */
  readonly events: readonly string[];
}

/**
 * The registration of a receiver with Uphance.
 *
 * @throws OptionError `unknown` for an option that there is not, `invalid` for an address that is not https.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.3 register.3}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#uphance.5 uphance.5}
 */
export function uphanceRegistration(
  registrant: Registrant,
  options: RegistrationOptions,
): UphanceRegistration {
  readOptions("registration", options, mountOptions);
  const { url, handles } = registrant;
  if (!url.startsWith("https:"))
    throw new OptionError("registration: url", "invalid", "Uphance sends to https addresses only");
  const handled = Object.keys(events).filter(handles);
  return {
    url,
    where: "Apps > Uphance API > New Webhook",
    events: handled.map((type) => type.replace(".", "_")),
  };
}
