/** What a handler of an Upsales event may return, by kind of event. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { z } from "../../decoding/zod.ts";
import { isCustomReply, type CustomReply } from "../../contract/answers.ts";
import type { Misplaced } from "../../contract/mistakes.ts";
import { callbackSchema, type Callback } from "./callback.ts";
import { widgetSchema, type Widget, type WidgetRow } from "./widget.ts";

/**
 * A JSON body as Upsales reads it: the callback, and any other property that the request asks for.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.5 upsales.5}
 */
export interface CallbackAnswer {
  /** The app callback object. It goes out with the reply, or to `callbackUrl`. */
  readonly callback?: Callback | undefined;
  /** Belongs into `callback`. */
  readonly notify?: Misplaced<"callback"> | undefined;
  /** Belongs into `callback`. */
  readonly notifyUserIds?: Misplaced<"callback"> | undefined;
  /** Belongs into `callback`. */
  readonly notifyAll?: Misplaced<"callback"> | undefined;
  /** Belongs into `callback`. */
  readonly appData?: Misplaced<"callback"> | undefined;
  /** Belongs into `callback`. */
  readonly userAppData?: Misplaced<"callback"> | undefined;
  /** Any other property. It is dropped, with a warning, when the answer is late. */
  readonly [property: string]: unknown;
}

/** What becomes of the form that a user edits. Each property is by field name, as public integrations answer. */
export interface EditAnswer extends CallbackAnswer {
  /** Which fields are shown. */
  readonly visible?: Readonly<Record<string, unknown>> | undefined;
  /** Which fields cannot be changed. */
  readonly disabled?: Readonly<Record<string, unknown>> | undefined;
  /** The new values of fields. */
  readonly updated?: Readonly<Record<string, unknown>> | undefined;
  /** What is added to lists of the form. */
  readonly added?: Readonly<Record<string, unknown>> | undefined;
  /** What is removed from lists of the form. */
  readonly removed?: Readonly<Record<string, unknown>> | undefined;
}

/** A value that a field can have, as public integrations answer: `{ name: "New", value: 1 }`. */
export interface FieldValue {
  /** The name that the user sees. */
  readonly name: string;
  /** The value that is saved. */
  readonly value: unknown;
  /** Any other property. */
  readonly [property: string]: unknown;
}

/** Answers a run, a saved object, a status request or a tested field. */
export type RunAnswer = CallbackAnswer | CustomReply<Callback> | undefined;
/** Answers the request for a widget. */
export type WidgetAnswer = Widget | CustomReply<Callback>;
/** Answers the request for a row of a widget. */
export type WidgetRowAnswer = Widget | WidgetRow | readonly WidgetRow[] | CustomReply<Callback>;
/** Answers the request for the values of a field. */
export type FieldValuesAnswer = readonly FieldValue[] | CustomReply<Callback>;
/** Answers the request about a form that a user edits. */
export type EditedAnswer = EditAnswer | CustomReply<Callback> | undefined;
/** Answers the request for the content of an iframe; a string is HTML. */
export type IframeAnswer = string | CallbackAnswer | CustomReply<Callback> | undefined;

type AnswerSchema<Answer> = StandardSchemaV1<unknown, Answer>;

const callbackAnswer = z.looseObject({ callback: callbackSchema.optional() });

export const runAnswer: AnswerSchema<RunAnswer> = answerOf(callbackAnswer);
export const editedAnswer: AnswerSchema<EditedAnswer> = answerOf(callbackAnswer);
export const widgetAnswer: AnswerSchema<WidgetAnswer> = answerOf(widgetSchema);
export const notificationAnswer: AnswerSchema<WidgetAnswer | undefined> = answerOf(widgetSchema);
export const widgetRowAnswer: AnswerSchema<WidgetRowAnswer> = answerOf(callbackAnswer, Array.isArray);
export const fieldValuesAnswer: AnswerSchema<FieldValuesAnswer> = answerOf(callbackAnswer, Array.isArray);
export const iframeAnswer: AnswerSchema<IframeAnswer> = answerOf(
  callbackAnswer,
  (answer) => typeof answer === "string",
);

/**
 * A schema that takes `undefined` (the acknowledgement), what `fits`, the handler's own reply, or what `schema` takes. It
 * chooses by the look of the answer: a union of schemas would name the errors of every form that the answer has not.
 */
function answerOf(schema: z.ZodType, fits: (answer: unknown) => boolean = () => false): AnswerSchema<any> {
  const validate = (answer: unknown): StandardSchemaV1.Result<unknown> => {
    if (answer === undefined || fits(answer)) return { value: answer };
    const custom = isCustomReply(answer);
    const checked = (custom ? callbackAnswer : schema).safeParse(answer);
    if (!checked.success) return { issues: checked.error.issues };
    return { value: custom ? answer : checked.data };
  };
  return { "~standard": { version: 1, vendor: "answerback", validate } };
}
