/** Upsales' events: the path of each, the data that it carries, and the answers that it takes. */
import { z } from "../../decoding/zod.ts";
import { id, type Id } from "../../decoding/id.ts";
import { ifObject } from "../../decoding/schema.ts";
import type { EventSpec } from "../../contract/event-spec.ts";
import {
  editedAnswer,
  fieldValuesAnswer,
  iframeAnswer,
  notificationAnswer,
  runAnswer,
  widgetAnswer,
  widgetRowAnswer,
  type EditedAnswer,
  type FieldValuesAnswer,
  type IframeAnswer,
  type RunAnswer,
  type WidgetAnswer,
  type WidgetRowAnswer,
} from "./answer.ts";
import { userId, type UserId } from "./callback.ts";

/**
 * From event type to its path, data and answer. The interactive ones are those that somebody waits for at a screen: all
 * but `external` and the saved objects (`order.insert` and its like).
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.3 upsales.3}
 */
export interface UpsalesEvents extends EntityEvents {
  /** An app run. */
  readonly external: EventSpec<unknown, RunAnswer, "/external">;
  /** A status request; the only one that never takes a callback. */
  readonly status: EventSpec<unknown, RunAnswer, "/status">;
  /** A request for the content of an iframe: HTML. */
  readonly iframe: EventSpec<unknown, IframeAnswer, "/iframe">;
  /** A request for a widget; `params` has its name. */
  readonly widget: EventSpec<EntityData, WidgetAnswer, "/widget/:name" | "/widget/:name/:arg">;
  /** A request for a row of a widget; `params` has the name and the argument. */
  readonly widgetRow: EventSpec<EntityData, WidgetRowAnswer, "/widgetRow/:name/:arg">;
  /** The user clicked a notification: answer with a widget that displays additional information. */
  readonly notification: EventSpec<LogEntry, WidgetAnswer | undefined, "/widget/notification">;
  /** A request for the values of a field: a list. */
  readonly fieldValues: EventSpec<unknown, FieldValuesAnswer, "/fieldValues/:field">;
  /** A request to test the value of a field. */
  readonly testField: EventSpec<unknown, RunAnswer, "/testField/:field">;
  /** A user edits an order. */
  readonly "order.edit": EventSpec<EditData, EditedAnswer, "/orderedit">;
  /** A user edits an agreement. */
  readonly "agreement.edit": EventSpec<EditData, EditedAnswer, "/agreementedit">;
}

type Entity = "client" | "contact" | "order" | "agreement" | "activity" | "appointment";
type Verb = "insert" | "update" | "delete";

/** `order.insert` and its like: an object was saved or deleted. */
export type EntityEvents = {
  readonly [Type in `${Entity}.${Verb}`]: EventSpec<EntityData, RunAnswer, EntityPath<Type>>;
};

type EntityPath<Type> = Type extends `${infer Name}.${infer Done}` ? `/${Name}${Done}/:id` : never;

/** The data of a request that is about one object. */
export type EntityData =
  | {
      /** The object. */
      readonly object?: UpsalesObject;
      /** Any other field, as it was sent. */
      readonly [field: string]: unknown;
    }
  | null
  | undefined;

/** The object that a user edits, and the field that changed: `{ field: "probability", value: 80 }`. */
export type EditData =
  | {
      /** The object, as the form has it now. */
      readonly object?: UpsalesObject;
      /** The field that changed, and its value. */
      readonly current?: unknown;
      /** Any other field, as it was sent. */
      readonly [field: string]: unknown;
    }
  | null
  | undefined;

/** An order, a client and so on, with the fields that Upsales gives it. */
export type UpsalesObject =
  | {
      /** The object's Upsales id. */
      readonly id?: Id | null | undefined;
      /** Any other field, as it was sent. */
      readonly [field: string]: unknown;
    }
  | null
  | undefined;

/**
 * The log entry of the request that the notification was sent from. Dates are ISO 8601.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.13 upsales.13}
 */
export type LogEntry =
  | {
      /** The id of the entry. */
      readonly id?: Id | null | undefined;
      /** The id of your app. */
      readonly integrationId?: Id | null | undefined;
      /** The Upsales id of the user who initiated the run. */
      readonly userId?: UserId | null | undefined;
      /** The status that the callback gave the entry, else 1. */
      readonly status?: number | null | undefined;
      /** The message that the callback gave the entry. */
      readonly message?: string | null | undefined;
      /** When the request was sent. */
      readonly startDate?: string | null | undefined;
      /** When the callback came. */
      readonly callbackDate?: string | null | undefined;
      /** Any other field, as it was sent. */
      readonly [field: string]: unknown;
    }
  | null
  | undefined;

const entityData: z.ZodType<EntityData> = z
  .looseObject({ object: z.looseObject({ id: id.nullish() }).nullish() })
  .nullish();

/** What is sure of data about one object: the object's id, where there is one. */
const sureOfEntity = ifObject({ object: ifObject({ id: id.nullish() }) });

const logEntry: z.ZodType<LogEntry> = z
  .looseObject({
    id: id.nullish(),
    integrationId: id.nullish(),
    userId: userId.nullish(),
    status: z.number().nullish(),
    message: z.string().nullish(),
    startDate: z.string().nullish(),
    callbackDate: z.string().nullish(),
  })
  .nullish();

/** What is sure of a log entry: its ids, where there are some. */
const sureOfLogEntry = ifObject({
  id: id.nullish(),
  integrationId: id.nullish(),
  userId: id.nullish(),
});

const entitySpec = { data: entityData, sure: sureOfEntity };

/** The events that every app may receive; `upsales({ paths })` adds more. */
export const events: UpsalesEvents = {
  ...entityEvents(),
  external: { path: "/external", answer: runAnswer },
  status: { path: "/status", answer: runAnswer, interactive: true },
  iframe: { path: "/iframe", answer: iframeAnswer, interactive: true },
  widget: {
    path: ["/widget/:name", "/widget/:name/:arg"],
    ...entitySpec,
    answer: widgetAnswer,
    interactive: true,
  },
  widgetRow: { path: "/widgetRow/:name/:arg", ...entitySpec, answer: widgetRowAnswer, interactive: true },
  notification: {
    path: "/widget/notification",
    data: logEntry,
    sure: sureOfLogEntry,
    answer: notificationAnswer,
    interactive: true,
  },
  fieldValues: { path: "/fieldValues/:field", answer: fieldValuesAnswer, interactive: true },
  testField: { path: "/testField/:field", answer: runAnswer, interactive: true },
  "order.edit": { path: "/orderedit", ...entitySpec, answer: editedAnswer, interactive: true },
  "agreement.edit": { path: "/agreementedit", ...entitySpec, answer: editedAnswer, interactive: true },
};

function entityEvents(): EntityEvents {
  const types = ["client", "contact", "order", "agreement", "activity", "appointment"].flatMap((entity) =>
    ["insert", "update", "delete"].map((verb) => [
      `${entity}.${verb}`,
      {
        path: `/${entity}${verb}/:id`,
        ...entitySpec,
        answer: runAnswer,
        deletes: verb === "delete",
      },
    ]),
  );
  return Object.fromEntries(types);
}
