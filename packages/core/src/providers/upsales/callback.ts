/** Upsales' app callback object: what it may hold, and which callbacks are probably not as they were meant. */
import { z } from "../../decoding/zod.ts";
import { id } from "../../decoding/id.ts";
import { isPlain } from "../../decoding/json.ts";
import type { Warning } from "../../contract/warning.ts";

declare const sent: unique symbol;

/**
 * The Upsales id of a user: a number, or whatever Upsales sent as one. A text of your own is none, which the compiler says.
 */
export type UserId = number | (string & { readonly [sent]: true });

/**
 * An app callback object. Every property is optional, `{}` is legal, and nothing is filled in.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.11 upsales.11}
 */
export interface Callback {
  /** A status for the request's log entry. Upsales takes 1 where there is none. */
  readonly status?: number | undefined;
  /** A message to the request's log entry. */
  readonly message?: string | undefined;
  /** App data to save for this customer; Upsales sends it in future requests. */
  readonly appData?: Readonly<Record<string, unknown>> | undefined;
  /** Same as `appData`, but scoped to the user. Only available if your app is set to `userConfigurable`. */
  readonly userAppData?: Readonly<Record<string, unknown>> | undefined;
  /**
   * The text of an in-app notification. The recipient is the user who initiated the run, unless `notifyUserIds` or
   * `notifyAll` override that.
   */
  readonly notify?: string | undefined;
  /** The Upsales ids of the users who receive the notification. */
  readonly notifyUserIds?: readonly UserId[] | undefined;
  /** Send the notification to every user of this account. */
  readonly notifyAll?: boolean | undefined;
}

/** The schema of {@link UserId}: any id, since the compiler alone can tell where a text comes from. */
export const userId: z.ZodType<UserId> = id as z.ZodType<UserId>;

/** A promise that was not awaited would pass for an empty callback, and spend the one use of the address. */
const plainObject = z.custom<object>(isPlain, "must be a plain object");

/** Strict, since Upsales would ignore a misspelt field silently. */
export const callbackSchema: z.ZodType<Callback> = plainObject.pipe(
  z.strictObject({
    status: z.number().optional(),
    message: z.string().optional(),
    appData: z.record(z.string(), z.unknown()).optional(),
    userAppData: z.record(z.string(), z.unknown()).optional(),
    notify: z.string().optional(),
    notifyUserIds: z.array(userId).readonly().optional(),
    notifyAll: z.boolean().optional(),
  }),
);

/** Fields of a callback that an answer has for nothing else. Its own `status` and `message` may be meant as they stand. */
const onlyInCallbacks = ["notify", "notifyUserIds", "notifyAll", "appData", "userAppData"];

/**
 * Warnings of an answer without a callback: fields beside it that belong into one.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.12 upsales.12}
 */
export function misplacedIn(answer: Readonly<Record<string, unknown>>): readonly Warning[] {
  const fields = onlyInCallbacks.filter((field) => answer[field] !== undefined);
  if (fields.length === 0) return [];
  const message = `${fields.join(", ")}: Upsales reads this in a callback alone; return { callback: { ${fields.join(", ")} } }`;
  return [{ code: "callback_misplaced", message }];
}

/**
 * Warnings of what a callback cannot do for a run without a user.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.12 upsales.12}
 */
export function warningsFor(callback: Callback, user: unknown): readonly Warning[] {
  if (user) return [];
  const warnings: Warning[] = [];
  if (callback.notify !== undefined && !callback.notifyAll && !callback.notifyUserIds?.length) {
    const message =
      "notify reaches nobody: the run has no user, and the callback no notifyUserIds or notifyAll";
    warnings.push({ code: "notify_without_recipient", message });
  }
  if (callback.userAppData !== undefined) {
    warnings.push({
      code: "user_app_data_without_user",
      message: "userAppData belongs to nobody: the run has no user",
    });
  }
  return warnings;
}
