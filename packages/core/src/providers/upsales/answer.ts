/** What a handler of Upsales' events may return, by kind of event. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { z } from "zod";
import { isCustomReply, type CustomReply } from "../../answers.ts";
import { callbackSchema, type Callback } from "./callback.ts";
import { widgetSchema, type Widget, type WidgetRow } from "./widget.ts";

/** The reply as Upsales reads it: its callback, and whatever else the request is about. @see upsales.5 */
export interface CallbackAnswer {
  readonly callback?: Callback | undefined;
  readonly [property: string]: unknown;
}

/** What becomes of the form that somebody edits, field by field. */
export interface EditAnswer extends CallbackAnswer {
  readonly visible?: Readonly<Record<string, unknown>> | undefined;
  readonly disabled?: Readonly<Record<string, unknown>> | undefined;
  readonly updated?: Readonly<Record<string, unknown>> | undefined;
  readonly added?: Readonly<Record<string, unknown>> | undefined;
  readonly removed?: Readonly<Record<string, unknown>> | undefined;
}

/** A choice for a field. */
export interface FieldValue {
  readonly name: string;
  readonly value: unknown;
  readonly [property: string]: unknown;
}

/** Answers a run that nobody waits for. */
export type RunAnswer = CallbackAnswer | CustomReply<Callback> | undefined;
export type WidgetAnswer = Widget | CustomReply<Callback>;
export type WidgetRowAnswer = Widget | WidgetRow | readonly WidgetRow[] | CustomReply<Callback>;
export type FieldValuesAnswer = readonly FieldValue[] | CustomReply<Callback>;
export type EditedAnswer = EditAnswer | CustomReply<Callback> | undefined;
/** A string is HTML. */
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
 * Chooses by the look of the answer, since a union of schemas would build the errors of all that do not fit. Nothing to
 * say is always legal: it is the acknowledgement.
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
