/** Postback: a form carries the type of an event, the name of a resource, and a record of it as a JSON string. */
import { z } from "../decoding/zod.ts";
import { AnswerbackError } from "../contract/errors.ts";
import {
  schemaOptions,
  withSchemas,
  type EventsWithData,
  type OwnData,
  type SchemaOptions,
} from "../contract/event-schemas.ts";
import { isId, isTextId, textId } from "../decoding/id.ts";
import { canonicalJson, isRecord, parseJson } from "../decoding/json.ts";
import { defineProvider } from "../contract/define-provider.ts";
import type { EventSpec } from "../contract/event-spec.ts";
import type { Provider } from "../contract/provider.ts";
import { readOptions, takesAtMost } from "../contract/read-options.ts";
import type { Register, RegistrationOptions } from "../contract/registration.ts";
import { parse } from "../decoding/schema.ts";
import {
  postbackRegistration,
  type PostbackConfigBody,
  type PostbackRegistration,
} from "./postback/config.ts";
import { contactSchema, recordSchema, type Contact, type PostbackRecord } from "./postback/records.ts";

/** What {@link postback} takes. */
export interface PostbackOptions<Data extends OwnData<PostbackEvents> = {}> extends SchemaOptions<
  PostbackEvents,
  Data
> {}

type Registering = Register<RegistrationOptions & PostbackRegistration, PostbackConfigBody>;

type Verb = "create" | "update" | "delete";

/**
 * The event types of Postback: `contact.create`, and those of other resources that are known.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.2 postback.2}
 */
export type PostbackEvents = { readonly [Type in `contact.${Verb}`]: EventSpec<Contact> } & {
  readonly [
    Type in `${"transaction" | "transactionbatch" | "accountvault"}.${Verb}`
  ]: EventSpec<PostbackRecord>;
};

const contact: EventSpec<Contact> = { data: contactSchema, sure: recordSchema };
const record: EventSpec<PostbackRecord> = { data: recordSchema };

const events: PostbackEvents = {
  "contact.create": contact,
  "contact.update": contact,
  "contact.delete": { ...contact, deletes: true },
  "transaction.create": record,
  "transaction.update": record,
  "transaction.delete": { ...record, deletes: true },
  "transactionbatch.create": record,
  "transactionbatch.update": record,
  "transactionbatch.delete": { ...record, deletes: true },
  "accountvault.create": record,
  "accountvault.update": record,
  "accountvault.delete": { ...record, deletes: true },
};

const envelope = z.looseObject({
  type: z.enum(["CREATE", "UPDATE", "DELETE"]),
  resource: textId,
  number_of_attempts: z.custom<string | number>(isAttempt, "must have 1 to 4 digits").nullish(),
  data: z.unknown(),
});

/**
 * The provider Postback, for `createReceiver`.
 *
 * @throws OptionError `unknown` for an option that there is not; for `schema` `invalid`; for `data` `unknown`, `missing` or
 *   `invalid`.
 * @example
 * createReceiver(postback(), {
 *   authenticate: basicAuth({ username: "hook", password: process.env.POSTBACK_PASSWORD }),
 *   handle: { "contact.create": ({ data }) => save(data.id, data.last_name) },
 * });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.1 postback.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.5 postback.5}
 */
export function postback<Data extends OwnData<PostbackEvents> = {}>(
  options: PostbackOptions<Data> = {},
): Provider<EventsWithData<PostbackEvents, Data>, {}, Registering> {
  takesAtMost(1, "postback", arguments);
  const schemas = readOptions("postback", options, schemaOptions);
  return defineProvider<any, {}, Registering>({
    name: "postback",
    accepts: ["form", "json"],
    events: withSchemas("postback", events, schemas),
    retention: "7d",
    retryWindow: "5d",
    registration: postbackRegistration,
    decode({ body }) {
      const { type, resource, number_of_attempts: attempt, data: given } = parse(envelope, body);
      const data = recordIn(given);
      const content = newestChange(data) ?? [
        "data",
        typeof given === "string" ? given : canonicalJson(given),
      ];
      return {
        type: `${resource}.${type.toLowerCase()}`,
        data,
        key: [resource, type, data.id, ...content],
        id: data.id,
        deliveryAttempt: attempt == null ? undefined : Number(attempt),
      };
    },
  });
}

/**
 * The record in `data`. Only its `id` is checked here; the schema of the event type checks the rest.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.2 postback.2}
 */
function recordIn(given: unknown): PostbackRecord {
  const data = typeof given === "string" ? parseData(given) : given;
  // the good way, without a copy of the record
  if (isRecord(data) && isTextId(data["id"])) return data as PostbackRecord;
  return parse(recordSchema, data, "data");
}

function parseData(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new AnswerbackError("malformed", `data: ${(error as AnswerbackError).message}`, { cause: error });
  }
}

/**
 * Is it a `number_of_attempts`? The number counts deliveries, so it is in no key.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.1 postback.1}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.4 postback.4}
 */
function isAttempt(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 && value <= 9_999;
  return typeof value === "string" && /^\d{1,4}$/.test(value);
}

/**
 * The part of the key that names a change: the id of the newest entry in the record's change log, and of entries as new as
 * each other the last. `undefined`: the record has no such id, and its text tells changes apart.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#postback.4 postback.4}
 */
function newestChange({ changelogs }: PostbackRecord): readonly unknown[] | undefined {
  if (!Array.isArray(changelogs) || changelogs.length === 0) return undefined;
  const newest: unknown = changelogs.reduce((one: unknown, other: unknown) =>
    createdAt(other) >= createdAt(one) ? other : one,
  );
  const id = isRecord(newest) ? newest["id"] : undefined;
  return isId(id) ? ["change", id] : undefined;
}

function createdAt(entry: unknown): number {
  const at = isRecord(entry) ? entry["created_ts"] : undefined;
  return typeof at === "number" ? at : -Infinity;
}
