/** Upsales' events: the path of each, what it carries, and what answers it. */
import { z } from "zod";
import { id, type Id } from "../../decoding/id.ts";
import type { EventSpec } from "../../provider.ts";
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

/** From event type to its path, data and answer. @see upsales.3 */
export interface UpsalesEvents extends EntityEvents {
  readonly external: EventSpec<unknown, RunAnswer, "/external">;
  readonly status: EventSpec<unknown, RunAnswer, "/status">;
  readonly iframe: EventSpec<unknown, IframeAnswer, "/iframe">;
  readonly widget: EventSpec<EntityData, WidgetAnswer, "/widget/:name" | "/widget/:name/:arg">;
  readonly widgetRow: EventSpec<EntityData, WidgetRowAnswer, "/widgetRow/:name/:arg">;
  readonly notification: EventSpec<LogEntry, WidgetAnswer | undefined, "/widget/notification">;
  readonly fieldValues: EventSpec<unknown, FieldValuesAnswer, "/fieldValues/:field">;
  readonly testField: EventSpec<unknown, RunAnswer, "/testField/:field">;
  readonly "order.edit": EventSpec<EditData, EditedAnswer, "/orderedit">;
  readonly "agreement.edit": EventSpec<EditData, EditedAnswer, "/agreementedit">;
}

type Entity = "client" | "contact" | "order" | "agreement" | "activity" | "appointment";
type Verb = "insert" | "update" | "delete";

/** `order.insert` and its like: something was saved. */
export type EntityEvents = {
  readonly [Type in `${Entity}.${Verb}`]: EventSpec<EntityData, RunAnswer, EntityPath<Type>>;
};

type EntityPath<Type> = Type extends `${infer Name}.${infer Done}` ? `/${Name}${Done}/:id` : never;

/** What the request is about. */
export type EntityData =
  { readonly object?: UpsalesObject; readonly [field: string]: unknown } | null | undefined;

/** What somebody edits, as it was and as it stands on the screen. */
export type EditData =
  | { readonly object?: UpsalesObject; readonly current?: unknown; readonly [field: string]: unknown }
  | null
  | undefined;

/** An order, a client, …, with the fields that Upsales gives it. */
export type UpsalesObject =
  { readonly id?: Id | null | undefined; readonly [field: string]: unknown } | null | undefined;

/** The log entry of the request that notified. @see upsales.13 */
export type LogEntry =
  | {
      readonly id?: Id | null | undefined;
      readonly integrationId?: Id | null | undefined;
      readonly userId?: Id | null | undefined;
      readonly status?: number | null | undefined;
      readonly message?: string | null | undefined;
      readonly startDate?: string | null | undefined;
      readonly callbackDate?: string | null | undefined;
      readonly [field: string]: unknown;
    }
  | null
  | undefined;

const entityData: z.ZodType<EntityData> = z
  .looseObject({ object: z.looseObject({ id: id.nullish() }).nullish() })
  .nullish();

const logEntry: z.ZodType<LogEntry> = z
  .looseObject({
    id: id.nullish(),
    integrationId: id.nullish(),
    userId: id.nullish(),
    status: z.number().nullish(),
    message: z.string().nullish(),
    startDate: z.string().nullish(),
    callbackDate: z.string().nullish(),
  })
  .nullish();

/** @see UpsalesEvents */
export const events: UpsalesEvents = {
  ...entityEvents(),
  external: { path: "/external", answer: runAnswer },
  status: { path: "/status", answer: runAnswer, person: true },
  iframe: { path: "/iframe", answer: iframeAnswer, person: true },
  widget: {
    path: ["/widget/:name", "/widget/:name/:arg"],
    data: entityData,
    answer: widgetAnswer,
    person: true,
  },
  widgetRow: { path: "/widgetRow/:name/:arg", data: entityData, answer: widgetRowAnswer, person: true },
  notification: { path: "/widget/notification", data: logEntry, answer: notificationAnswer, person: true },
  fieldValues: { path: "/fieldValues/:field", answer: fieldValuesAnswer, person: true },
  testField: { path: "/testField/:field", answer: runAnswer, person: true },
  "order.edit": { path: "/orderedit", data: entityData, answer: editedAnswer, person: true },
  "agreement.edit": { path: "/agreementedit", data: entityData, answer: editedAnswer, person: true },
};

function entityEvents(): EntityEvents {
  const types = ["client", "contact", "order", "agreement", "activity", "appointment"].flatMap((entity) =>
    ["insert", "update", "delete"].map((verb) => [
      `${entity}.${verb}`,
      {
        path: `/${entity}${verb}/:id`,
        data: entityData,
        answer: runAnswer,
        deletes: verb === "delete",
      },
    ]),
  );
  return Object.fromEntries(types);
}
